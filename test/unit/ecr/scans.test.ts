import assert from 'node:assert/strict';
import type { EcrGateway } from '../../../src/aws/ecrGateway';
import type { ScanPage } from '../../../src/aws/ecrScans';
import { readScan, type Finding } from '../../../src/ecr/scanFindings';
import { writeScanReport } from '../../../src/ecr/scanReport';

const page = (parts: Partial<ScanPage>): ScanPage => ({
  status: 'COMPLETE',
  findings: [],
  enhancedFindings: [],
  ...parts,
});

async function read(...pages: readonly ScanPage[]): Promise<readonly Finding[]> {
  async function* scanFindings(): AsyncGenerator<ScanPage, void, void> {
    yield* await Promise.resolve(pages);
  }
  const result = await readScan({ scanFindings } as unknown as EcrGateway, 'web', {});
  return result?.findings ?? [];
}

describe('what a scan has found', () => {
  it('is the same of basic and of enhanced scanning', async () => {
    const basic = {
      name: 'CVE-2024-1',
      severity: 'HIGH' as const,
      description: 'Bad.',
      uri: 'https://cve.example/1',
      attributes: [
        { key: 'package_name', value: 'zlib' },
        { key: 'package_version', value: '1.2' },
        { key: 'CVSS2_SCORE', value: '7.5' },
      ],
    };
    const enhanced = {
      title: 'CVE-2024-2 - zlib',
      severity: 'CRITICAL',
      score: 9.1,
      description: 'Worse.',
      packageVulnerabilityDetails: {
        vulnerabilityId: 'CVE-2024-2',
        sourceUrl: 'https://cve.example/2',
        vulnerablePackages: [
          { name: 'zlib', version: '1.2', release: '3', fixedInVersion: '0:1.3' },
          { name: 'minizip', version: '1.2', fixedInVersion: 'NotAvailable' },
        ],
      },
    };
    assert.deepEqual(await read(page({ findings: [basic] }), page({ enhancedFindings: [enhanced] })), [
      {
        name: 'CVE-2024-2',
        severity: 'CRITICAL',
        url: 'https://cve.example/2',
        score: 9.1,
        packages: [
          { name: 'zlib', version: '1.2-3', fixedIn: '0:1.3' },
          { name: 'minizip', version: '1.2', fixedIn: 'none' },
        ],
        description: 'Worse.',
      },
      {
        name: 'CVE-2024-1',
        severity: 'HIGH',
        url: 'https://cve.example/1',
        score: 7.5,
        packages: [{ name: 'zlib', version: '1.2' }],
        description: 'Bad.',
      },
    ]);
  });

  it('is in order of severity, then of score, then of number', async () => {
    const found = await read(
      page({
        findings: [
          { name: 'CVE-2024-1000', severity: 'LOW' },
          { name: 'CVE-2024-999', severity: 'LOW' },
          { name: 'scored', severity: 'LOW', attributes: [{ key: 'CVSS3_SCORE', value: '3' }] },
          { name: 'unknown', severity: 'UNTRIAGED' as 'LOW' },
          { name: 'worst', severity: 'CRITICAL' },
        ],
      }),
    );
    assert.deepEqual(
      found.map(({ name }) => name),
      ['worst', 'scored', 'CVE-2024-999', 'CVE-2024-1000', 'unknown'],
    );
  });

  it('leads to a page by https, by the number of the CVE where its source names none', async () => {
    const found = await read(
      page({
        findings: [
          { name: 'CVE-2024-1000', uri: 'http://cve.example' },
          { name: 'ALAS-1', uri: 'javascript:alert(1)' },
        ],
      }),
    );
    assert.deepEqual(
      found.map(({ url }) => url),
      [undefined, 'https://www.cve.org/CVERecord?id=CVE-2024-1000'],
    );
  });

  it('is a document in which nothing of it is markup', () => {
    const subject = { repository: 'web', image: 'v1', digest: 'sha256:1', place: 'prod · eu' };
    const finding: Finding = {
      name: 'CVE-1',
      severity: 'HIGH',
      url: 'https://cve.example',
      packages: [{ name: '<b>|', version: '1', fixedIn: '2' }],
      description: 'a\n| b <script>',
    };
    const text = writeScanReport(subject, { status: 'COMPLETE', findings: [finding] });
    assert.match(text, /\*\*1 finding\*\*: 1 high\./);
    assert.match(text, /^## High \(1\)$/m);
    assert.ok(
      text.includes('| **[CVE\\-1](<https://cve.example/>)** | \\<b\\>\\| | 1 | 2 | a \\| b \\<script\\> |'),
      text,
    );
    assert.match(writeScanReport(subject, { status: 'ACTIVE', findings: [] }), /\*\*No findings\.\*\*/);
    assert.match(
      writeScanReport(subject, { status: 'FAILED', statusDescription: 'no *os*', findings: [] }),
      /did not come to an end.*> FAILED\\: no \\\*os\\\*/s,
    );
  });
});
