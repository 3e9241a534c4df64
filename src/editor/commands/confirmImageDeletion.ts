import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import { UserError } from '../../base/errors';
import { usersInWords, usesOf } from '../../deploy/imageUse';
import type { ImageNode } from '../../explorer/explorerNode';
import { shortDigest } from '../../explorer/rowText';
import { confirm, confirmOneOf } from '../ui/prompts';
import { cannotTell, firstOf, whereItIsLooked, type KnownUse } from './lookForImageUse';

/** An image, or a tag of one, that somebody wants deleted. */
export interface DeletionCandidate<T> {
  readonly context: AwsContext;
  readonly repository: string;
  /** Tags, or the digest where there are none. */
  readonly name: string;
  /** In words; none also where it could not be told. */
  readonly users: readonly string[];
  readonly value: T;
}

/** What uses an image, in words; nothing where that cannot be told. */
export function usersOfImage(use: KnownUse, image: ImageNode): readonly string[] {
  const members = image.members?.map(({ digest }) => digest) ?? [];
  return use instanceof UserError ? [] : usersInWords(usesOf(use, { digest: image.digest, members }));
}

export function nameOfImage({ tags, digest }: Pick<ImageNode, 'tags' | 'digest'>): string {
  return tags.join(', ') || shortDigest(digest);
}

/**
 * Asks whether images are to be deleted. What is in use stays, unless the user says that all go.
 *
 * @param unknown why it cannot be told of some whether they are in use
 * @returns those that are to go
 * @throws UserError('cancelled') when none are
 */
export async function confirmImageDeletion<T>(
  candidates: readonly DeletionCandidate<T>[],
  unknown: readonly UserError[],
): Promise<readonly DeletionCandidate<T>[]> {
  const used = candidates.filter(({ users }) => users.length > 0);
  const free = candidates.filter(({ users }) => users.length === 0);
  const [first] = candidates;
  const [firstUnknown] = unknown;
  if (!first) {
    return [];
  }
  const usedLines = firstOf(
    used.map(({ name, repository, users }) =>
      vscode.l10n.t('In use: {0} of {1}, by {2}', name, repository, firstOf(users).join(', ')),
    ),
  );
  const freeLines = firstOf(
    free.map(({ name, repository }) =>
      firstUnknown ? `${repository}: ${name}` : vscode.l10n.t('Not in use: {0} of {1}', name, repository),
    ),
  );
  const detail = [
    ...usedLines,
    ...(candidates.length > 1 ? freeLines : []),
    ...(candidates.length > 1 || used.length > 0 ? [''] : []),
    ...(firstUnknown ? [cannotTell(firstUnknown)] : [whereItIsLooked(first.context)]),
    vscode.l10n.t('Tasks that start later cannot pull what is deleted. It cannot be had back.'),
  ].join('\n');
  if (used.length === 0) {
    const question =
      candidates.length === 1
        ? vscode.l10n.t('Delete the image {0} from {1}?', first.name, first.repository)
        : vscode.l10n.t('Delete {0} images?', candidates.length);
    await confirm(question, vscode.l10n.t('Delete'), detail);
    return candidates;
  }
  const all =
    candidates.length === 1
      ? vscode.l10n.t('Delete All the Same')
      : vscode.l10n.t('Delete All {0}', candidates.length);
  if (free.length === 0) {
    const question =
      candidates.length === 1
        ? vscode.l10n.t(
            'The image {0} of {1} is in use. Delete it all the same?',
            first.name,
            first.repository,
          )
        : vscode.l10n.t('All {0} images are in use. Delete them all the same?', candidates.length);
    await confirm(question, all, detail);
    return candidates;
  }
  const some = vscode.l10n.t('Delete {0}, Keep {1} in Use', free.length, used.length);
  const question = vscode.l10n.t('Delete {0} images, {1} of them in use?', candidates.length, used.length);
  return (await confirmOneOf(question, [some, all], detail)) === some ? free : candidates;
}
