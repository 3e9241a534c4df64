import assert from 'node:assert/strict';
import { isAbsolute, resolve } from 'node:path';
import { parseArguments } from '../../../src/sandbox/parseArguments';

describe('the arguments of the sandbox', () => {
  it('need not be given', () => {
    const { dataDir, ...rest } = parseArguments([]);
    assert.ok(isAbsolute(dataDir));
    assert.match(dataDir, /aws-containers/);
    assert.deepEqual(rest, {
      help: false,
      port: undefined,
      engine: 'auto',
      latency: 0,
      seedFile: undefined,
      exitWithParent: false,
    });
  });

  it('are taken in both forms of the shell', () => {
    const given = parseArguments([
      '--port',
      '0',
      '--data-dir=a b',
      '--engine=podman',
      '--latency',
      '50',
      '--exit-with-parent',
    ]);
    assert.deepEqual(given, {
      help: false,
      port: 0,
      dataDir: resolve('a b'),
      engine: 'podman',
      latency: 50,
      seedFile: undefined,
      exitWithParent: true,
    });
  });

  for (const args of [
    ['--port=-1'],
    ['--port=1.5'],
    ['--port='],
    ['--latency=soon'],
    ['--engine='],
    ['--port'],
    ['-x'],
  ]) {
    it(`are refused as ${args.join(' ')}`, () => {
      assert.throws(() => parseArguments(args), { reason: 'invalidInput' });
    });
  }
});
