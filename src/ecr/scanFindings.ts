import type { EnhancedImageScanFinding, ImageIdentifier, ImageScanFinding } from '@aws-sdk/client-ecr';
import type { EcrGateway } from '../aws/ecrGateway';
import { delay } from '../base/delay';
import { httpsUrl } from './markdownText';
import { SEVERITIES, type Severity } from './severity';

/** One weakness, in the words of whoever knows of it. */
export interface Finding {
  readonly name: string;
  readonly severity: Severity;
  /** Of a page that says more. */
  readonly url?: string;
  /** From 0 to 10, by the common vulnerability scoring system. */
  readonly score?: number;
  readonly packages: readonly AffectedPackage[];
  readonly description: string;
}

export interface AffectedPackage {
  readonly name: string;
  readonly version: string;
  /** The version that is without it, "none" where there is no such version; `undefined` where nobody says. */
  readonly fixedIn?: string;
}

export interface ScanResult {
  /** ECR's ImageScanStatus. */
  readonly status: string;
  readonly statusDescription?: string;
  readonly completedAt?: Date;
  /** The worst first. */
  readonly findings: readonly Finding[];
}

/** @returns `undefined` when the image was not scanned */
export async function readScan(
  ecr: EcrGateway,
  repository: string,
  id: ImageIdentifier,
  signal?: AbortSignal,
): Promise<ScanResult | undefined> {
  let result: ScanResult | undefined;
  const findings: Finding[] = [];
  for await (const page of ecr.scanFindings(repository, id, signal)) {
    findings.push(...page.findings.map(fromBasic), ...page.enhancedFindings.map(fromEnhanced));
    result = {
      status: page.status,
      ...(page.description === undefined ? {} : { statusDescription: page.description }),
      ...(page.completedAt === undefined ? {} : { completedAt: page.completedAt }),
      findings,
    };
  }
  findings.sort(worstFirst);
  return result;
}

/** Statuses in which ECR is still to say what it has found. */
const UNDER_WAY: ReadonlySet<string> = new Set(['IN_PROGRESS', 'PENDING']);

const INTERVAL_MS = 1000;

/**
 * Scans an image and waits for the end.
 * @throws UserError as `EcrScans.startScan` does; UserError('cancelled') when the signal is aborted: the scan goes on
 */
export async function scanImage(
  ecr: EcrGateway,
  repository: string,
  id: ImageIdentifier,
  { signal, interval = INTERVAL_MS }: { readonly signal?: AbortSignal; readonly interval?: number } = {},
): Promise<ScanResult> {
  await ecr.startScan(repository, id, signal);
  for (;;) {
    const result = await readScan(ecr, repository, id, signal);
    if (result && !UNDER_WAY.has(result.status)) {
      return result;
    }
    await delay(interval, signal);
  }
}

function fromBasic({
  name = '',
  severity,
  uri,
  description = '',
  attributes = [],
}: ImageScanFinding): Finding {
  const attribute = (key: string): string | undefined => attributes.find((each) => each.key === key)?.value;
  const packageName = attribute('package_name');
  const fixedIn = attribute('fixed_in_versions');
  return {
    name,
    severity: toSeverity(severity),
    ...optional('url', pageOf(name, uri)),
    ...optional(
      'score',
      toScore(attribute('CVSS4_SCORE') ?? attribute('CVSS3_SCORE') ?? attribute('CVSS2_SCORE')),
    ),
    packages:
      packageName === undefined
        ? []
        : [
            {
              name: packageName,
              version: attribute('package_version') ?? '',
              ...optional('fixedIn', toVersion(fixedIn)),
            },
          ],
    description,
  };
}

function fromEnhanced(finding: EnhancedImageScanFinding): Finding {
  const { title = '', severity, score, description = '', packageVulnerabilityDetails: details } = finding;
  const name = details?.vulnerabilityId ?? title;
  return {
    name,
    severity: toSeverity(severity),
    ...optional('url', pageOf(name, details?.sourceUrl)),
    ...optional('score', score),
    packages: (details?.vulnerablePackages ?? []).map(
      ({ name: packageName = '', version, release, fixedInVersion }) => ({
        name: packageName,
        version: [version, release].filter(Boolean).join('-'),
        ...optional('fixedIn', toVersion(fixedInVersion)),
      }),
    ),
    description,
  };
}

/** The page that the source of a finding names, else that of the CVE by its number. */
function pageOf(name: string, uri: string | undefined): string | undefined {
  return (
    httpsUrl(uri) ??
    (/^CVE-\d{4}-\d{4,19}$/.test(name) ? `https://www.cve.org/CVERecord?id=${name}` : undefined)
  );
}

/** Inspector's "UNTRIAGED" is what ECR calls "UNDEFINED". */
function toSeverity(severity: string | undefined): Severity {
  return SEVERITIES.find((known) => known === severity) ?? 'UNDEFINED';
}

function toScore(text: string | undefined): number | undefined {
  const score = Number(text);
  return text !== undefined && score >= 0 && score <= 10 ? score : undefined;
}

/** Inspector says "NotAvailable" where there is no fix. */
function toVersion(text: string | undefined): string | undefined {
  return text === 'NotAvailable' ? 'none' : text || undefined;
}

function optional<K extends string, V>(key: K, value: V | undefined): Readonly<Partial<Record<K, V>>> {
  return (value === undefined ? {} : { [key]: value }) as Readonly<Partial<Record<K, V>>>;
}

function worstFirst(left: Finding, right: Finding): number {
  return (
    SEVERITIES.indexOf(left.severity) - SEVERITIES.indexOf(right.severity) ||
    (right.score ?? 0) - (left.score ?? 0) ||
    // Numbers within names in their own order: CVE-2024-999 before CVE-2024-1000.
    left.name.localeCompare(right.name, 'en', { numeric: true })
  );
}
