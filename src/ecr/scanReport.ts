import { escapeMarkdown, markdownLink, markdownTable } from './markdownText';
import type { Finding, ScanResult } from './scanFindings';
import { describeCounts, SEVERITIES, type Severity } from './severity';

export interface ScanSubject {
  readonly repository: string;
  /** Tag or digest. */
  readonly image: string;
  readonly digest: string;
  /** Where the repository is, for the eye: "prod · eu-central-1". */
  readonly place: string;
}

const TITLES: Readonly<Record<Severity, string>> = {
  CRITICAL: 'Critical',
  HIGH: 'High',
  MEDIUM: 'Medium',
  LOW: 'Low',
  INFORMATIONAL: 'Informational',
  UNDEFINED: 'Severity not known',
};

/** What the scan of an image has found, as a Markdown document to read. */
export function writeScanReport(
  { repository, image, digest, place }: ScanSubject,
  { status, statusDescription, completedAt, findings }: ScanResult,
): string {
  const counts: Partial<Record<string, number>> = {};
  findings.forEach(({ severity }) => (counts[severity] = (counts[severity] ?? 0) + 1));
  const facts = [place, ...(completedAt ? [`scanned ${completedAt.toLocaleString()}`] : []), digest];
  return [
    `# Scan of ${escapeMarkdown(repository)}: ${escapeMarkdown(image)}`,
    facts.map(escapeMarkdown).join(' · '),
    summarize(status, findings.length, describeCounts(counts)),
    ...(statusDescription ? [`> ${escapeMarkdown(`${status}: ${statusDescription}`)}`] : []),
    ...SEVERITIES.flatMap((severity) => section(severity, findings)),
    '',
  ].join('\n\n');
}

/** A scan that did not come to its end says nothing of what there is. */
function summarize(status: string, total: number, counts: readonly string[]): string {
  if (total > 0) {
    return `**${total} ${total === 1 ? 'finding' : 'findings'}**: ${counts.join(', ')}.`;
  }
  return status === 'COMPLETE' || status === 'ACTIVE'
    ? '**No findings.**'
    : '**The scan did not come to an end**: what the image has is not known.';
}

function section(severity: Severity, findings: readonly Finding[]): string[] {
  const own = findings.filter((finding) => finding.severity === severity);
  if (own.length === 0) {
    return [];
  }
  const rows = own.map(({ name, url, score, packages, description }) => [
    `**${markdownLink(name || 'not named', url)}**${score === undefined ? '' : `<br>${score.toFixed(1)}`}`,
    packages.map((each) => escapeMarkdown(each.name)).join('<br>'),
    packages.map((each) => escapeMarkdown(each.version)).join('<br>'),
    packages.map((each) => escapeMarkdown(each.fixedIn ?? '–')).join('<br>'),
    escapeMarkdown(description),
  ]);
  const headings = ['Name', 'Package', 'Version', 'Fixed in', 'Description'];
  return [`## ${TITLES[severity]} (${own.length})`, markdownTable(headings, rows).join('\n')];
}
