import type { ImageIdentifier } from '@aws-sdk/client-ecr';
import * as vscode from 'vscode';
import { contextKey, type AwsContext } from '../../aws/context';
import type { ImageDeletion } from '../../aws/ecrGateway';
import { UserError } from '../../base/errors';
import type { ImageNode } from '../../explorer/explorerNode';
import { shortDigest } from '../../explorer/rowText';
import type { WithContext } from '../contexts/contextOfAnswers';
import type { Services } from '../services';
import { pick, type Choice } from '../ui/prompts';
import { reportError } from '../ui/reportError';
import { readArguments, readNode } from './commandArguments';
import {
  confirmImageDeletion,
  nameOfImage,
  usersOfImage,
  type DeletionCandidate,
} from './confirmImageDeletion';
import { findChosenImages } from './findChosenImages';
import { lookForImageUse, refuseUntold, type KnownUse } from './lookForImageUse';
import { readOrPickNode } from './pickNode';
import { readContext } from './readContext';
import { confirmTagRemoval, deletionOfTag, tagChoices } from './tagRemoval';
import { deletionFailure, runImageDeletion, type RepositoryDeletion } from './runImageDeletion';

export interface DeleteImagesAnswers extends WithContext {
  readonly repository?: string;
  /** Each a tag, which is taken away (and the image with its last tag), or a digest: the image with all its tags. */
  readonly imageIds?: readonly ImageIdentifier[];
  /** True stands for the user's yes to delete what is not in use. */
  readonly confirm?: boolean;
  /** True deletes also what is in use, which is then not looked for. */
  readonly force?: boolean;
}

/** What stayed because something uses it. */
export interface ImageInUse extends ImageIdentifier {
  /** In words, as "service demo/web". */
  readonly usedBy: readonly string[];
}

export interface DeleteImagesResult extends ImageDeletion {
  readonly inUse: readonly ImageInUse[];
}

/**
 * "Delete Image...": on one image or on all that are selected, or what `DeleteImagesAnswers` name. Looks first for
 * what uses them, which stays unless the user insists; asks; and shows each failure that ECR reports.
 */
export async function deleteImages(
  services: Services,
  argument?: unknown,
  selection?: unknown,
): Promise<DeleteImagesResult> {
  const answers = readArguments<DeleteImagesAnswers>(argument);
  const { repository, imageIds } = answers;
  const chosen =
    repository !== undefined && imageIds
      ? await deletionOfAnswers(services, argument, { ...answers, repository, imageIds })
      : await deletionOfNodes(services, await readImages(services, argument, selection));
  const { deleted, failures } = await runImageDeletion(services, chosen.deletions);
  if (failures.length > 0) {
    const retry = (): void =>
      void vscode.commands.executeCommand('awsContainers.image.delete', argument, selection);
    reportError(deletionFailure(deleted.length, failures), services.log, retry);
  }
  return { deleted, failures, inUse: chosen.inUse };
}

interface ChosenDeletion {
  readonly deletions: readonly RepositoryDeletion[];
  readonly inUse: readonly ImageInUse[];
}

async function readImages(services: Services, argument: unknown, selection: unknown): Promise<ImageNode[]> {
  const selected = Array.isArray(selection) ? selection.flatMap((node) => readNode(node, 'image') ?? []) : [];
  return selected.length > 1
    ? selected
    : [await readOrPickNode(services, argument, 'image', vscode.l10n.t('Delete Image'))];
}

async function deletionOfAnswers(
  services: Services,
  argument: unknown,
  {
    repository,
    imageIds,
    confirm: confirmed,
    force,
  }: DeleteImagesAnswers & Required<Pick<DeleteImagesAnswers, 'repository' | 'imageIds'>>,
): Promise<ChosenDeletion> {
  const context = await readContext(services, argument);
  const deletion = (ids: readonly ImageIdentifier[]): RepositoryDeletion => ({
    context,
    repository,
    ids,
    members: [],
  });
  if (force === true && confirmed === true) {
    return { deletions: [deletion(imageIds)], inUse: [] };
  }
  const { ecr } = services.sessions.get(context);
  const { repositoryUri: uri = '' } = await ecr.repository(repository);
  const use = force === true ? [] : await lookForImageUse(services, context, { name: repository, uri });
  if (use instanceof UserError && confirmed === true) {
    throw refuseUntold(use);
  }
  const found = await findChosenImages(ecr, repository, imageIds, use);
  const candidates = found.map(({ id, users }): DeletionCandidate<ImageIdentifier> => {
    const name = id.imageTag ?? shortDigest(id.imageDigest ?? '');
    return { context, repository, name, users, value: id };
  });
  const going =
    confirmed === true
      ? candidates.filter(({ users }) => users.length === 0)
      : await confirmImageDeletion(candidates, use instanceof UserError ? [use] : []);
  return {
    deletions: going.length > 0 ? [deletion(going.map(({ value }) => value))] : [],
    inUse: candidates
      .filter((candidate) => !going.includes(candidate))
      .map(({ value, users }) => ({ ...value, usedBy: users })),
  };
}

async function deletionOfNodes(services: Services, images: readonly ImageNode[]): Promise<ChosenDeletion> {
  const groups = groupsOf(images, (node) => JSON.stringify([contextKey(node.context), node.repositoryName]));
  const candidates: DeletionCandidate<ImageNode>[] = [];
  const unknown: UserError[] = [];
  for (const nodes of groups) {
    const [first] = nodes;
    if (first) {
      const { context, repositoryName: name, repositoryUri: uri } = first;
      const use = await lookForImageUse(services, context, { name, uri });
      const tag = images.length === 1 && first.tags.length > 1 ? await chooseTag(first, use) : undefined;
      if (tag !== undefined) {
        return { deletions: [deletionOfTag(context, name, tag)], inUse: [] };
      }
      unknown.push(...(use instanceof UserError ? [use] : []));
      candidates.push(
        ...nodes.map((node) => ({
          context,
          repository: name,
          name: nameOfImage(node),
          users: usersOfImage(use, node),
          value: node,
        })),
      );
    }
  }
  const going = await confirmImageDeletion(candidates, unknown);
  const byRepository = groupsOf(going, ({ context, repository }) =>
    JSON.stringify([contextKey(context), repository]),
  );
  return {
    deletions: byRepository.flatMap((group) => {
      const [first] = group;
      return first
        ? [
            deletionOfImages(
              first,
              group.map(({ value }) => value),
            ),
          ]
        : [];
    }),
    inUse: candidates
      .filter((candidate) => !going.includes(candidate))
      .map(({ value, users }) => ({ imageDigest: value.digest, usedBy: users })),
  };
}

function deletionOfImages(
  { context, repository }: { readonly context: AwsContext; readonly repository: string },
  nodes: readonly ImageNode[],
): RepositoryDeletion {
  return {
    context,
    repository,
    ids: nodes.map(({ digest }) => ({ imageDigest: digest })),
    members: nodes.flatMap(({ members = [] }) =>
      members.filter(({ tags }) => tags.length === 0).map(({ digest }) => ({ imageDigest: digest })),
    ),
  };
}

/** @returns the tag to take away, or `undefined` when the whole image is to go */
async function chooseTag(image: ImageNode, use: KnownUse): Promise<string | undefined> {
  const whole: Choice<string | undefined> = {
    label: vscode.l10n.t('Delete the image with its {0} tags', image.tags.length),
    description: shortDigest(image.digest),
    detail: image.tags.join(', '),
    iconPath: new vscode.ThemeIcon('trash'),
    value: undefined,
  };
  const tags = tagChoices(image.tags, use, (tag) => vscode.l10n.t('Remove only the tag {0}', tag));
  const chosen = await pick([whole, ...tags], {
    title: vscode.l10n.t('Delete from {0}', image.repositoryName),
  });
  if (chosen !== undefined) {
    await confirmTagRemoval(image.repositoryName, chosen, use);
  }
  return chosen;
}

function groupsOf<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}
