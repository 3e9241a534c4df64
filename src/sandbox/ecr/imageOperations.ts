import type { OperationHandler, RequestScope } from '../operation';
import { parseDigest } from '../registry/digest';
import { MAX_MANIFEST_BYTES } from '../registry/manifest';
import type { RegistryContent } from '../registry/registryContent';
import { refuse, type ImageIdentifier } from './ecrRefusal';
import type { ImageRecord } from './imageCatalog';
import { checkImageIdCount, isMissing, lookUpImage, type ImageFailure } from './imageIds';
import { paginate } from './page';
import { scanStatusOf, summarizeScan, type ScanPlace } from './scanFindings';
import type { ScanningConfiguration } from './scanningConfiguration';

interface ImagesInput {
  readonly registryId?: string;
  readonly repositoryName: string;
}

interface ListInput extends ImagesInput {
  readonly nextToken?: string;
  readonly maxResults?: number;
  readonly filter?: { readonly tagStatus?: string; readonly imageStatus?: string };
}

interface PutImageInput extends ImagesInput {
  readonly imageManifest: string;
  readonly imageManifestMediaType?: string;
  readonly imageTag?: string;
  readonly imageDigest?: string;
}

/** DescribeImages, ListImages, BatchGetImage and PutImage. */
export function createImageOperations(
  content: RegistryContent,
  scanning: ScanningConfiguration,
): Record<string, OperationHandler> {
  const { repositories, images, accountId } = content;

  const present = (repositoryName: string, image: ImageRecord, imageTag?: string): object => ({
    registryId: accountId,
    repositoryName,
    imageId: { imageDigest: image.digest, ...(imageTag === undefined ? {} : { imageTag }) },
    imageManifest: images.readManifest(image).toString('utf8'),
    imageManifestMediaType: image.mediaType,
  });

  return {
    DescribeImages: (
      input: ListInput & { readonly imageIds?: readonly ImageIdentifier[] },
      { region }: RequestScope,
    ) => {
      const repository = repositories.require(region, input.repositoryName, input.registryId);
      const { name } = repository;
      checkFilter(input.filter);
      const tags = images.tagsByDigest(region, name);
      const place = { region, accountId, repository, enhanced: scanning.isEnhanced(region) };
      const describe = (image: ImageRecord) => describeImage(place, image, tags.get(image.digest) ?? []);
      if (input.imageIds === undefined || input.imageIds.length === 0) {
        const wanted = images
          .list(region, name)
          .filter((image) => matches(input.filter, tags.has(image.digest)));
        const { items, nextToken } = paginate(wanted, ({ digest }) => digest, input);
        return { imageDetails: items.map(describe), nextToken };
      }
      if (input.maxResults !== undefined || input.nextToken !== undefined) {
        const parameter = input.maxResults === undefined ? 'nextToken' : 'maxResults';
        throw refuse.invalidParameter(parameter, 'must not be given with imageIds');
      }
      checkImageIdCount(input.imageIds);
      const found = new Map<string, ImageRecord>();
      for (const imageId of input.imageIds) {
        const result = lookUpImage(content, region, name, imageId);
        if (result.kind === 'failed') {
          throw isMissing(result.failure)
            ? refuse.imageNotFound(imageId, name, accountId)
            : refuse.invalidParameter('imageIds', result.failure.failureReason);
        }
        found.set(result.image.digest, result.image);
      }
      return { imageDetails: [...found.values()].map(describe) };
    },

    ListImages: (input: ListInput, { region }: RequestScope) => {
      const { name } = repositories.require(region, input.repositoryName, input.registryId);
      checkFilter(input.filter);
      const tags = images.tagsByDigest(region, name);
      const entries = images
        .list(region, name)
        .filter(({ digest }) => matches(input.filter, tags.has(digest)))
        .flatMap(({ digest }): ImageIdentifier[] =>
          (tags.get(digest) ?? [undefined]).map((imageTag) => ({
            imageDigest: digest,
            ...(imageTag === undefined ? {} : { imageTag }),
          })),
        );
      const key = ({ imageDigest, imageTag }: ImageIdentifier) => `${imageDigest ?? ''} ${imageTag ?? ''}`;
      const { items, nextToken } = paginate(entries, key, input);
      return { imageIds: items, nextToken };
    },

    BatchGetImage: (
      input: ImagesInput & {
        readonly imageIds: readonly ImageIdentifier[];
        readonly acceptedMediaTypes?: readonly string[];
      },
      { region }: RequestScope,
    ) => {
      const { name } = repositories.require(region, input.repositoryName, input.registryId);
      checkImageIdCount(input.imageIds);
      const found: object[] = [];
      const failures: ImageFailure[] = [];
      for (const imageId of input.imageIds) {
        const result = lookUpImage(content, region, name, imageId);
        if (result.kind === 'failed') {
          failures.push(result.failure);
        } else if (isAccepted(input.acceptedMediaTypes, result.image.mediaType)) {
          images.notePull(region, name, result.image);
          found.push(present(name, result.image, imageId.imageTag));
        } else {
          const failureReason = `The image is of media type '${result.image.mediaType}', which is not accepted`;
          failures.push({ imageId, failureCode: 'ImageNotFound', failureReason });
        }
      }
      return { images: found, failures };
    },

    PutImage: (input: PutImageInput, { region }: RequestScope) => {
      const repository = repositories.require(region, input.repositoryName, input.registryId);
      const bytes = Buffer.from(input.imageManifest, 'utf8');
      if (bytes.length > MAX_MANIFEST_BYTES) {
        throw refuse.invalidParameter(
          'imageManifest',
          `Member must have length less than or equal to ${MAX_MANIFEST_BYTES}`,
        );
      }
      const digest = input.imageDigest === undefined ? undefined : parseDigest(input.imageDigest);
      if (input.imageDigest !== undefined && digest === undefined) {
        throw refuse.invalidParameter(
          'imageDigest',
          "must satisfy regular expression '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
        );
      }
      const { image, changed } = images.push(region, repository, {
        bytes,
        tags: input.imageTag === undefined ? [] : [input.imageTag],
        ...(input.imageManifestMediaType === undefined ? {} : { mediaType: input.imageManifestMediaType }),
        ...(digest === undefined ? {} : { digest }),
      });
      if (!changed) {
        throw refuse.imageAlreadyExists(image.digest, input.imageTag, repository.name, accountId);
      }
      return { image: present(repository.name, image, input.imageTag) };
    },
  };
}

/** An ImageDetail of the ECR API. */
function describeImage(place: ScanPlace, image: ImageRecord, tags: readonly string[]): object {
  const { lastPulledAt, artifactMediaType, subject } = image;
  const imageScanStatus = scanStatusOf(place, image);
  return {
    registryId: place.accountId,
    repositoryName: place.repository.name,
    imageDigest: image.digest,
    ...(tags.length === 0 ? {} : { imageTags: tags }),
    imageSizeInBytes: image.size,
    imagePushedAt: image.pushedAt / 1000,
    ...(imageScanStatus && { imageScanStatus }),
    ...(imageScanStatus === undefined || imageScanStatus.status === 'IN_PROGRESS'
      ? {}
      : { imageScanFindingsSummary: summarizeScan(place, image) }),
    imageManifestMediaType: image.mediaType,
    ...(artifactMediaType === undefined ? {} : { artifactMediaType }),
    ...(lastPulledAt === undefined ? {} : { lastRecordedPullTime: lastPulledAt / 1000 }),
    ...(subject === undefined ? {} : { subjectManifestDigest: subject }),
    imageStatus: 'ACTIVE',
  };
}

const TAG_STATUSES = ['TAGGED', 'UNTAGGED', 'ANY'];

function checkFilter(filter: ListInput['filter']): void {
  if (!TAG_STATUSES.includes(filter?.tagStatus ?? 'ANY')) {
    throw refuse.invalidParameter(
      'tagStatus',
      `Member must satisfy enum value set: [${TAG_STATUSES.join(', ')}]`,
    );
  }
}

/** Nothing is ever archived here, so every image is active. */
function matches(filter: ListInput['filter'], tagged: boolean): boolean {
  const { tagStatus = 'ANY', imageStatus = 'ACTIVE' } = filter ?? {};
  return (
    (imageStatus === 'ACTIVE' || imageStatus === 'ANY') &&
    (tagStatus === 'ANY' || (tagStatus === 'TAGGED') === tagged)
  );
}

/** Without a list ECR gives every media type. */
function isAccepted(accepted: readonly string[] | undefined, mediaType: string): boolean {
  return accepted === undefined || accepted.length === 0 || accepted.includes(mediaType);
}
