/** Something that is shown and could be asked for again. */
export interface RefreshNeed {
  readonly key: string;
  /** Calls that asking for it takes. */
  readonly calls: number;
  /** True while it shows something that is under way: a rollout, a pending task, a deletion. */
  readonly changing: boolean;
}

/** What came of asking: `failed` stands for what any other call would meet as well, throttling above all. */
export type RefreshResult = 'changed' | 'unchanged' | 'failed';

const SECOND = 1000;

/** While something is under way: how often, at least this long a call, and after how many quiet rounds less often. */
const CHANGING = { interval: 5 * SECOND, perCall: SECOND, patience: 10 };

/** Otherwise: how often at most, and how long one call has to last. Two calls a minute are shared by all. */
const RESTING = { interval: 60 * SECOND, perCall: 30 * SECOND };

const BACK_OFF = { first: 30 * SECOND, most: 600 * SECOND };

/**
 * When to ask again for what is shown of one context: often while it changes, rarely otherwise, and ever
 * more rarely where AWS limits the rate or nothing comes of it. Knows no timer: it is asked, and told.
 */
export class RefreshPolicy {
  private readonly asked = new Map<string, Asked>();
  /** In a row, whatever was asked for. */
  private failures = 0;
  private notBefore = 0;

  /** @param now milliseconds of a clock that only goes forward */
  constructor(private readonly now: () => number) {}

  /** What is to be asked for next, and when; what was not there before counts as just asked for. */
  next<N extends RefreshNeed>(needs: readonly N[]): { readonly need: N; readonly at: number } | undefined {
    let first: { need: N; at: number } | undefined;
    for (const need of needs) {
      const at = Math.max(this.dueAt(need, needs.length), this.notBefore);
      if (!first || at < first.at) {
        first = { need, at };
      }
    }
    return first;
  }

  /** Takes note of what was asked for just now. */
  note({ key, changing }: RefreshNeed, result: RefreshResult): void {
    const before = this.asked.get(key);
    const failed = result === 'failed';
    this.asked.set(key, {
      at: this.now(),
      quietRounds: changing && result !== 'changed' ? (before?.quietRounds ?? 0) + 1 : 0,
      failures: failed ? (before?.failures ?? 0) + 1 : 0,
    });
    this.failures = failed ? this.failures + 1 : 0;
    this.notBefore = this.now() + backOff(this.failures);
  }

  private dueAt({ key, calls, changing }: RefreshNeed, needs: number): number {
    const known = this.asked.get(key) ?? { at: this.now(), quietRounds: 0, failures: 0 };
    this.asked.set(key, known);
    const resting = Math.max(RESTING.interval, RESTING.perCall * calls * needs);
    const patience = 2 ** Math.max(0, known.quietRounds - CHANGING.patience);
    const often = Math.max(CHANGING.interval, CHANGING.perCall * calls) * patience;
    const interval = changing ? Math.min(often, resting) : resting;
    return known.at + Math.max(interval, backOff(known.failures));
  }
}

interface Asked {
  readonly at: number;
  /** How often in a row nothing came of it while something was under way. */
  readonly quietRounds: number;
  readonly failures: number;
}

function backOff(failures: number): number {
  return failures === 0 ? 0 : Math.min(BACK_OFF.first * 2 ** (failures - 1), BACK_OFF.most);
}
