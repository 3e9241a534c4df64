import type { OperationHandler, RequestScope } from '../operation';
import { ServiceError } from '../protocol/serviceError';
import type { RegistryContent } from '../registry/registryContent';
import { describeImageId, refuse, type ImageIdentifier } from './ecrRefusal';
import type { ImageRecord } from './imageCatalog';
import { isMissing, lookUpImage } from './imageIds';

interface ScanInput {
  readonly registryId?: string;
  readonly repositoryName: string;
  readonly imageId: ImageIdentifier;
}

/** An image can be scanned once in 24 hours (StartImageScan). */
const SCAN_INTERVAL_MILLISECONDS = 24 * 3600 * 1000;

/** An ImageScanStatus of the ECR API that does not pass for a real scan's. */
export const SCAN_COMPLETE = {
  status: 'COMPLETE',
  description: 'The sandbox does not scan images: it knows of no findings.',
};

/** Scans: they are remembered, but nothing is looked for, so nothing is found. */
export function createScanOperations(content: RegistryContent): Record<string, OperationHandler> {
  const { repositories, images, accountId } = content;

  const locate = (
    input: ScanInput,
    region: string,
  ): { readonly name: string; readonly image: ImageRecord } => {
    const { name } = repositories.require(region, input.repositoryName, input.registryId);
    const result = lookUpImage(content, region, name, input.imageId);
    if (result.kind === 'found') {
      return { name, image: result.image };
    }
    throw isMissing(result.failure)
      ? refuse.imageNotFound(input.imageId, name, accountId)
      : refuse.invalidParameter('imageId', result.failure.failureReason);
  };

  return {
    StartImageScan: (input: ScanInput, { region }: RequestScope) => {
      const { name, image } = locate(input, region);
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

    DescribeImageScanFindings: (input: ScanInput, { region }: RequestScope) => {
      const { name, image } = locate(input, region);
      if (image.scannedAt === undefined) {
        throw new ServiceError(
          'ScanNotFoundException',
          `Image scan does not exist for the image with '${describeImageId(input.imageId)}' in the repository with name '${name}' in the registry with id '${accountId}'`,
        );
      }
      return {
        registryId: accountId,
        repositoryName: name,
        imageId: { ...input.imageId, imageDigest: image.digest },
        imageScanStatus: SCAN_COMPLETE,
        imageScanFindings: {
          imageScanCompletedAt: image.scannedAt / 1000,
          vulnerabilitySourceUpdatedAt: image.scannedAt / 1000,
          findingSeverityCounts: {},
          findings: [],
        },
      };
    },
  };
}
