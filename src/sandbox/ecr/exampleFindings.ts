import type { ImageRecord } from './imageCatalog';
import type { RepositoryRecord } from './repositoryCatalog';

/** A tag of a repository that says how many example findings a scan of each of its images has. */
export const FINDINGS_TAG = 'sandbox:findings';

/** An example of a weakness. None is a real one: CVE-1900 is a year that no list has. */
export interface ExampleFinding {
  readonly name: string;
  readonly severity: string;
  readonly packageName: string;
  readonly version: string;
  readonly fixedIn: string | undefined;
  readonly score: number;
  readonly vector: string;
  readonly description: string;
}

const SEVERITIES = [
  ['HIGH', 8.1],
  ['MEDIUM', 5.3],
  ['LOW', 2.9],
  ['CRITICAL', 9.8],
  ['MEDIUM', 6.5],
  ['LOW', 3.7],
  ['INFORMATIONAL', 0],
] as const;

const PACKAGES = [
  ['openssl', '3.0.11-1', '3.0.14-1'],
  ['zlib', '1.2.13', undefined],
  ['busybox', '1.36.0', '1.36.1'],
  ['curl', '8.4.0', '8.9.1'],
  ['libxml2', '2.9.14', undefined],
] as const;

/**
 * What a scan of an image finds. The sandbox looks at no image: where its repository has the tag `sandbox:findings`,
 * these are so many examples, the same at every scan of an image and others for another image, else none.
 */
export function exampleFindings(
  { tags }: RepositoryRecord,
  { digest }: ImageRecord,
): readonly ExampleFinding[] {
  const wanted = Number(tags[FINDINGS_TAG]);
  const count = Number.isInteger(wanted) && wanted > 0 ? Math.min(wanted, 10_000) : 0;
  const start = Number.parseInt(digest.split(':')[1]?.slice(0, 6) ?? '', 16) || 0;
  return Array.from({ length: count }, (_, index) => exampleFinding(start, index));
}

function exampleFinding(start: number, index: number): ExampleFinding {
  const [severity, score] = SEVERITIES[(start + index) % SEVERITIES.length] ?? SEVERITIES[0];
  const [packageName, version, fixedIn] = PACKAGES[(start + index) % PACKAGES.length] ?? PACKAGES[0];
  return {
    name: `CVE-1900-${String(10_000 + index)}`,
    severity,
    packageName,
    version,
    fixedIn,
    score,
    vector: 'AV:N/AC:L/Au:N/C:P/I:P/A:P',
    description: `An example of the sandbox, which scans nothing: a weakness of ${packageName} before ${fixedIn ?? 'every version'} that nobody has found.`,
  };
}
