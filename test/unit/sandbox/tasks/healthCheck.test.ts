import assert from 'node:assert/strict';
import { healthProgram, watchHealth } from '../../../../src/sandbox/tasks/healthCheck';

describe('watchHealth', () => {
  /** Runs the check over the results, and gives what was reported after how many probes. */
  const watch = async (
    results: readonly boolean[],
    check: { retries?: number; startPeriod?: number } = {},
  ): Promise<string[]> => {
    const reported: string[] = [];
    const end = new AbortController();
    let probes = 0;
    await watchHealth(
      { command: ['CMD', 'x'], interval: 0.001, timeout: 2, ...check },
      async (timeout) => {
        assert.equal(timeout, 2_000);
        const result = results[probes] === true;
        probes += 1;
        if (probes > results.length) {
          end.abort();
        }
        return result;
      },
      (status) => reported.push(`${probes} ${status}`),
      end.signal,
    );
    return reported;
  };

  it('becomes healthy with one success, and unhealthy with as many failures in a row as there are retries', async () => {
    assert.deepEqual(
      await watch([false, false, true, false, false, true, false, false, false], { retries: 3 }),
      ['3 HEALTHY', '6 HEALTHY', '9 UNHEALTHY'],
    );
  });

  it('does not count failures in the start period', async () => {
    assert.deepEqual(await watch([false, false, false, false, true], { retries: 1, startPeriod: 60 }), [
      '5 HEALTHY',
    ]);
  });

  it('counts failures after the first success, start period or not', async () => {
    assert.deepEqual(await watch([true, false], { retries: 1, startPeriod: 60 }), [
      '1 HEALTHY',
      '2 UNHEALTHY',
    ]);
  });
});

describe('healthProgram', () => {
  it('runs CMD as it is and CMD-SHELL in a shell, and nothing for NONE', () => {
    assert.deepEqual(healthProgram({ command: ['CMD', 'curl', '-f', 'x'] }), ['curl', '-f', 'x']);
    assert.deepEqual(healthProgram({ command: ['CMD-SHELL', 'a || exit 1'] }), [
      '/bin/sh',
      '-c',
      'a || exit 1',
    ]);
    assert.equal(healthProgram({ command: ['NONE'] }), undefined);
  });
});
