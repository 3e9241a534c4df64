import * as vscode from 'vscode';
import { UserError } from '../../base/errors';
import type { Services } from '../services';
import { pick } from '../ui/prompts';
import { readArguments } from './commandArguments';
import { lookForImageUse, refuseUntold, type KnownUse } from './lookForImageUse';
import { readTaggedImage, type TagAnswers, type TagResult } from './readTaggedImage';
import { deletionFailure, runImageDeletion } from './runImageDeletion';
import { confirmTagRemoval, deletionOfTag, tagChoices, usersOfTag } from './tagRemoval';

/**
 * "Remove Tag...": takes one of several tags off an image, which stays. Accepts `{repository, tag, confirm, force}`.
 * @throws UserError('invalidInput') for an image's only tag, with which ECR would delete the image;
 *   UserError('conflict') for one that is in use, where nobody is asked
 */
export async function removeTag(services: Services, argument?: unknown): Promise<TagResult> {
  const answers = readArguments<TagAnswers>(argument);
  const title = vscode.l10n.t('Remove Tag');
  const image = await readTaggedImage(
    services,
    argument,
    { ...answers, image: answers.image ?? answers.tag },
    title,
  );
  const { context, repository, digest } = image;
  if (image.tags.length < 2) {
    throw onlyTag(image.tags.join());
  }
  const { ecr } = services.sessions.get(context);
  const { repositoryUri: uri = '' } = await ecr.repository(repository);
  const use =
    answers.force === true ? [] : await lookForImageUse(services, context, { name: repository, uri });
  const tag =
    answers.tag ??
    (await pick(
      tagChoices(image.tags, use, (each) => each),
      { title },
    ));
  if (answers.confirm === true) {
    requireUnused(tag, use);
  } else {
    await confirmTagRemoval(repository, tag, use);
  }
  // Asked as late as can be: others may have taken the other tags meanwhile.
  const { imageTags = [] } = (await ecr.image(repository, { imageDigest: digest })) ?? {};
  if (imageTags.length < 2 || !imageTags.includes(tag)) {
    throw onlyTag(tag);
  }
  const { deleted, failures } = await runImageDeletion(services, [deletionOfTag(context, repository, tag)]);
  if (failures.length > 0) {
    throw deletionFailure(deleted.length, failures);
  }
  return { repository, tag, digest };
}

/** For programs, which nobody asks. */
function requireUnused(tag: string, use: KnownUse): void {
  if (use instanceof UserError) {
    throw refuseUntold(use);
  }
  const users = usersOfTag(use, tag);
  if (users.length > 0) {
    throw new UserError(
      'conflict',
      vscode.l10n.t(
        'The tag {0} is in use. With "force" it is taken off all the same. {1}',
        tag,
        users.join(', '),
      ),
    );
  }
}

function onlyTag(tag: string): UserError {
  return new UserError(
    'invalidInput',
    vscode.l10n.t(
      'It is not one of several tags of its image. ECR deletes an image with its last tag: add another tag first, or use "Delete Image...". Tag: {0}',
      tag,
    ),
  );
}
