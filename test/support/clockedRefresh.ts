import { AutoRefresh, type RefreshTarget } from '../../src/explorer/autoRefresh';
import { TestClock } from './testClock';

/** A window's trees that keep themselves up to date, on a clock that moves when told. */
export interface ClockedRefresh {
  setAwake(awake: boolean): void;
  /** Lets time pass, with whatever is refreshed in it. */
  pass(milliseconds: number): Promise<void>;
  dispose(): void;
}

/** @param targets what can be refreshed, asked anew each time */
export function refreshOnClock(targets: () => readonly RefreshTarget[]): ClockedRefresh {
  const clock = new TestClock();
  const running = new Set<Promise<unknown>>();
  const watched = (target: RefreshTarget): RefreshTarget => ({
    ...target,
    refresh: (signal) => {
      const work = target.refresh(signal);
      running.add(work);
      return work.finally(() => running.delete(work));
    },
  });
  const refresher = new AutoRefresh(() => targets().map(watched), clock);
  return {
    setAwake: (awake) => refresher.setAwake(awake),
    pass: (milliseconds) =>
      clock.pass(milliseconds, async () => {
        await Promise.all(running);
        await new Promise((resolve) => setImmediate(resolve));
      }),
    dispose: () => refresher.dispose(),
  };
}
