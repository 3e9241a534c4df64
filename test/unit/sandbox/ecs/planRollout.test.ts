import assert from 'node:assert/strict';
import { failureThreshold } from '../../../../src/sandbox/ecs/circuitBreaker';
import { planRollout, taskLimits, type TaskPhase } from '../../../../src/sandbox/ecs/planRollout';

/** Tasks as a text: `n` is a new (PRIMARY) task, `o` an old one; p pending, r running, h healthy. */
function tasksOf(text: string) {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word, index) => ({
      id: `${word}${index}`,
      primary: word.startsWith('n'),
      phase: ({ p: 'pending', r: 'running', h: 'healthy' } as const)[word[1] as 'p'] satisfies TaskPhase,
      createdAt: index,
    }));
}

describe('planRollout', () => {
  const cases: readonly [
    name: string,
    desired: number,
    percents: [number, number],
    tasks: string,
    start: number,
    stop: string[],
  ][] = [
    ['starts what is missing', 3, [100, 200], 'nh', 2, []],
    ['takes the surplus away, pending and newest first', 1, [100, 200], 'nh np nh', 0, ['np1', 'nh2']],
    ['starts new tasks beside the old ones', 2, [100, 200], 'oh oh', 2, []],
    ['waits for new tasks to be healthy', 2, [100, 200], 'oh oh nr np', 0, []],
    ['takes one old task for one that is healthy', 2, [100, 200], 'oh oh nh np', 0, ['oh1']],
    ['takes the last old tasks at the end', 2, [100, 200], 'oh nh nh', 0, ['oh0']],
    ['makes room where the maximum leaves none', 2, [50, 100], 'oh oh', 0, ['oh1']],
    ['fills the room that was made', 2, [50, 100], 'oh', 1, []],
    ['keeps the old tasks as long as there is room for new ones', 2, [0, 200], 'oh oh', 2, []],
    ['stops all at a minimum of 0 where there is no room', 1, [0, 100], 'oh', 0, ['oh0']],
    ['takes old tasks that do not run at once', 2, [100, 200], 'op or nh', 1, ['op0']],
    ['keeps old tasks that run and are not yet healthy', 2, [100, 200], 'or or', 2, []],
    ['keeps them at the minimum where the maximum leaves no room', 2, [50, 100], 'or or', 0, ['or1']],
    ['takes them before old tasks that are healthy', 2, [100, 200], 'oh or nh np', 0, ['or1']],
    ['makes room with them first', 2, [100, 150], 'oh oh or', 0, ['or2']],
    ['rounds the minimum up and the maximum down', 3, [50, 150], 'oh oh oh', 1, ['oh2']],
    ['leaves nothing at a count of 0', 0, [100, 200], 'nh nh oh', 0, ['nh1', 'nh0', 'oh2']],
  ];
  for (const [name, desired, [minimumHealthyPercent, maximumPercent], text, start, stop] of cases) {
    it(name, () => {
      const limits = taskLimits(desired, { minimumHealthyPercent, maximumPercent });
      const step = planRollout({ desired, limits, tasks: tasksOf(text), places: Infinity, mayStart: true });
      assert.deepEqual(step, { start, stop, blocked: false });
    });
  }

  it('says when the limits allow no move', () => {
    const limits = taskLimits(1, { minimumHealthyPercent: 100, maximumPercent: 100 });
    const step = planRollout({ desired: 1, limits, tasks: tasksOf('oh'), places: Infinity, mayStart: true });
    assert.deepEqual(step, { start: 0, stop: [], blocked: true });
  });

  it('makes room for a task that the host has no place for, and starts it later', () => {
    const limits = taskLimits(1, { minimumHealthyPercent: 0, maximumPercent: 200 });
    const full = { desired: 1, limits, places: 0, mayStart: true };
    assert.deepEqual(planRollout({ ...full, tasks: tasksOf('oh') }), {
      start: 0,
      stop: ['oh0'],
      blocked: false,
    });
    assert.deepEqual(planRollout({ ...full, tasks: tasksOf('or') }), {
      start: 0,
      stop: ['or0'],
      blocked: false,
    });
  });

  it('neither starts nor makes room while it may not start', () => {
    const limits = taskLimits(2, { minimumHealthyPercent: 0, maximumPercent: 100 });
    const step = planRollout({
      desired: 2,
      limits,
      tasks: tasksOf('oh oh'),
      places: Infinity,
      mayStart: false,
    });
    assert.deepEqual(step, { start: 0, stop: [], blocked: false });
  });
});

describe('failureThreshold', () => {
  const cases: readonly [desired: number, configuration: object | undefined, threshold: number][] = [
    [1, undefined, 3],
    [6, undefined, 3],
    [7, undefined, 4],
    [25, undefined, 13],
    [1000, undefined, 200],
    [1000, { type: 'UNBOUNDED_PERCENT', value: 50 }, 500],
    [10, { type: 'BOUNDED_PERCENT', value: 100 }, 10],
    [10, { type: 'COUNT', value: 2 }, 2],
  ];
  for (const [desired, thresholdConfiguration, threshold] of cases) {
    it(`is ${threshold} for ${desired} tasks and ${JSON.stringify(thresholdConfiguration)}`, () => {
      const breaker = {
        enable: true,
        rollback: true,
        ...(thresholdConfiguration && { thresholdConfiguration }),
      };
      assert.equal(failureThreshold(desired, { deploymentCircuitBreaker: breaker as never }), threshold);
    });
  }
});
