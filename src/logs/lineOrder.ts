import type { LogLine } from './logTarget';
import { byTime } from './mergeByTime';

/**
 * Holds fresh lines for a moment, so that a line of another stream that was written before but arrives after
 * takes its place in time.
 */
export class LineOrder {
  private held: LogLine[] = [];
  /** Arrivals by `performance.now()`, each with the newest timestamp that had come by then. */
  private arrivals: { readonly at: number; readonly newest: number }[] = [];

  constructor(private readonly holdMs: number) {}

  add(lines: readonly LogLine[], now: number): void {
    let newest = -Infinity;
    for (const line of lines) {
      newest = Math.max(newest, line.timestamp);
      this.held.push(line);
    }
    this.arrivals.push({ at: now, newest });
  }

  /** Lines that have been held long enough, with all that are older than one of them, in time order. */
  release(now: number): LogLine[] {
    let bound = -Infinity;
    while (this.arrivals[0] !== undefined && this.arrivals[0].at <= now - this.holdMs) {
      bound = Math.max(bound, this.arrivals[0].newest);
      this.arrivals.shift();
    }
    if (bound === -Infinity) {
      return [];
    }
    this.held.sort(byTime);
    const end = this.held.findIndex(({ timestamp }) => timestamp > bound);
    return this.held.splice(0, end === -1 ? this.held.length : end);
  }

  /** All that is held. */
  flush(): LogLine[] {
    this.arrivals = [];
    return this.held.splice(0).sort(byTime);
  }
}
