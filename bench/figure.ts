/** One figure as it was seen in this run. */
export interface Figure {
  readonly name: string;
  readonly seen: string;
  /** What it is held against; left out where there is no such number. */
  readonly goal?: string;
}

/** Measures its figures, and says what it is about to do. Takes what it needs and leaves nothing behind. */
export type Measurement = (say: (text: string) => void) => Promise<Figure[]>;

/** Lays figures out as a Markdown table whose columns line up. */
export function formatFigures(figures: readonly Figure[]): string {
  const rows = [
    ['Figure', 'Seen', 'Goal'],
    ...figures.map(({ name, seen, goal }) => [name, seen, goal ?? '']),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const [head, ...body] = rows.map(
    (row) => `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`,
  );
  return [head, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body].join('\n');
}

/** The value below which `share` of the values lie; 0.5 is the median. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(place)] ?? NaN, sorted[Math.ceil(place)] ?? NaN];
  return below + (above - below) * (place - Math.floor(place));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function inMilliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}
