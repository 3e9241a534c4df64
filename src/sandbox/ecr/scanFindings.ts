import type { RepositoryRecord } from './repositoryCatalog';
import { exampleFindings, type ExampleFinding } from './exampleFindings';
import type { ImageRecord } from './imageCatalog';
import { arnOf } from './resourceTags';

/** For so long a scan is in progress, as AWS's is for some seconds. */
const SCAN_MILLISECONDS = 400;

/** Where an image is, as its findings name it. */
export interface ScanPlace {
  readonly region: string;
  readonly accountId: string;
  readonly repository: RepositoryRecord;
  /** Whether Amazon Inspector would scan it, rather than ECR. */
  readonly enhanced: boolean;
}

/** An ImageScanStatus of the ECR API, whose description does not pass for a real scan's. */
export interface ScanStatus {
  readonly status: 'IN_PROGRESS' | 'COMPLETE' | 'ACTIVE';
  readonly description?: string;
}

/** @returns `undefined` when the image was not scanned */
export function scanStatusOf(
  { repository, enhanced }: ScanPlace,
  image: ImageRecord,
): ScanStatus | undefined {
  const { scannedAt } = image;
  if (enhanced) {
    // Inspector looks at every image that can run, again and again.
    return image.children.length > 0
      ? undefined
      : { status: 'ACTIVE', description: describe(repository, image) };
  }
  if (scannedAt === undefined) {
    return undefined;
  }
  return Date.now() - scannedAt < SCAN_MILLISECONDS
    ? { status: 'IN_PROGRESS' }
    : { status: 'COMPLETE', description: describe(repository, image) };
}

function describe(repository: RepositoryRecord, image: ImageRecord): string {
  return exampleFindings(repository, image).length > 0
    ? 'The sandbox does not scan images: these findings are examples.'
    : 'The sandbox does not scan images: it knows of no findings.';
}

/** An ImageScanFindingsSummary of the ECR API; ImageScanFindings begins with the same. */
export function summarizeScan({ repository }: ScanPlace, image: ImageRecord): object {
  const at = (image.scannedAt ?? image.pushedAt) / 1000;
  const counts: Record<string, number> = {};
  exampleFindings(repository, image).forEach(
    ({ severity }) => (counts[severity] = (counts[severity] ?? 0) + 1),
  );
  return { imageScanCompletedAt: at, vulnerabilitySourceUpdatedAt: at, findingSeverityCounts: counts };
}

/** An ImageScanFinding of the ECR API, with the attributes that basic scanning gives. */
export function basicFinding(found: ExampleFinding): object {
  const { name, severity, packageName, version, score, vector, description } = found;
  const attributes = {
    package_version: version,
    package_name: packageName,
    CVSS2_VECTOR: vector,
    CVSS2_SCORE: String(score),
  };
  return {
    name,
    description,
    uri: pageOf(found),
    severity,
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value })),
  };
}

/** An EnhancedImageScanFinding of the ECR API, as Amazon Inspector gives it. */
export function enhancedFinding(
  { region, accountId, repository }: ScanPlace,
  image: ImageRecord,
  found: ExampleFinding,
): object {
  const { name, severity, packageName, version, fixedIn, score, description } = found;
  const at = image.pushedAt / 1000;
  const vector = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:L';
  return {
    awsAccountId: accountId,
    description,
    findingArn: `arn:aws:inspector2:${region}:${accountId}:finding/${name.toLowerCase()}`,
    firstObservedAt: at,
    lastObservedAt: at,
    packageVulnerabilityDetails: {
      cvss: [{ baseScore: score, scoringVector: vector, source: 'NVD', version: '3.1' }],
      referenceUrls: [],
      relatedVulnerabilities: [],
      source: 'NVD',
      sourceUrl: pageOf(found),
      vendorSeverity: severity,
      vulnerabilityId: name,
      vulnerablePackages: [
        {
          arch: 'AMD64',
          epoch: 0,
          name: packageName,
          packageManager: 'OS',
          version,
          fixedInVersion: fixedIn ?? 'NotAvailable',
        },
      ],
    },
    remediation: { recommendation: { text: 'None Provided' } },
    resources: [
      {
        details: {
          awsEcrContainerImage: {
            imageHash: image.digest,
            pushedAt: at,
            registry: accountId,
            repositoryName: repository.name,
          },
        },
        id: `${arnOf(region, accountId, repository.name)}/${image.digest}`,
        tags: {},
        type: 'AWS_ECR_CONTAINER_IMAGE',
      },
    ],
    score,
    scoreDetails: {
      cvss: { adjustments: [], score, scoreSource: 'NVD', scoringVector: vector, version: '3.1' },
    },
    severity,
    status: 'ACTIVE',
    title: `${name} - ${packageName}`,
    type: 'PACKAGE_VULNERABILITY',
    updatedAt: at,
    fixAvailable: fixedIn === undefined ? 'NO' : 'YES',
    exploitAvailable: 'NO',
  };
}

function pageOf({ name }: ExampleFinding): string {
  return `https://www.cve.org/CVERecord?id=${name}`;
}
