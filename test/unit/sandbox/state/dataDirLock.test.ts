import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDataDir } from '../../../../src/sandbox/state/dataDirLock';

describe('the lock of a data directory', () => {
  let dataDir: string;
  beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'lock-'))));
  afterEach(() => rmSync(dataDir, { recursive: true }));

  const heldBy = (holder: unknown): void =>
    writeFileSync(join(dataDir, 'lock'), typeof holder === 'string' ? holder : JSON.stringify(holder));

  it('is refused while it is held, naming the process, and given after its release', () => {
    const lock = lockDataDir(dataDir);
    assert.throws(() => lockDataDir(dataDir), {
      reason: 'sandboxFailed',
      message: new RegExp(`in use by process ${process.pid}\\..*${dataDir}`),
    });
    lock.release();
    lockDataDir(dataDir).release();
  });

  it('is refused while another living process holds it', () => {
    heldBy({ pid: process.ppid, startedAt: Date.now() });
    assert.throws(() => lockDataDir(dataDir), { reason: 'sandboxFailed' });
  });

  it('is taken over from a process that has ended', () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    heldBy({ pid, startedAt: Date.now() });
    lockDataDir(dataDir).release();
  });

  it('is taken over from an earlier process whose id is used again', () => {
    heldBy({ pid: process.pid, startedAt: Math.round(performance.timeOrigin) - 5000 });
    lockDataDir(dataDir).release();
    heldBy({ pid: process.ppid, startedAt: 1000 });
    lockDataDir(dataDir).release();
  });

  it('is taken over when its holder could not even write it', () => {
    heldBy('{"pid":');
    lockDataDir(dataDir).release();
  });
});
