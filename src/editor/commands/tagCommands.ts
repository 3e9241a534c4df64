import type { ImageDetail, Repository } from '@aws-sdk/client-ecr';
import * as vscode from 'vscode';
import { UserError } from '../../base/errors';
import { formatAge } from '../../explorer/quantity';
import { shortDigest } from '../../explorer/rowText';
import { isImageTag } from '../../image/imageReference';
import { tagImage } from '../../image/tagImage';
import { mayMoveTag } from '../../image/tagMobility';
import type { Services } from '../services';
import { confirm, input, pick, type Choice } from '../ui/prompts';
import { withProgress } from '../ui/progress';
import { readArguments } from './commandArguments';
import {
  nameOfTagged,
  readTaggedImage,
  type TagAnswers,
  type TaggedImage,
  type TagResult,
} from './readTaggedImage';
import { refreshImages } from './runImageDeletion';

/**
 * "Add Tag...": puts one more tag on an image. A tag that another image has is moved when the user says so and the
 * repository lets it be. Accepts `TagAnswers`.
 */
export async function addTag(services: Services, argument?: unknown): Promise<TagResult> {
  const answers = readArguments<TagAnswers>(argument);
  const image = await readTaggedImage(services, argument, answers, vscode.l10n.t('Add Tag'));
  const tag =
    answers.tag === undefined
      ? await input({
          title: vscode.l10n.t('Add a Tag to an Image of {0}', image.repository),
          prompt: vscode.l10n.t('The image is {0}.', nameOfTagged(image)),
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
  const image = await readTaggedImage(services, argument, answers, vscode.l10n.t('Move Tag Here'));
  const tag = answers.tag === undefined ? await chooseTag(services, image) : requireTag(answers.tag);
  return putTag(services, image, tag, answers.confirm === true);
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
  const title = vscode.l10n.t('Move Which Tag to {0}?', nameOfTagged(image));
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
  await withProgress(vscode.l10n.t('Putting the tag {0} on {1}', tag, nameOfTagged(image)), () =>
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
      vscode.l10n.t('From {0}, pushed {1}', nameOfTagged({ tags: imageTags, digest: imageDigest }), age),
      vscode.l10n.t('To {0}', nameOfTagged(image)),
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
