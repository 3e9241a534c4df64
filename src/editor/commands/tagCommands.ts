import type { ImageDetail, Repository } from '@aws-sdk/client-ecr';
import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import { UserError } from '../../base/errors';
import type { ImageNode } from '../../explorer/explorerNode';
import { formatAge } from '../../explorer/quantity';
import { shortDigest } from '../../explorer/rowText';
import { isImageTag } from '../../image/imageReference';
import { tagImage } from '../../image/tagImage';
import { mayMoveTag } from '../../image/tagMobility';
import type { WithContext } from '../contexts/contextOfAnswers';
import type { Services } from '../services';
import { confirm, input, pick, type Choice } from '../ui/prompts';
import { withProgress } from '../ui/progress';
import { readArguments } from './commandArguments';
import { lookForImageUse } from './lookForImageUse';
import { readOrPickNode } from './pickNode';
import { readContext } from './readContext';
import { deletionFailure, refreshImages, runImageDeletion } from './runImageDeletion';
import { confirmTagRemoval, deletionOfTag, tagChoices } from './tagRemoval';

export interface TagAnswers extends WithContext {
  readonly repository?: string;
  /** Which image: a tag that it has, or its digest. */
  readonly image?: string;
  readonly tag?: string;
  /** True stands for the user's yes to take the tag from another image. */
  readonly confirm?: boolean;
}

export interface TagResult {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  /** Digest of the image that had the tag before, where one had. */
  readonly movedFrom?: string;
}

/** The image that a tag command is about. */
interface TaggedImage {
  readonly context: AwsContext;
  readonly repository: string;
  readonly digest: string;
  readonly tags: readonly string[];
}

/**
 * "Add Tag...": puts one more tag on an image. A tag that another image has is moved when the user says so and the
 * repository lets it be. Accepts `TagAnswers`.
 */
export async function addTag(services: Services, argument?: unknown): Promise<TagResult> {
  const answers = readArguments<TagAnswers>(argument);
  const image = await readImage(services, argument, answers, vscode.l10n.t('Add Tag'));
  const tag =
    answers.tag === undefined
      ? await input({
          title: vscode.l10n.t('Add a Tag to an Image of {0}', image.repository),
          prompt: vscode.l10n.t('The image is {0}.', nameOf(image)),
          placeholder: 'v1.2.3',
          validate: (text) =>
            image.tags.includes(text) ? vscode.l10n.t('The image has this tag already.') : problemOf(text),
        })
      : requireTag(answers.tag);
  return putTag(services, image, tag, answers.confirm === true);
}

/**
 * "Move Tag Here...": takes a tag from another image of the repository, which stays. Accepts `TagAnswers`.
 * @throws UserError('tagImmutable') where the repository lets no tag be moved
 */
export async function moveTag(services: Services, argument?: unknown): Promise<TagResult> {
  const answers = readArguments<TagAnswers>(argument);
  const image = await readImage(services, argument, answers, vscode.l10n.t('Move Tag Here'));
  const tag = answers.tag === undefined ? await chooseTag(services, image) : requireTag(answers.tag);
  return putTag(services, image, tag, answers.confirm === true);
}

/**
 * "Remove Tag...": takes one of several tags off an image, which stays. Accepts `{repository, tag, confirm}`.
 * @throws UserError('invalidInput') for an image's only tag, with which ECR would delete the image
 */
export async function removeTag(services: Services, argument?: unknown): Promise<TagResult> {
  const answers = readArguments<TagAnswers>(argument);
  const title = vscode.l10n.t('Remove Tag');
  const image = await readImage(
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
    answers.confirm === true ? [] : await lookForImageUse(services, context, { name: repository, uri });
  const tag =
    answers.tag ??
    (await pick(
      tagChoices(image.tags, use, (each) => each),
      { title },
    ));
  if (answers.confirm !== true) {
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

function onlyTag(tag: string): UserError {
  return new UserError(
    'invalidInput',
    vscode.l10n.t(
      'It is not one of several tags of its image. ECR deletes an image with its last tag: add another tag first, or use "Delete Image...". Tag: {0}',
      tag,
    ),
  );
}

async function readImage(
  services: Services,
  argument: unknown,
  { repository, image }: TagAnswers,
  title: string,
): Promise<TaggedImage> {
  if (repository === undefined || image === undefined) {
    return ofNode(await readOrPickNode(services, argument, 'image', title));
  }
  const context = await readContext(services, argument);
  const id = image.includes(':') ? { imageDigest: image } : { imageTag: image };
  const found = await services.sessions.get(context).ecr.image(repository, id);
  if (!found) {
    throw new UserError('notFound', vscode.l10n.t('There is no such image in {0}: {1}', repository, image));
  }
  return { context, repository, digest: found.imageDigest ?? '', tags: found.imageTags ?? [] };
}

function ofNode({ context, repositoryName, digest, tags }: ImageNode): TaggedImage {
  return { context, repository: repositoryName, digest, tags };
}

/** The tags of the repository that can be moved, newest image first as far as they have come. */
async function chooseTag(services: Services, image: TaggedImage): Promise<string> {
  const { ecr } = services.sessions.get(image.context);
  const repository = await ecr.repository(image.repository);
  if (repository.imageTagMutability === 'IMMUTABLE') {
    throw immutable(image.repository, vscode.l10n.t('any tag'));
  }
  const stop = new AbortController();
  async function* choices(): AsyncGenerator<Choice<string>[]> {
    let none = true;
    for await (const page of ecr.images(image.repository, stop.signal)) {
      const rows = page
        .filter(({ imageDigest }) => imageDigest !== image.digest)
        .flatMap((other) => tagRows(other, repository));
      none &&= rows.length === 0;
      yield rows;
    }
    if (none) {
      throw new UserError(
        'notFound',
        vscode.l10n.t('No other image of {0} has a tag that may be moved.', image.repository),
      );
    }
  }
  const title = vscode.l10n.t('Move Which Tag to {0}?', nameOf(image));
  return pick(choices(), { title }).finally(() => stop.abort());
}

function tagRows({ imageTags = [], imageDigest = '', imagePushedAt }: ImageDetail, repository: Repository) {
  const age = imagePushedAt ? ` · ${formatAge(imagePushedAt, new Date())}` : '';
  return imageTags
    .filter((tag) => mayMoveTag(repository, tag))
    .map((tag): Choice<string> => ({
      label: tag,
      description: vscode.l10n.t('from {0}', `${shortDigest(imageDigest)}${age}`),
      iconPath: new vscode.ThemeIcon('tag'),
      value: tag,
    }));
}

async function putTag(
  services: Services,
  image: TaggedImage,
  tag: string,
  confirmed: boolean,
): Promise<TagResult> {
  const { context, repository, digest } = image;
  const { ecr } = services.sessions.get(context);
  const holder = await ecr.image(repository, { imageTag: tag });
  const result = { repository, tag, digest };
  if (holder?.imageDigest === digest) {
    return result;
  }
  const movedFrom = holder?.imageDigest;
  if (holder && movedFrom !== undefined) {
    if (!mayMoveTag(await ecr.repository(repository), tag)) {
      throw immutable(repository, tag);
    }
    if (!confirmed) {
      await confirmMove(image, tag, holder);
    }
  }
  await withProgress(vscode.l10n.t('Putting the tag {0} on {1}', tag, nameOf(image)), () =>
    // Not cancelled half way: the tag is either here or there.
    tagImage(ecr, { repository, digest }, tag),
  );
  refreshImages(services, context, repository);
  return movedFrom === undefined ? result : { ...result, movedFrom };
}

async function confirmMove(image: TaggedImage, tag: string, holder: ImageDetail): Promise<void> {
  const { imageDigest = '', imageTags = [], imagePushedAt } = holder;
  const age = imagePushedAt ? formatAge(imagePushedAt, new Date()) : '';
  await confirm(
    vscode.l10n.t('Move the tag {0} of {1}?', tag, image.repository),
    vscode.l10n.t('Move Tag'),
    [
      vscode.l10n.t('From {0}, pushed {1}', nameOf({ tags: imageTags, digest: imageDigest }), age),
      vscode.l10n.t('To {0}', nameOf(image)),
      ...(imageTags.length === 1 ? [vscode.l10n.t('The other image is left without a tag.')] : []),
      vscode.l10n.t('What names this tag starts its next tasks with the image that has it then.'),
    ].join('\n'),
  );
}

function immutable(repository: string, tag: string): UserError {
  return new UserError(
    'tagImmutable',
    vscode.l10n.t(
      'The tags of {0} are immutable: a tag stays on the image that it was first put on. Choose another tag, or change the tag mutability of the repository. Tag: {1}',
      repository,
      tag,
    ),
  );
}

function problemOf(tag: string): string | undefined {
  return isImageTag(tag)
    ? undefined
    : vscode.l10n.t(
        'A tag has up to 128 letters, digits, "_", "." and "-", and begins with none of the last two.',
      );
}

function requireTag(tag: unknown): string {
  const text = typeof tag === 'string' ? tag : JSON.stringify(tag);
  const problem = problemOf(text);
  if (problem !== undefined) {
    throw new UserError('invalidInput', `${problem} ${text}`);
  }
  return text;
}

function nameOf({ tags, digest }: Pick<TaggedImage, 'tags' | 'digest'>): string {
  return tags.length > 0 ? `${tags.join(', ')} (${shortDigest(digest)})` : shortDigest(digest);
}
