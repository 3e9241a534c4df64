import type { ImageIdentifier } from '@aws-sdk/client-ecr';
import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import { UserError } from '../../base/errors';
import { shortDigest } from '../../explorer/rowText';
import type { WithContext } from '../contexts/contextOfAnswers';
import type { Services } from '../services';
import { readOrPickNode } from './pickNode';
import { readContext } from './readContext';

export interface TagAnswers extends WithContext {
  readonly repository?: string;
  /** Which image: a tag that it has, or its digest. */
  readonly image?: string;
  readonly tag?: string;
  /** True stands for the user's yes to take the tag from another image, or off one where nothing names it. */
  readonly confirm?: boolean;
  /** True takes a tag off whatever names it, which is then not looked for. */
  readonly force?: boolean;
}

export interface TagResult {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  /** Digest of the image that had the tag before, where one had. */
  readonly movedFrom?: string;
}

/** The image that a tag command is about. */
export interface TaggedImage {
  readonly context: AwsContext;
  readonly repository: string;
  readonly digest: string;
  readonly tags: readonly string[];
}

/**
 * The image that a command was called on, or that its answers name, else one that the user picks.
 * @throws UserError('notFound') for an image that is not there
 */
export async function readTaggedImage(
  services: Services,
  argument: unknown,
  { repository, image }: TagAnswers,
  title: string,
): Promise<TaggedImage> {
  if (repository === undefined || image === undefined) {
    const node = await readOrPickNode(services, argument, 'image', title);
    return { context: node.context, repository: node.repositoryName, digest: node.digest, tags: node.tags };
  }
  const context = await readContext(services, argument);
  const found = await services.sessions.get(context).ecr.image(repository, imageIdOf(image));
  if (!found) {
    throw noSuchImage(repository, image);
  }
  return { context, repository, digest: found.imageDigest ?? '', tags: found.imageTags ?? [] };
}

/** What answers call an image by: a digest has a colon, which a tag has not. */
export function imageIdOf(image: string): ImageIdentifier {
  return image.includes(':') ? { imageDigest: image } : { imageTag: image };
}

export function noSuchImage(repository: string, image: string): UserError {
  return new UserError('notFound', vscode.l10n.t('There is no such image in {0}: {1}', repository, image));
}

/** Its tags, and enough of the digest to know it by. */
export function nameOfTagged({ tags, digest }: Pick<TaggedImage, 'tags' | 'digest'>): string {
  return tags.length > 0 ? `${tags.join(', ')} (${shortDigest(digest)})` : shortDigest(digest);
}
