import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import { isEcrRepositoryName } from '../../image/repositoryName';
import { placeOf } from '../files/livePlace';

export const POLICY_SCHEME = 'ecr';

/** What is removed when, or who may do what. */
export type PolicyKind = 'lifecycle' | 'repository';

export interface PolicyPath {
  /** Which context it is in, see `placeOf`. */
  readonly place: string;
  readonly repository: string;
  readonly kind: PolicyKind;
}

/** The file of a policy, as `ecr:/profile/eu-central-1/team/web.lifecycle-policy.json`. */
export function policyUri(context: AwsContext, repository: string, kind: PolicyKind): vscode.Uri {
  const path = `/${placeOf(context)}/${repository}.${kind}-policy.json`;
  return vscode.Uri.from({ scheme: POLICY_SCHEME, path });
}

/** @returns `undefined` for what is not the file of a policy */
export function parsePolicyUri({ scheme, path }: vscode.Uri): PolicyPath | undefined {
  const [, place, repository = '', kind] =
    /^\/([^/]+\/[^/]+)\/(.+)\.(lifecycle|repository)-policy\.json$/.exec(path) ?? [];
  return scheme === POLICY_SCHEME && place !== undefined && isEcrRepositoryName(repository)
    ? { place, repository, kind: kind as PolicyKind }
    : undefined;
}
