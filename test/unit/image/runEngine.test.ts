import assert from 'node:assert/strict';
import type { PushEvent } from '../../../src/image/pushEvent';
import { runEngine } from '../../../src/image/runEngine';

describe('running an engine', () => {
  const run = async (
    script: string,
    secrets: readonly string[] = [],
  ): Promise<{ exitCode: number | undefined; kept: readonly string[]; output: string; lines: string[] }> => {
    const events: PushEvent[] = [];
    const lines: string[] = [];
    const { exitCode, lines: kept } = await runEngine(
      { file: process.execPath, args: ['-e', script] },
      {
        signal: new AbortController().signal,
        secrets,
        emit: (event) => events.push(event),
        onLine: (line) => lines.push(line),
      },
    );
    const output = events.map((event) => (event.kind === 'output' ? event.text : '')).join('');
    return { exitCode, kept, output, lines };
  };

  it('passes its output on line by line, and gives its exit code', async () => {
    const { exitCode, output, lines } = await run(
      `console.log('a\\x1b[31mb'); process.stdout.write('c'); process.exitCode = 3`,
    );
    assert.equal(exitCode, 3);
    assert.equal(output, 'ab\nc\n');
    assert.deepEqual(lines, ['ab', 'c']);
  });

  it('takes a secret out, also where it arrives in two pieces', async () => {
    const { kept, output } = await run(
      `process.stdout.write('login with pass'); setTimeout(() => console.log('word and on'), 100)`,
      ['password'],
    );
    assert.equal(output, 'login with *** and on\n');
    assert.deepEqual(kept, ['login with *** and on']);
  });

  it('keeps no more than the last thousand lines', async () => {
    const { kept, lines } = await run(`for (let n = 0; n < 5000; n++) console.log(n)`);
    assert.equal(lines.length, 5000);
    assert.equal(kept.length, 1000);
    assert.equal(kept.at(-1), '4999');
  });
});
