import assert from 'node:assert/strict';
import { judgeDependency, type DependencyState } from '../../../../src/sandbox/tasks/dependencyVerdict';

describe('judgeDependency', () => {
  const NOW = 100_000;
  const states: Readonly<Record<string, DependencyState>> = {
    'not started': { stopped: false, healthy: false },
    running: { startedAt: NOW - 1_000, stopped: false, healthy: false },
    healthy: { startedAt: NOW - 1_000, stopped: false, healthy: true },
    'ended well': { startedAt: NOW - 1_000, stopped: true, exitCode: 0, healthy: false },
    'ended badly': { startedAt: NOW - 1_000, stopped: true, exitCode: 1, healthy: false },
    'never to start': { stopped: true, healthy: false },
  };
  const verdicts = {
    START: ['waiting', 'met', 'met', 'met', 'met', 'impossible'],
    COMPLETE: ['waiting', 'waiting', 'waiting', 'met', 'met', 'impossible'],
    SUCCESS: ['waiting', 'waiting', 'waiting', 'met', 'impossible', 'impossible'],
    HEALTHY: ['waiting', 'waiting', 'met', 'impossible', 'impossible', 'impossible'],
  } as const;

  for (const condition of ['START', 'COMPLETE', 'SUCCESS', 'HEALTHY'] as const) {
    it(`judges ${condition} by the state of the other container`, () => {
      const judged = Object.values(states).map(
        (state) => judgeDependency({ container: 'db', condition }, 'app', state, NOW).kind,
      );
      assert.deepEqual(
        Object.fromEntries(Object.keys(states).map((name, index) => [name, judged[index]])),
        Object.fromEntries(Object.keys(states).map((name, index) => [name, verdicts[condition][index]])),
      );
    });
  }

  it('does not wait past the start timeout of the other container', () => {
    const state = { startedAt: NOW - 2_000, stopped: false, healthy: false, startTimeout: 2_000 };
    const verdict = judgeDependency({ container: 'db', condition: 'HEALTHY' }, 'app', state, NOW);
    assert.ok(verdict.kind === 'impossible' && verdict.cause.includes('has timed out'));
    assert.equal(
      judgeDependency({ container: 'db', condition: 'HEALTHY' }, 'app', state, NOW - 1).kind,
      'waiting',
    );
  });
});
