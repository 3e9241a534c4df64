import type { ImageFailure, ImageIdentifier } from '@aws-sdk/client-ecr';
import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import type { EcrGateway, ImageDeletion } from '../../aws/ecrGateway';
import { UserError } from '../../base/errors';
import { nodeId } from '../../explorer/explorerNode';
import { shortDigest } from '../../explorer/rowText';
import type { Services } from '../services';

/** Failures in a message; how many more there are is said. */
const MOST_TOLD = 8;

/** What is to be deleted of one repository. */
export interface RepositoryDeletion {
  readonly context: AwsContext;
  readonly repository: string;
  readonly ids: readonly ImageIdentifier[];
  /** Images that were under a deleted index; they stay without a word while another index refers to them. */
  readonly members: readonly ImageIdentifier[];
}

/** Deletes, repository by repository, and has the trees show what is left. */
export async function runImageDeletion(
  services: Services,
  deletions: readonly RepositoryDeletion[],
): Promise<ImageDeletion> {
  const deleted: ImageIdentifier[] = [];
  const failures: ImageFailure[] = [];
  for (const deletion of deletions) {
    try {
      const result = await deleteOf(services.sessions.get(deletion.context).ecr, deletion);
      deleted.push(...result.deleted);
      failures.push(...result.failures);
    } finally {
      refreshImages(services, deletion.context, deletion.repository);
    }
  }
  return { deleted, failures };
}

/** Has the trees load the images of a repository anew. */
export function refreshImages({ trees }: Services, context: AwsContext, repository: string): void {
  void trees.refreshId(nodeId(context, 'repository', repository));
}

async function deleteOf(
  ecr: EcrGateway,
  { repository, ids, members }: RepositoryDeletion,
): Promise<ImageDeletion> {
  const first = await ecr.deleteImages(repository, ids);
  if (members.length === 0 || first.failures.length > 0) {
    return first;
  }
  // ECR deletes an image only once no index refers to it: these go second.
  const second = await ecr.deleteImages(repository, members);
  return {
    deleted: [...first.deleted, ...second.deleted],
    failures: second.failures.filter(
      ({ failureCode }) => failureCode !== 'ImageReferencedByManifestList' && failureCode !== 'ImageNotFound',
    ),
  };
}

/** What is told of images that ECR would not delete. */
export function deletionFailure(deleted: number, failures: readonly ImageFailure[]): UserError {
  const each = failures.map(({ imageId, failureCode, failureReason }) => {
    const name = imageId?.imageTag ?? shortDigest(imageId?.imageDigest ?? '');
    return `${name}: ${failureReason ?? failureCode ?? ''}`;
  });
  return new UserError(
    'requestRefused',
    vscode.l10n.t('Deleted {0}, could not delete {1}. {2}', deleted, failures.length, firstLines(each)),
    { action: 'openLog' },
  );
}

function firstLines(lines: readonly string[]): string {
  const more = lines.length - MOST_TOLD;
  const told = lines.slice(0, MOST_TOLD).join(' · ');
  return more > 0 ? vscode.l10n.t('{0} and {1} more', told, more) : told;
}
