import type { ImageDetail, ImageIdentifier } from '@aws-sdk/client-ecr';
import type { EcrGateway } from '../aws/ecrGateway';
import { isIndex, readIndex } from '../explorer/imageIndex';

/** An image as a repository holds it, with what ties it to others there. */
export interface StoredImage {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly pushedAt?: Date;
  /** Of an index without what it refers to. */
  readonly bytes: number;
  /** Digests of the images that an index refers to, once it has been read; set for an index alone. */
  readonly members?: readonly string[];
  /** Digest of the image that a signature, attestation or other artefact is about. */
  readonly subject?: string;
}

/** All images of a repository, in no order, with the members of none. */
export async function listStoredImages(
  ecr: EcrGateway,
  repository: string,
  signal?: AbortSignal,
): Promise<StoredImage[]> {
  const images: StoredImage[] = [];
  for await (const page of ecr.images(repository, signal)) {
    images.push(...page.map(toStoredImage));
  }
  return images;
}

/** One image by tag or digest, with its members; `undefined` when the repository has none such. */
export async function findStoredImage(
  ecr: EcrGateway,
  repository: string,
  id: ImageIdentifier,
): Promise<StoredImage | undefined> {
  const found = await ecr.image(repository, id);
  const [image] = await withMembers(ecr, repository, found ? [toStoredImage(found)] : []);
  return image;
}

/** The same images, the indexes among them with their members. ECR counts the reading of an index as a pull. */
export async function withMembers(
  ecr: EcrGateway,
  repository: string,
  images: readonly StoredImage[],
  signal?: AbortSignal,
): Promise<StoredImage[]> {
  const indexes = images.flatMap(({ digest, members }) => (members ? [digest] : []));
  const manifests = indexes.length === 0 ? [] : await ecr.manifests(repository, indexes, signal);
  const known = new Map(
    manifests.map(({ imageId, imageManifest = '' }) => [
      imageId?.imageDigest,
      readIndex(imageManifest).map(({ digest }) => digest),
    ]),
  );
  return images.map((image) => ({
    ...image,
    ...(image.members ? { members: known.get(image.digest) ?? image.members } : {}),
  }));
}

function toStoredImage(image: ImageDetail): StoredImage {
  const {
    imageDigest = '',
    imageTags = [],
    imagePushedAt,
    imageSizeInBytes = 0,
    subjectManifestDigest,
  } = image;
  const index = isIndex(image);
  return {
    digest: imageDigest,
    tags: imageTags,
    // The size that ECR gives of an index is that of images which are counted themselves.
    bytes: index ? 0 : imageSizeInBytes,
    ...(imagePushedAt === undefined ? {} : { pushedAt: imagePushedAt }),
    ...(index ? { members: [] } : {}),
    ...(subjectManifestDigest === undefined ? {} : { subject: subjectManifestDigest }),
  };
}
