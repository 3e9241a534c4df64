import assert from 'node:assert/strict';
import { RefreshPolicy, type RefreshNeed, type RefreshResult } from '../../../src/explorer/refreshPolicy';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const need = (key: string, calls: number, changing = false): RefreshNeed => ({ key, calls, changing });

/** Goes through a span of time as a timer would, and says when each need was asked for, in seconds. */
function askedIn(
  span: number,
  needs: readonly RefreshNeed[],
  answer: (key: string, count: number) => RefreshResult = () => 'unchanged',
): Record<string, number[]> {
  let now = 0;
  const policy = new RefreshPolicy(() => now);
  const asked: Record<string, number[]> = {};
  for (let next = policy.next(needs); next && next.at <= span; next = policy.next(needs)) {
    now = next.at;
    const times = (asked[next.need.key] ??= []);
    times.push(now / SECOND);
    policy.note(next.need, answer(next.need.key, times.length));
  }
  return asked;
}

const callsOf = (asked: Record<string, number[]>, needs: readonly RefreshNeed[]): number =>
  needs.reduce((sum, { key, calls }) => sum + calls * (asked[key]?.length ?? 0), 0);

describe('When what is shown is asked for again', () => {
  it('is every five seconds while it changes', () => {
    const asked = askedIn(20 * SECOND, [need('services', 1, true)], () => 'changed');
    assert.deepEqual(asked, { services: [5, 10, 15, 20] });
  });

  it('is less often while nothing comes of it, but never less often than at rest', () => {
    const { services = [] } = askedIn(10 * MINUTE, [need('services', 1, true)]);
    assert.deepEqual(services.slice(0, 12), [5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 65]);
    const gaps = services.slice(1).map((at, index) => at - (services[index] ?? 0));
    assert.equal(Math.max(...gaps), 60);
  });

  it('is often again once something has come of it', () => {
    const { services = [] } = askedIn(2 * MINUTE, [need('services', 1, true)], (_key, count) =>
      count === 13 ? 'changed' : 'unchanged',
    );
    assert.deepEqual(services.slice(11, 15), [65, 85, 90, 95]);
  });

  it('is every five seconds from the start of a change, however long nothing had changed before', () => {
    let now = 0;
    const policy = new RefreshPolicy(() => now);
    const pass = (changing: boolean): number => {
      const before = now;
      const next = policy.next([need('service', 1, changing)]);
      assert.ok(next);
      now = next.at;
      policy.note(next.need, 'unchanged');
      return (now - before) / SECOND;
    };
    assert.deepEqual(
      Array.from({ length: 30 }, () => pass(false)),
      Array.from({ length: 30 }, () => 60),
    );
    assert.deepEqual([pass(true), pass(true), pass(true)], [5, 5, 5]);
  });

  it('is at least a second a call apart while it changes', () => {
    assert.deepEqual(
      askedIn(40 * SECOND, [need('tasks', 12, true)], () => 'changed'),
      { tasks: [12, 24, 36] },
    );
  });

  it('is once a minute at most when nothing changes', () => {
    assert.deepEqual(askedIn(3 * MINUTE, [need('repositories', 1)]), { repositories: [60, 120, 180] });
  });

  for (const needs of [
    [need('repositories', 1)],
    [need('repositories', 1), need('clusters', 2), need('families', 1)],
    [need('repositories', 5), need('images', 10), need('clusters', 4), need('services', 2)],
    [need('services', 110), need('families', 20), need('repositories', 1)],
  ]) {
    it(`is within 20 calls in ten minutes at rest: ${needs.map(({ calls }) => calls).join(' + ')}`, () => {
      const calls = callsOf(askedIn(10 * MINUTE, needs), needs);
      assert.ok(calls > 0 && calls <= 20, `${calls} calls`);
    });
  }

  it('does not keep a short list waiting for a long one', () => {
    const asked = askedIn(10 * MINUTE, [need('services', 110), need('repositories', 1)]);
    assert.deepEqual(asked, { repositories: [60, 120, 180, 240, 300, 360, 420, 480, 540, 600] });
  });

  it('is ever later after failures, for all of the context, and as before after a success', () => {
    const needs = [need('services', 1, true), need('tasks', 2, true)];
    const failing = askedIn(10 * MINUTE, needs, () => 'failed');
    const times = Object.values(failing)
      .flat()
      .sort((a, b) => a - b);
    assert.deepEqual(times, [5, 35, 95, 215, 455]);
    const { services = [] } = askedIn(MINUTE, [need('services', 1, true)], (_key, count) =>
      count === 1 ? 'failed' : 'changed',
    );
    assert.deepEqual(services.slice(0, 4), [5, 35, 40, 45]);
  });

  it('is at once when its time has come while nobody could look', () => {
    let now = 0;
    const policy = new RefreshPolicy(() => now);
    policy.next([need('repositories', 1)]);
    now = 5 * MINUTE;
    assert.ok((policy.next([need('repositories', 1)])?.at ?? Infinity) <= now);
  });
});
