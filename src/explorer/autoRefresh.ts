import { RefreshPolicy, type RefreshNeed, type RefreshResult } from './refreshPolicy';

/** Something that is shown, with the way to ask for it again. */
export interface RefreshTarget extends RefreshNeed {
  /** Key of its context. Those of one context wait for each other; a context that hangs holds up no other. */
  readonly group: string;
  refresh(signal: AbortSignal): Promise<RefreshResult>;
}

/** Time as a test can give it. */
export interface RefreshClock {
  now(): number;
  /** Runs a function once, after so many milliseconds, unless the returned function is called before. */
  after(milliseconds: number, run: () => void): () => void;
}

interface Group {
  readonly policy: RefreshPolicy;
  running: boolean;
  cancel: () => void;
}

/** Keeps what is shown up to date while somebody may look at it: one question at a time for each context. */
export class AutoRefresh {
  private readonly groups = new Map<string, Group>();
  private awake: AbortController | undefined;

  /** @param targets what is shown at the moment */
  constructor(
    private readonly targets: () => readonly RefreshTarget[],
    private readonly clock: RefreshClock,
  ) {}

  /** @param awake false while nobody can see anything: then nothing is asked for */
  setAwake(awake: boolean): void {
    if (awake === (this.awake !== undefined)) {
      return;
    }
    this.awake?.abort();
    this.awake = awake ? new AbortController() : undefined;
    this.replan();
  }

  /** To be called whenever something else is shown, or what is shown has changed. */
  replan(): void {
    const targets = this.awake ? this.targets() : [];
    for (const [key, group] of this.groups) {
      if (!targets.some((target) => target.group === key)) {
        group.cancel();
      }
    }
    for (const key of new Set(targets.map(({ group }) => group))) {
      this.plan(
        key,
        targets.filter(({ group }) => group === key),
      );
    }
  }

  dispose(): void {
    this.setAwake(false);
  }

  private plan(key: string, targets: readonly RefreshTarget[]): void {
    const group = this.groups.get(key) ?? {
      policy: new RefreshPolicy(() => this.clock.now()),
      running: false,
      cancel: () => undefined,
    };
    this.groups.set(key, group);
    if (group.running) {
      return;
    }
    group.cancel();
    const next = group.policy.next(targets);
    const awake = this.awake;
    if (next && awake) {
      const wait = Math.max(0, next.at - this.clock.now());
      group.cancel = this.clock.after(wait, () => void this.run(group, next.need, awake.signal));
    }
  }

  private async run(group: Group, target: RefreshTarget, signal: AbortSignal): Promise<void> {
    group.running = true;
    try {
      const result = await target.refresh(signal);
      if (!signal.aborted) {
        group.policy.note(target, result);
      }
    } finally {
      group.running = false;
    }
    this.replan();
  }
}
