import type * as Sdk from '@aws-sdk/client-ecr';
import type {
  DescribeImageScanFindingsCommandOutput,
  EnhancedImageScanFinding,
  ImageIdentifier,
  ImageScanFinding,
} from '@aws-sdk/client-ecr';
import { UserError } from '../base/errors';
import { orUndefined, type EcrConnection } from './ecrConnection';

/** How far the scan of an image is, and what it has found: as much as one page of the service's answer has. */
export interface ScanPage {
  /** "COMPLETE", "ACTIVE" (scanned again and again), "IN_PROGRESS", "FAILED", …: ECR's ImageScanStatus. */
  readonly status: string;
  /** Why the status is as it is, in ECR's words. */
  readonly description?: string;
  readonly completedAt?: Date;
  /** What basic scanning has found. */
  readonly findings: readonly ImageScanFinding[];
  /** What Amazon Inspector has found, where the registry has enhanced scanning. */
  readonly enhancedFindings: readonly EnhancedImageScanFinding[];
}

export interface ImageScan {
  /** "COMPLETE", "IN_PROGRESS", "FAILED", …: ECR's ImageScanStatus. */
  readonly status: string;
  /** Why the status is as it is, in ECR's words. */
  readonly description?: string;
  readonly completedAt?: Date;
  /** How many findings there are of each severity, as { HIGH: 2 }; severities without any are left out. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Scans of images. */
export interface EcrScans {
  /** What the scan of an image found; `undefined` when it was not scanned. */
  scan(repository: string, id: ImageIdentifier, signal?: AbortSignal): Promise<ImageScan | undefined>;
  /** What the scan of an image found, up to 1,000 findings a page; no page when it was not scanned. */
  scanFindings(
    repository: string,
    id: ImageIdentifier,
    signal?: AbortSignal,
  ): AsyncGenerator<ScanPage, void, void>;
  /**
   * Has ECR scan an image.
   * @throws UserError('conflict') when it was scanned within a day, UserError('requestRefused') where enhanced scanning
   *   is on, or for an image of a kind that is not scanned
   */
  startScan(repository: string, id: ImageIdentifier, signal?: AbortSignal): Promise<void>;
}

export function createEcrScans(connection: EcrConnection): EcrScans {
  return {
    scan: (repositoryName, imageId, signal) =>
      connection.call(readingOf(repositoryName, imageId), (client, sdk) =>
        orUndefined(sdk.ScanNotFoundException, async () => {
          const input = new sdk.DescribeImageScanFindingsCommand({ repositoryName, imageId, maxResults: 1 });
          const { imageScanStatus, imageScanFindings } = await client.send(input, { abortSignal: signal });
          return {
            status: imageScanStatus?.status ?? '',
            description: imageScanStatus?.description,
            completedAt: imageScanFindings?.imageScanCompletedAt,
            counts: imageScanFindings?.findingSeverityCounts ?? {},
          };
        }),
      ),

    async *scanFindings(repositoryName, imageId, signal) {
      let nextToken: string | undefined;
      do {
        const input = { repositoryName, imageId, maxResults: 1000, nextToken };
        const page = await connection.call<DescribeImageScanFindingsCommandOutput | undefined>(
          readingOf(repositoryName, imageId),
          (client, sdk) =>
            orUndefined(sdk.ScanNotFoundException, () =>
              client.send(new sdk.DescribeImageScanFindingsCommand(input), { abortSignal: signal }),
            ),
        );
        if (!page) {
          return;
        }
        const { imageScanStatus, imageScanFindings } = page;
        yield {
          status: imageScanStatus?.status ?? '',
          description: imageScanStatus?.description,
          completedAt: imageScanFindings?.imageScanCompletedAt,
          findings: imageScanFindings?.findings ?? [],
          enhancedFindings: imageScanFindings?.enhancedFindings ?? [],
        };
        nextToken = page.nextToken;
      } while (nextToken);
    },

    async startScan(repositoryName, imageId, signal) {
      const what = `the image ${nameOf(imageId)} of ${repositoryName}`;
      await connection.call(`scan ${what}`, async (client, sdk) => {
        try {
          await client.send(new sdk.StartImageScanCommand({ repositoryName, imageId }), {
            abortSignal: signal,
          });
        } catch (error) {
          throw error instanceof Error ? (refusalOf(error, what, sdk) ?? error) : error;
        }
      });
    },
  };
}

/** What ECR means where its own words do not say what to do next. */
function refusalOf(error: Error, what: string, sdk: typeof Sdk): UserError | undefined {
  const refused = (reason: 'conflict' | 'requestRefused', why: string): UserError =>
    new UserError(reason, `Could not scan ${what}: ${why} ${error.name}: ${error.message}`, { cause: error });
  if (error instanceof sdk.LimitExceededException) {
    return refused(
      'conflict',
      'ECR scans an image once in 24 hours, and it was scanned within these. Show Scan Findings has what was found.',
    );
  }
  if (error instanceof sdk.ValidationException) {
    return refused(
      'requestRefused',
      'ECR starts no scan here, as where enhanced scanning is on: Amazon Inspector scans on its own then. Show Scan Findings has what it found.',
    );
  }
  if (error instanceof sdk.UnsupportedImageTypeException) {
    return refused(
      'requestRefused',
      'ECR does not scan images of this type. Scan the platforms of a multi-platform image one by one.',
    );
  }
  return undefined;
}

function readingOf(repository: string, id: ImageIdentifier): string {
  return `read the scan of the image ${nameOf(id)} of ${repository}`;
}

function nameOf({ imageDigest, imageTag }: ImageIdentifier): string {
  return imageDigest ?? imageTag ?? '';
}
