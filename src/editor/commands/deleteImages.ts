import type { ImageFailure, ImageIdentifier } from '@aws-sdk/client-ecr';
import * as vscode from 'vscode';
import { contextKey, type AwsContext } from '../../aws/context';
import type { EcrGateway, ImageDeletion } from '../../aws/ecrGateway';
import { UserError } from '../../base/errors';
import type { ImageNode } from '../../explorer/explorerNode';
import { shortDigest } from '../../explorer/rowText';
import type { WithContext } from '../contexts/contextOfAnswers';
import type { Services } from '../services';
import { confirm, pick, type Choice } from '../ui/prompts';
import { reportError } from '../ui/reportError';
import { readArguments, readNode } from './commandArguments';
import { readOrPickNode } from './pickNode';
import { readContext } from './readContext';

export interface DeleteImagesAnswers extends WithContext {
  readonly repository?: string;
  /** Each a tag, which is taken away (and the image with its last tag), or a digest: the image with all its tags. */
  readonly imageIds?: readonly ImageIdentifier[];
  /** True stands for the user's yes. */
  readonly confirm?: boolean;
}

/** What is to be deleted of one repository. */
interface Deletion {
  readonly context: AwsContext;
  readonly repository: string;
  readonly ids: readonly ImageIdentifier[];
  /** Images that were under a deleted index; they stay without a word while another index refers to them. */
  readonly members: readonly ImageIdentifier[];
}

/**
 * "Delete Image...": on one image or on all that are selected, or what `DeleteImagesAnswers` name. Asks first,
 * and shows each failure that ECR reports. Resolves to `{deleted, failures}`.
 */
export async function deleteImages(
  services: Services,
  argument?: unknown,
  selection?: unknown,
): Promise<ImageDeletion> {
  const answers = readArguments<DeleteImagesAnswers>(argument);
  const deletions =
    answers.repository !== undefined && answers.imageIds
      ? [await readDeletion(services, argument, answers.repository, answers.imageIds, answers.confirm)]
      : await askWhatToDelete(await readImages(services, argument, selection));
  const deleted: ImageIdentifier[] = [];
  const failures: ImageFailure[] = [];
  for (const deletion of deletions) {
    try {
      const result = await runDeletion(services.sessions.get(deletion.context).ecr, deletion);
      deleted.push(...result.deleted);
      failures.push(...result.failures);
    } finally {
      void services.trees.refreshMatching(
        deletion.context,
        (node) => node.kind === 'repository' && node.name === deletion.repository,
      );
    }
  }
  if (failures.length > 0) {
    const retry = (): void =>
      void vscode.commands.executeCommand('awsContainers.image.delete', argument, selection);
    reportError(failureReport(deleted, failures), services.log, retry);
  }
  return { deleted, failures };
}

async function readImages(services: Services, argument: unknown, selection: unknown): Promise<ImageNode[]> {
  const selected = Array.isArray(selection) ? selection.flatMap((node) => readNode(node, 'image') ?? []) : [];
  return selected.length > 1
    ? selected
    : [await readOrPickNode(services, argument, 'image', vscode.l10n.t('Delete Image'))];
}

async function readDeletion(
  services: Services,
  argument: unknown,
  repository: string,
  ids: readonly ImageIdentifier[],
  confirmed: boolean | undefined,
): Promise<Deletion> {
  const context = await readContext(services, argument);
  if (confirmed !== true) {
    const names = ids.map(({ imageTag, imageDigest = '' }) => imageTag ?? shortDigest(imageDigest));
    await confirm(
      vscode.l10n.t('Delete from {0}: {1}?', repository, names.join(', ')),
      vscode.l10n.t('Delete'),
    );
  }
  return { context, repository, ids, members: [] };
}

async function askWhatToDelete(images: readonly ImageNode[]): Promise<readonly Deletion[]> {
  const [image] = images;
  if (image && images.length === 1 && image.tags.length > 1) {
    const ids = await chooseTags(image);
    if (ids) {
      return [{ context: image.context, repository: image.repositoryName, ids, members: [] }];
    }
  } else {
    await confirmImages(images);
  }
  const byRepository = new Map<string, ImageNode[]>();
  for (const node of images) {
    const key = JSON.stringify([contextKey(node.context), node.repositoryName]);
    byRepository.set(key, [...(byRepository.get(key) ?? []), node]);
  }
  return [...byRepository.values()].flatMap((nodes) => (nodes[0] ? [deletionOf(nodes[0], nodes)] : []));
}

function deletionOf({ context, repositoryName }: ImageNode, nodes: readonly ImageNode[]): Deletion {
  return {
    context,
    repository: repositoryName,
    ids: nodes.map(({ digest }) => ({ imageDigest: digest })),
    members: nodes.flatMap(({ members = [] }) =>
      members.filter(({ tags }) => tags.length === 0).map(({ digest }) => ({ imageDigest: digest })),
    ),
  };
}

/** @returns the tags to take away, or `undefined` when the whole image is to go */
async function chooseTags(image: ImageNode): Promise<readonly ImageIdentifier[] | undefined> {
  const whole: Choice<readonly ImageIdentifier[] | undefined> = {
    label: vscode.l10n.t('Delete the image with its {0} tags', image.tags.length),
    description: shortDigest(image.digest),
    detail: image.tags.join(', '),
    iconPath: new vscode.ThemeIcon('trash'),
    value: undefined,
  };
  const tags = image.tags.map((imageTag): Choice<readonly ImageIdentifier[] | undefined> => ({
    label: vscode.l10n.t('Remove only the tag {0}', imageTag),
    iconPath: new vscode.ThemeIcon('tag'),
    value: [{ imageTag }],
  }));
  const chosen = await pick([whole, ...tags], {
    title: vscode.l10n.t('Delete from {0}', image.repositoryName),
  });
  if (!chosen) {
    await confirmImages([image]);
  }
  return chosen;
}

async function confirmImages(images: readonly ImageNode[]): Promise<void> {
  const [image] = images;
  const question =
    image && images.length === 1
      ? vscode.l10n.t('Delete the image {0} from {1}?', nameOf(image), image.repositoryName)
      : vscode.l10n.t('Delete {0} images?', images.length);
  const lines = images.map((node) => `${node.repositoryName}: ${nameOf(node)}`);
  const detail = [
    ...(images.length > 1 ? lines : []),
    vscode.l10n.t('Tasks that start later cannot pull what is deleted. It cannot be had back.'),
  ];
  await confirm(question, vscode.l10n.t('Delete'), detail.join('\n'));
}

function nameOf({ tags, digest }: ImageNode): string {
  return tags.join(', ') || shortDigest(digest);
}

async function runDeletion(ecr: EcrGateway, { repository, ids, members }: Deletion): Promise<ImageDeletion> {
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

function failureReport(deleted: readonly ImageIdentifier[], failures: readonly ImageFailure[]): UserError {
  const each = failures.map(({ imageId, failureCode, failureReason }) => {
    const name = imageId?.imageTag ?? shortDigest(imageId?.imageDigest ?? '');
    return `${name}: ${failureReason ?? failureCode ?? ''}`;
  });
  return new UserError(
    'requestRefused',
    vscode.l10n.t(
      'Deleted {0}, could not delete {1}. {2}',
      deleted.length,
      failures.length,
      each.join(' · '),
    ),
    { action: 'openLog' },
  );
}
