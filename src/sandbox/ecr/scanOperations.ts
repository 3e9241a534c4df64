import type { OperationHandler, RequestScope } from '../operation';
import { ServiceError } from '../protocol/serviceError';
import type { RegistryContent } from '../registry/registryContent';
import { describeImageId, refuse, type ImageIdentifier } from './ecrRefusal';
import { exampleFindings } from './exampleFindings';
import type { ImageRecord } from './imageCatalog';
import { isMissing, lookUpImage } from './imageIds';
import { paginate } from './page';
import { basicFinding, enhancedFinding, scanStatusOf, summarizeScan, type ScanPlace } from './scanFindings';
import type { ScanningConfiguration } from './scanningConfiguration';

interface ScanInput {
  readonly registryId?: string;
  readonly repositoryName: string;
  readonly imageId: ImageIdentifier;
}

interface FindingsInput extends ScanInput {
  readonly nextToken?: string;
  readonly maxResults?: number;
}

/** An image can be scanned once in 24 hours (StartImageScan). */
const SCAN_INTERVAL_MILLISECONDS = 24 * 3600 * 1000;

/** Scans: they are remembered, but nothing is looked for. What they find are examples, where a repository asks for some. */
export function createScanOperations(
  content: RegistryContent,
  scanning: ScanningConfiguration,
): Record<string, OperationHandler> {
  const { repositories, images, accountId } = content;

  const locate = (
    input: ScanInput,
    region: string,
  ): { readonly name: string; readonly image: ImageRecord; readonly place: ScanPlace } => {
    const repository = repositories.require(region, input.repositoryName, input.registryId);
    const { name } = repository;
    const result = lookUpImage(content, region, name, input.imageId);
    if (result.kind === 'found') {
      const place = { region, accountId, repository, enhanced: scanning.isEnhanced(region) };
      return { name, image: result.image, place };
    }
    throw isMissing(result.failure)
      ? refuse.imageNotFound(input.imageId, name, accountId)
      : refuse.invalidParameter('imageId', result.failure.failureReason);
  };

  return {
    StartImageScan: (input: ScanInput, { region }: RequestScope) => {
      const { name, image, place } = locate(input, region);
      if (place.enhanced) {
        throw new ServiceError('ValidationException', 'This feature is disabled');
      }
      if (image.children.length > 0) {
        throw new ServiceError(
          'UnsupportedImageTypeException',
          `The image with media type '${image.mediaType}' cannot be scanned`,
        );
      }
      if (image.scannedAt !== undefined && Date.now() - image.scannedAt < SCAN_INTERVAL_MILLISECONDS) {
        throw new ServiceError(
          'LimitExceededException',
          'The scan quota per image has been exceeded. Wait and try again.',
        );
      }
      images.noteScan(region, name, image);
      return {
        registryId: accountId,
        repositoryName: name,
        imageId: { ...input.imageId, imageDigest: image.digest },
        imageScanStatus: { status: 'IN_PROGRESS' },
      };
    },

    DescribeImageScanFindings: (input: FindingsInput, { region }: RequestScope) => {
      const { name, image, place } = locate(input, region);
      const imageScanStatus = scanStatusOf(place, image);
      if (imageScanStatus === undefined) {
        throw new ServiceError(
          'ScanNotFoundException',
          `Image scan does not exist for the image with '${describeImageId(input.imageId)}' in the repository with name '${name}' in the registry with id '${accountId}'`,
        );
      }
      const answer = {
        registryId: accountId,
        repositoryName: name,
        imageId: { ...input.imageId, imageDigest: image.digest },
        imageScanStatus,
      };
      if (imageScanStatus.status === 'IN_PROGRESS') {
        return answer;
      }
      const found = exampleFindings(place.repository, image);
      const { items, nextToken } = paginate(found, (finding) => finding.name, input);
      return {
        ...answer,
        nextToken,
        imageScanFindings: {
          ...summarizeScan(place, image),
          ...(place.enhanced
            ? { enhancedFindings: items.map((finding) => enhancedFinding(place, image, finding)) }
            : { findings: items.map(basicFinding) }),
        },
      };
    },
  };
}
