import type { LogLine } from './logTarget';

/** Writes lines for an output channel, which shows plain text. One object a channel. */
export class LineFormatter {
  /** @returns text that ends in a line feed, or '' when there are no lines */
  format(lines: readonly LogLine[]): string {
    return lines.map((line) => `${line.message}\n`).join('');
  }
}
