import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { ConcurrencyLimit } from '../../../../src/sandbox/tasks/concurrencyLimit';

describe('ConcurrencyLimit', () => {
  it('runs no more at a time than allowed, in the order in which they came, also when some fail', async () => {
    const limit = new ConcurrencyLimit(3);
    const started: number[] = [];
    let running = 0;
    let most = 0;
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        limit.run(async () => {
          started.push(index);
          most = Math.max(most, ++running);
          await setImmediate();
          running -= 1;
          if (index % 4 === 0) {
            throw new Error('failed');
          }
          return index;
        }),
      ),
    );
    assert.equal(most, 3);
    assert.deepEqual(
      started,
      [...started].sort((a, b) => a - b),
    );
    assert.equal(results.filter(({ status }) => status === 'rejected').length, 5);
  });
});
