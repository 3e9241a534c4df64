import type { RefreshClock } from '../../src/explorer/autoRefresh';

/** Time that passes when a test says so. */
export class TestClock implements RefreshClock {
  private time = 0;
  private readonly timers = new Set<{ readonly at: number; readonly run: () => void }>();

  now(): number {
    return this.time;
  }

  after(milliseconds: number, run: () => void): () => void {
    const timer = { at: this.time + milliseconds, run };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  /**
   * Lets time pass, and whatever is due in it happen.
   * @param settle waits for what a timer has set in motion; by default for whatever takes a few turns and no timer
   */
  async pass(milliseconds: number, settle: () => Promise<unknown> = someTurns): Promise<void> {
    const end = this.time + milliseconds;
    for (let due = this.nextDue(end); due; due = this.nextDue(end)) {
      this.timers.delete(due);
      this.time = Math.max(this.time, due.at);
      due.run();
      await settle();
    }
    this.time = end;
  }

  private nextDue(end: number): { readonly at: number; readonly run: () => void } | undefined {
    return [...this.timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }
}

async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
