import type { EcrGateway } from '../aws/ecrGateway';
import { UserError } from '../base/errors';

/** An image of a repository. */
export interface ImagePlace {
  readonly repository: string;
  readonly digest: string;
}

/**
 * Puts a tag on an image, by putting the image's own manifest again under that tag, and so takes it off the one
 * that has it. Nothing is pulled or pushed. A tag that is there already stays.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-retag.html
 *
 * @throws UserError('notFound') when the repository no longer has the image; UserError('tagImmutable') when the
 *   tag is on another one and the repository does not let it be moved
 */
export async function tagImage(
  ecr: EcrGateway,
  { repository, digest }: ImagePlace,
  tag: string,
  signal?: AbortSignal,
): Promise<void> {
  const [image] = await ecr.manifests(repository, [digest], signal);
  const { imageManifest: manifest, imageManifestMediaType: mediaType } = image ?? {};
  if (manifest === undefined) {
    throw new UserError(
      'notFound',
      `Could not tag an image of ${repository}, since it is not there any more. Refresh, then choose another: ${digest}`,
    );
  }
  await ecr.putManifest(repository, { manifest, mediaType, digest, tag }, signal);
}
