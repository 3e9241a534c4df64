import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import { UserError } from '../../base/errors';
import { usersInWords, type ImageUse } from '../../deploy/imageUse';
import { confirm, type Choice } from '../ui/prompts';
import type { KnownUse } from './lookForImageUse';
import type { RepositoryDeletion } from './runImageDeletion';

/** What names a tag in its task definition, in words. */
export function usersOfTag(use: KnownUse, tag: string): readonly string[] {
  const named = (each: ImageUse): boolean => each.tag === tag;
  return use instanceof UserError ? [] : usersInWords(use.filter(named));
}

/** Takes one of several tags away; the image stays. */
export function deletionOfTag(context: AwsContext, repository: string, imageTag: string): RepositoryDeletion {
  return { context, repository, ids: [{ imageTag }], members: [] };
}

/** The tags of an image to choose from, each with what names it. */
export function tagChoices(
  tags: readonly string[],
  use: KnownUse,
  labelOf: (tag: string) => string,
): Choice<string>[] {
  return tags.map((tag) => {
    const users = usersOfTag(use, tag);
    return {
      label: labelOf(tag),
      ...(users.length > 0 ? { detail: vscode.l10n.t('In use by {0}', users.join(', ')) } : {}),
      iconPath: new vscode.ThemeIcon('tag'),
      value: tag,
    };
  });
}

/**
 * Asks about a tag that a service or task names; one that nothing names can be put there again.
 * @throws UserError('cancelled')
 */
export async function confirmTagRemoval(repository: string, tag: string, use: KnownUse): Promise<void> {
  const users = usersOfTag(use, tag);
  if (users.length > 0 || use instanceof UserError) {
    await confirm(
      vscode.l10n.t('Remove the tag {0} from an image of {1}?', tag, repository),
      vscode.l10n.t('Remove Tag'),
      use instanceof UserError
        ? vscode.l10n.t('Whether anything uses it could not be found out. {0}', use.message)
        : vscode.l10n.t(
            'In use by {0}. Tasks that start later cannot pull it by this tag.',
            users.join(', '),
          ),
    );
  }
}
