import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import { resourceName } from '../../aws/arn';
import { placeOf } from '../files/livePlace';

export const REVISION_SCHEME = 'ecs';

/** After the name of the revision: by it the file counts as a task definition, for us and for the JSON schema. */
const SUFFIX = '.task-definition.json';

export interface RevisionPath {
  /** Which context it is in: equal for two contexts exactly when their keys are. */
  readonly place: string;
  /** `family:revision` */
  readonly name: string;
}

/**
 * The file of a revision, as `ecs:/profile/eu-central-1/web:12.task-definition.json`.
 * @param id `family:revision` or the ARN of a revision
 */
export function revisionUri(context: AwsContext, id: string): vscode.Uri {
  const path = `/${placeOf(context)}/${resourceName(id)}${SUFFIX}`;
  return vscode.Uri.from({ scheme: REVISION_SCHEME, path });
}

/** @returns `undefined` for what is not the file of a revision */
export function parseRevisionUri({ scheme, path }: vscode.Uri): RevisionPath | undefined {
  const [, place, name] =
    /^\/([^/]+\/[^/]+)\/([A-Za-z0-9_-]{1,255}:\d+)\.task-definition\.json$/.exec(path) ?? [];
  return scheme === REVISION_SCHEME && place !== undefined && name !== undefined
    ? { place, name }
    : undefined;
}
