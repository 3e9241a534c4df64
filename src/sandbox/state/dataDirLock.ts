import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../base/errors';

/** Who holds a data directory, as its lock file says. */
export interface LockHolder {
  readonly pid: number;
  /** When that process started, epoch milliseconds: tells it from a later one with the same pid. */
  readonly startedAt: number;
}

export interface DataDirLock {
  release(): void;
}

/**
 * Keeps a data directory for this process. A lock that a dead process left is taken over.
 * @throws UserError('sandboxFailed') when a living process holds it
 */
export function lockDataDir(dataDir: string): DataDirLock {
  // Task definitions and logs in it may hold secrets.
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'lock');
  const own = JSON.stringify({ pid: process.pid, startedAt: processStart() } satisfies LockHolder);
  if (!create(file, own)) {
    takeOver(file, dataDir);
    if (!create(file, own)) {
      throw inUse(dataDir, readHolder(file));
    }
  }
  return { release: () => rmSync(file, { force: true }) };
}

function create(file: string, content: string): boolean {
  try {
    writeFileSync(file, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

/** Moves a stale lock away. Two processes may try at once: who moved a fresh one puts it back. */
function takeOver(file: string, dataDir: string): void {
  const holder = readHolder(file);
  if (isAlive(holder)) {
    throw inUse(dataDir, holder);
  }
  const moved = `${file}.${process.pid}`;
  try {
    renameSync(file, moved);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return;
    }
    throw error;
  }
  const movedHolder = readHolder(moved);
  if (isAlive(movedHolder)) {
    linkSync(moved, file);
    rmSync(moved);
    throw inUse(dataDir, movedHolder);
  }
  rmSync(moved);
}

function readHolder(file: string): LockHolder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LockHolder;
  } catch {
    // Gone, or cut off by the end of its writer: nobody holds it.
    return undefined;
  }
}

function isAlive(holder: LockHolder | undefined): boolean {
  if (holder === undefined) {
    return false;
  }
  const startedBeforeThisBoot = holder.startedAt < Date.now() - uptime() * 1000 - 1000;
  if (startedBeforeThisBoot) {
    return false;
  }
  if (holder.pid === process.pid) {
    return holder.startedAt === processStart();
  }
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function processStart(): number {
  return Math.round(performance.timeOrigin);
}

function inUse(dataDir: string, holder: LockHolder | undefined): UserError {
  const process = holder === undefined ? 'another process' : `process ${holder.pid}`;
  return new UserError(
    'sandboxFailed',
    `The sandbox's folder is in use by ${process}. Stop that sandbox, or choose another folder: ${dataDir}`,
  );
}
