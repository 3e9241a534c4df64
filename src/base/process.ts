import { spawn, type ChildProcess } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import { throwIfCancelled, UserError } from './errors';
import { descendantsInContainers } from './processTree';

/** A program call as a value: spawned without a shell, so no argument is ever interpreted. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** Written to standard input, which is then closed. The only way for a secret to reach a program. */
  readonly stdin?: string;
  /** Added to (or, where `undefined`, taken from) the environment of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

export type OutputStream = 'stdout' | 'stderr';

export interface ProcessResult {
  /** `undefined` when a signal ended the program. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Called with each piece of output as it arrives, decoded as UTF-8 across chunk borders. */
  readonly onOutput?: (text: string, stream: OutputStream) => void;
  /** Characters of each stream kept for the result, from its end. Default 4 Mi. */
  readonly keep?: number;
  /** Leaves standard input open for as long as the program runs. Default: closed after `Command.stdin`. */
  readonly holdStdin?: boolean;
}

/** A program that was started and still runs. */
export interface RunningProcess {
  readonly child: ChildProcess;
  /** Settles when the program and its output have ended. Rejects only when it could not be started. */
  readonly ended: Promise<ProcessResult>;
  /** Ends the program with all its descendants: asks first, and forces after a grace period. */
  kill(): void;
}

const DEFAULT_KEEP = 4 * 1024 * 1024;
const GRACE_MILLISECONDS = 3000;
const CLEANUP_MILLISECONDS = 1000;

/**
 * Starts a program. Its descendants share a process group, so that `kill` reaches them all.
 * @throws UserError('cancelled') when the signal is already aborted
 */
export function start(command: Command, options: RunOptions = {}): RunningProcess {
  throwIfCancelled(options.signal);
  const posix = process.platform !== 'win32';
  const child = spawn(command.file, [...command.args], {
    cwd: command.cwd,
    env: mergeEnvironment(command.env),
    detached: posix,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const kept = { stdout: '', stderr: '' };
  const limit = options.keep ?? DEFAULT_KEEP;
  const read = (stream: OutputStream): void => {
    const decoder = new StringDecoder('utf8');
    const take = (text: string): void => {
      if (text) {
        kept[stream] = (kept[stream] + text).slice(-limit);
        options.onOutput?.(text, stream);
      }
    };
    child[stream].on('data', (chunk: Buffer) => take(decoder.write(chunk)));
    child[stream].on('end', () => take(decoder.end()));
  };
  read('stdout');
  read('stderr');
  // A program that ends without reading its input closes the pipe: that is its right, not our failure.
  child.stdin.on('error', () => undefined);
  if (!options.holdStdin) {
    child.stdin.end(command.stdin ?? '');
  }

  const kill = (): void => endTree(child, posix);
  const ended = new Promise<ProcessResult>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      options.signal?.removeEventListener('abort', kill);
      reject(startFailure(command, error));
    });
    child.once('close', (code) => {
      options.signal?.removeEventListener('abort', kill);
      resolve({ exitCode: code ?? undefined, ...kept });
    });
  });
  options.signal?.addEventListener('abort', kill, { once: true });
  return { child, ended, kill };
}

/**
 * Runs a program to its end and gives its exit code and output, whatever the code is.
 * @throws UserError('cancelled') after the process tree has ended; UserError('programMissing') when there
 *   is no such program
 */
export async function run(command: Command, options: RunOptions = {}): Promise<ProcessResult> {
  const result = await start(command, options).ended;
  throwIfCancelled(options.signal);
  return result;
}

function mergeEnvironment(changes: Command['env']): NodeJS.ProcessEnv {
  const merged: NodeJS.ProcessEnv = { ...process.env };
  for (const [name, value] of Object.entries(changes ?? {})) {
    if (value === undefined) {
      delete merged[name];
    } else {
      merged[name] = value;
    }
  }
  return merged;
}

function startFailure(command: Command, error: NodeJS.ErrnoException): UserError {
  if (error.code === 'ENOENT') {
    return new UserError('programMissing', `There is no program to run at: ${command.file}`, {
      cause: error,
    });
  }
  return new UserError('programFailed', `${command.file} could not be started: ${error.message}`, {
    cause: error,
  });
}

function endTree(child: ChildProcess, posix: boolean): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const pid = child.pid;
  if (!posix) {
    spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { windowsHide: true, stdio: 'ignore' });
    return;
  }
  // The programs in containers that an engine has started itself go first, and by force: as the first process of
  // its container, a program need not heed a request. The engine then finds its step failed and cleans up; it
  // would not when both were signalled at once.
  const contained = descendantsInContainers(pid);
  contained.forEach((each) => signal(each, 'SIGKILL'));
  const ask = setTimeout(() => signal(-pid, 'SIGTERM'), contained.length > 0 ? CLEANUP_MILLISECONDS : 0);
  const force = setTimeout(() => signal(-pid, 'SIGKILL'), GRACE_MILLISECONDS);
  force.unref();
  child.once('close', () => {
    clearTimeout(ask);
    clearTimeout(force);
  });
}

function signal(target: number, name: NodeJS.Signals): void {
  try {
    process.kill(target, name);
  } catch {
    // It has ended between the check and the signal.
  }
}
