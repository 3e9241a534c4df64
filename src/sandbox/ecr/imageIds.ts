import { parseDigest } from '../registry/digest';
import type { RegistryContent } from '../registry/registryContent';
import { refuse, type ImageIdentifier } from './ecrRefusal';
import type { ImageRecord } from './imageCatalog';
import { isTag } from './nameRules';

/** ImageFailure of the ECR API. */
export interface ImageFailure {
  readonly imageId: ImageIdentifier;
  readonly failureCode: string;
  readonly failureReason: string;
}

/** Batch operations take at most so many images. */
const MAX_IDS = 100;

export type ImageLookupResult =
  | { readonly kind: 'found'; readonly image: ImageRecord }
  | { readonly kind: 'failed'; readonly failure: ImageFailure };

/** Finds the image that an identifier names, or says in ECR's words why there is none. */
export function lookUpImage(
  content: RegistryContent,
  region: string,
  repository: string,
  imageId: ImageIdentifier,
): ImageLookupResult {
  const fail = (failureCode: string, failureReason: string): ImageLookupResult => ({
    kind: 'failed',
    failure: { imageId, failureCode, failureReason },
  });
  const { imageDigest, imageTag } = imageId;
  if (imageDigest === undefined && imageTag === undefined) {
    return fail('MissingDigestAndTag', 'Invalid request parameters: both tag and digest cannot be null');
  }
  if (imageDigest !== undefined && parseDigest(imageDigest) === undefined) {
    return fail(
      'InvalidImageDigest',
      "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
    );
  }
  if (imageTag !== undefined && !isTag(imageTag)) {
    return fail(
      'InvalidImageTag',
      "Invalid request parameters: image tag should satisfy the regex '[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}'",
    );
  }
  const image = content.images.resolve(region, repository, imageId);
  if (image !== undefined) {
    return { kind: 'found', image };
  }
  const both = imageDigest !== undefined && imageTag !== undefined;
  const known = (id: ImageIdentifier) => content.images.resolve(region, repository, id) !== undefined;
  return both && known({ imageDigest }) && known({ imageTag })
    ? fail('ImageTagDoesNotMatchDigest', 'The specified tag does not match the specified digest')
    : fail('ImageNotFound', 'Requested image not found');
}

/** True when the identifier is well-formed, but names no image. */
export function isMissing({ failureCode }: ImageFailure): boolean {
  return failureCode === 'ImageNotFound' || failureCode === 'ImageTagDoesNotMatchDigest';
}

/** @throws ServiceError InvalidParameterException */
export function checkImageIdCount(imageIds: readonly ImageIdentifier[]): void {
  if (imageIds.length < 1 || imageIds.length > MAX_IDS) {
    const bound = imageIds.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${MAX_IDS}`;
    throw refuse.invalidParameter('imageIds', `Member must have length ${bound}`);
  }
}
