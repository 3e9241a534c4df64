import { ServiceError } from '../protocol/serviceError';

/** An image as a request names it: an ImageIdentifier of the ECR API. */
export interface ImageIdentifier {
  readonly imageDigest?: string;
  readonly imageTag?: string;
}

/** The texts in which ECR refuses; clients show them, so they are ECR's own. */
export const refuse = {
  repositoryNotFound: (name: string, registryId: string) =>
    new ServiceError(
      'RepositoryNotFoundException',
      `The repository with name '${name}' does not exist in the registry with id '${registryId}'`,
    ),
  repositoryAlreadyExists: (name: string, registryId: string) =>
    new ServiceError(
      'RepositoryAlreadyExistsException',
      `The repository with name '${name}' already exists in the registry with id '${registryId}'`,
    ),
  repositoryNotEmpty: (name: string, registryId: string) =>
    new ServiceError(
      'RepositoryNotEmptyException',
      `The repository with name '${name}' in registry with id '${registryId}' cannot be deleted because it still contains images`,
    ),
  imageNotFound: (image: ImageIdentifier, name: string, registryId: string) =>
    new ServiceError(
      'ImageNotFoundException',
      `The image with imageId ${describeImageId(image)} does not exist within the repository with name '${name}' in the registry with id '${registryId}'`,
    ),
  imageAlreadyExists: (digest: string, tag: string | undefined, name: string, registryId: string) =>
    new ServiceError(
      'ImageAlreadyExistsException',
      `Image with digest '${digest}' and tag '${tag ?? 'null'}' already exists in the repository with name '${name}' in registry with id '${registryId}'`,
    ),
  tagImmutable: (tag: string, name: string) =>
    new ServiceError(
      'ImageTagAlreadyExistsException',
      `The image tag '${tag}' already exists in the '${name}' repository and cannot be overwritten because the tag is immutable.`,
    ),
  layersNotFound: (digests: readonly string[], name: string, registryId: string) =>
    new ServiceError(
      'LayersNotFoundException',
      `Layers with digests '[${digests.join(', ')}]' required for pushing image into repository with name '${name}' in the registry with id '${registryId}' do not exist`,
    ),
  referencedImagesNotFound: (digests: readonly string[], name: string, registryId: string) =>
    new ServiceError(
      'ReferencedImagesNotFoundException',
      `Images with digests '[${digests.join(', ')}]' required for pushing image into repository with name '${name}' in the registry with id '${registryId}' do not exist`,
    ),
  digestDoesNotMatch: (given: string, computed: string) =>
    new ServiceError(
      'ImageDigestDoesNotMatchException',
      `Image digest '${computed}' does not match the provided digest '${given}'`,
    ),
  invalidParameter: (parameter: string, constraint: string) =>
    new ServiceError(
      'InvalidParameterException',
      `Invalid parameter at '${parameter}' failed to satisfy constraint: '${constraint}'`,
    ),
};

/** As ECR writes an ImageIdentifier into its messages. */
export function describeImageId({ imageDigest, imageTag }: ImageIdentifier): string {
  return `{imageDigest:'${imageDigest ?? 'null'}', imageTag:'${imageTag ?? 'null'}'}`;
}
