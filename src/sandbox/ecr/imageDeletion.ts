import type { OperationHandler, RequestScope } from '../operation';
import type { RegistryContent } from '../registry/registryContent';
import type { ImageIdentifier } from './ecrRefusal';
import { checkImageIdCount, lookUpImage, type ImageFailure } from './imageIds';

interface BatchDeleteImageInput {
  readonly registryId?: string;
  readonly repositoryName: string;
  readonly imageIds: readonly ImageIdentifier[];
}

type DeletionResult =
  | { readonly kind: 'deleted'; readonly imageIds: readonly ImageIdentifier[] }
  | { readonly kind: 'failed'; readonly failure: ImageFailure };

/**
 * BatchDeleteImage. A digest stands for the image with all its tags; a tag for that tag, and with the last
 * one the image goes.
 */
export function createImageDeletion(content: RegistryContent): Record<string, OperationHandler> {
  return {
    BatchDeleteImage: (input: BatchDeleteImageInput, { region }: RequestScope) => {
      const { name } = content.repositories.require(region, input.repositoryName, input.registryId);
      checkImageIdCount(input.imageIds);
      const deleted: ImageIdentifier[] = [];
      const failures: ImageFailure[] = [];
      let waiting: readonly ImageIdentifier[] = input.imageIds;
      for (;;) {
        const results = waiting.map((imageId) => deleteImage(content, region, name, imageId));
        const gone = results.filter((result) => result.kind === 'deleted');
        const failed = results.flatMap((result) => (result.kind === 'failed' ? [result.failure] : []));
        // An image may be held by an index that the same request deletes: it can go once that has gone.
        const held = gone.length > 0 ? failed.filter(isHeld) : [];
        deleted.push(...gone.flatMap(({ imageIds }) => imageIds));
        failures.push(...failed.filter((failure) => !held.includes(failure)));
        if (held.length === 0) {
          return { imageIds: deleted, failures };
        }
        waiting = held.map(({ imageId }) => imageId);
      }
    },
  };
}

function deleteImage(
  content: RegistryContent,
  region: string,
  repository: string,
  imageId: ImageIdentifier,
): DeletionResult {
  const lookUp = lookUpImage(content, region, repository, imageId);
  if (lookUp.kind === 'failed') {
    return lookUp;
  }
  const { images } = content;
  const { image } = lookUp;
  const tags = images.tagsOf(region, repository, image.digest);
  const { imageTag } = imageId;
  if (imageTag !== undefined && tags.length > 1) {
    images.untag(region, repository, imageTag);
    return { kind: 'deleted', imageIds: [{ imageDigest: image.digest, imageTag }] };
  }
  const indexes = images.indexesOf(region, repository, image.digest);
  if (indexes.length > 0) {
    const failureReason = `Requested image referenced by manifest list: [${indexes.join(', ')}]`;
    return {
      kind: 'failed',
      failure: { imageId, failureCode: 'ImageReferencedByManifestList', failureReason },
    };
  }
  images.delete(region, repository, image);
  return {
    kind: 'deleted',
    imageIds:
      tags.length === 0
        ? [{ imageDigest: image.digest }]
        : tags.map((tag) => ({ imageDigest: image.digest, imageTag: tag })),
  };
}

function isHeld({ failureCode }: ImageFailure): boolean {
  return failureCode === 'ImageReferencedByManifestList';
}
