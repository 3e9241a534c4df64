/** Severities of ECR and Amazon Inspector, the worst first. */
export const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL', 'UNDEFINED'] as const;

export type Severity = (typeof SEVERITIES)[number];

/** How many findings there are of each severity that has some, the worst first, as "2 critical". */
export function describeCounts(counts: Readonly<Partial<Record<string, number>>>): readonly string[] {
  return SEVERITIES.flatMap((severity) => {
    const count = counts[severity] ?? 0;
    return count === 0 ? [] : [`${count} ${severity.toLowerCase()}`];
  });
}
