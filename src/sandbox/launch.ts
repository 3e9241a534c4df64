import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { UserError } from '../base/errors';

export interface LaunchOptions {
  /** Path of the built sandbox program. */
  readonly entry: string;
  /** The Node to run it with. Default: the one that runs this, Electron's included. */
  readonly execPath?: string;
  /** Loopback port. Default, also for 0: the one that the data directory had last, or any that is free. */
  readonly port?: number;
  readonly dataDir: string;
  /** Default: auto, which goes on with simulated tasks where no engine answers. */
  readonly engine?: 'auto' | 'docker' | 'podman' | 'finch' | 'nerdctl' | 'none';
  /** Milliseconds that every API call takes at least. */
  readonly latency?: number;
  /** Path of a JSON file with the first resources. */
  readonly seed?: string;
  /** Gives up the start; after it, the sandbox is ended by `stop` only. */
  readonly signal?: AbortSignal;
}

/** What the sandbox says of itself when it is ready. */
export interface ReadyLine {
  /** "http://127.0.0.1:PORT" */
  readonly endpoint: string;
  /** "127.0.0.1:PORT", what repository URIs start with. */
  readonly registry: string;
  /** The engine that runs its tasks; with "none" they are simulated. */
  readonly engine: string;
}

export interface RunningSandbox extends ReadyLine {
  readonly pid: number;
  /** Ends the process with its containers; settles when it has ended. */
  stop(): Promise<void>;
}

/** Stopping tasks takes as long as their containers take to end: up to two minutes may be asked for. */
const STOP_MILLISECONDS = 150_000;

/**
 * Starts the sandbox as a process of its own, which ends with this one at the latest.
 * @throws UserError('sandboxFailed') with the last line that the sandbox said, when it does not become
 *   ready; UserError('cancelled') when it has ended after the signal
 */
export async function launchSandbox(options: LaunchOptions): Promise<RunningSandbox> {
  const child = spawn(options.execPath ?? process.execPath, argumentsOf(options), {
    // Electron runs as plain Node when asked to.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  child.stdin.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async (): Promise<void> => {
    // The sandbox ends in order when its input closes, on every system; signals are not for all of them.
    child.stdin.end();
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_MILLISECONDS);
    await ended;
    clearTimeout(force);
  };
  try {
    const ready = await waitUntilReady(child, options.signal);
    return { ...ready, pid: child.pid ?? 0, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function argumentsOf(options: LaunchOptions): string[] {
  const { entry, port, dataDir, engine = 'auto', latency, seed } = options;
  return [
    entry,
    `--data-dir=${dataDir}`,
    `--engine=${engine}`,
    ...(port ? [`--port=${port}`] : []),
    ...(latency === undefined ? [] : [`--latency=${latency}`]),
    ...(seed === undefined ? [] : [`--seed=${seed}`]),
    '--exit-with-parent',
  ];
}

function waitUntilReady(child: ChildProcess, signal: AbortSignal | undefined): Promise<ReadyLine> {
  return new Promise((resolve, reject) => {
    let said = '';
    const cancel = (): void => reject(new UserError('cancelled', 'Cancelled.'));
    if (signal?.aborted) {
      return cancel();
    }
    signal?.addEventListener('abort', cancel, { once: true });
    child.once('error', (error) => {
      reject(
        new UserError('sandboxFailed', `The local sandbox could not be started: ${error.message}`, {
          cause: error,
        }),
      );
    });
    // Both are read to the end, so that a full pipe never stops the sandbox.
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)));
    child.once('close', (code) => {
      const lastLine = said.trim().split('\n').at(-1) ?? '';
      const reason = lastLine === '' ? `exit code ${code ?? 'none'}` : lastLine;
      reject(new UserError('sandboxFailed', `The local sandbox could not start: ${reason}`));
    });
    if (child.stdout) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const ready = parseReadyLine(line);
        if (ready) {
          signal?.removeEventListener('abort', cancel);
          resolve(ready);
        }
      });
    }
  });
}

function parseReadyLine(line: string): ReadyLine | undefined {
  try {
    const { endpoint, registry, engine } = JSON.parse(line) as Partial<ReadyLine>;
    return endpoint && registry && engine ? { endpoint, registry, engine } : undefined;
  } catch {
    return undefined;
  }
}
