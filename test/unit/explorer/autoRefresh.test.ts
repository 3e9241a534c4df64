import assert from 'node:assert/strict';
import { AutoRefresh, type RefreshTarget } from '../../../src/explorer/autoRefresh';
import type { RefreshResult } from '../../../src/explorer/refreshPolicy';
import { TestClock } from '../../support/testClock';

describe('Keeping what is shown up to date', () => {
  let clock: TestClock;
  let targets: RefreshTarget[];
  let asked: string[];
  let refresher: AutoRefresh;

  beforeEach(() => {
    clock = new TestClock();
    targets = [];
    asked = [];
    refresher = new AutoRefresh(() => targets, clock);
  });
  afterEach(() => refresher.dispose());

  const target = (
    key: string,
    refresh: (signal: AbortSignal) => Promise<RefreshResult> = () => Promise.resolve('changed'),
    group = 'work',
  ): RefreshTarget => ({
    key,
    group,
    calls: 1,
    changing: true,
    refresh: (signal) => {
      asked.push(key);
      return refresh(signal);
    },
  });

  it('asks for nothing before somebody can see it, nor after', async () => {
    targets = [target('services')];
    await clock.pass(60_000);
    assert.deepEqual(asked, []);
    refresher.setAwake(true);
    await clock.pass(11_000);
    assert.deepEqual(asked, ['services', 'services']);
    refresher.setAwake(false);
    await clock.pass(600_000);
    assert.equal(asked.length, 2);
  });

  it('ends what is under way when nobody can see it any more', async () => {
    let ended = false;
    targets = [
      target(
        'services',
        (signal) =>
          new Promise((resolve) =>
            signal.addEventListener('abort', () => {
              ended = true;
              resolve('unchanged');
            }),
          ),
      ),
    ];
    refresher.setAwake(true);
    await clock.pass(5000);
    refresher.setAwake(false);
    assert.ok(ended);
  });

  it('asks one question at a time of a context, and of another one while the first hangs', async () => {
    const hanging = new Promise<RefreshResult>(() => undefined);
    targets = [
      target('hangs', () => hanging, 'far'),
      target('waits for it', () => Promise.resolve('changed'), 'far'),
      target('goes on', () => Promise.resolve('changed'), 'near'),
    ];
    refresher.setAwake(true);
    await clock.pass(20_000);
    assert.equal(asked.filter((key) => key === 'hangs').length, 1);
    assert.ok(!asked.includes('waits for it'));
    assert.equal(asked.filter((key) => key === 'goes on').length, 4);
  });

  it('takes up what is shown later, and lets go of what is not', async () => {
    refresher.setAwake(true);
    await clock.pass(60_000);
    targets = [target('services')];
    refresher.replan();
    await clock.pass(5000);
    assert.deepEqual(asked, ['services']);
    targets = [];
    refresher.replan();
    await clock.pass(60_000);
    assert.deepEqual(asked, ['services']);
  });
});
