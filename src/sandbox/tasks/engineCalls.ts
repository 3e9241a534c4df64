import { run, start, type Command, type RunOptions, type RunningProcess } from '../../base/process';
import { formatComplaint } from '../../containers/engineOutput';
import { ConcurrencyLimit } from './concurrencyLimit';

/** An engine's client that did not do what it was asked. The message is what it complained about. */
export class EngineCallError extends Error {
  constructor(
    message: string,
    /** What it printed all the same. */
    readonly stdout = '',
  ) {
    super(message);
    this.name = 'EngineCallError';
  }
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds. */
  readonly timeout?: number;
}

const CALL_TIMEOUT = 60_000;
/** Each client is a process: more at a time would only wait for the same engine, and starve the machine. */
const CALLS_AT_A_TIME = 6;
const PROBES_AT_A_TIME = 6;

/** Runs the client of an engine, few calls at a time. */
export class EngineCalls {
  private readonly calls = new ConcurrencyLimit(CALLS_AT_A_TIME);
  private readonly probes = new ConcurrencyLimit(PROBES_AT_A_TIME);

  /** @param folder an existing one, in which clients may leave traces */
  constructor(private readonly folder: string) {}

  /**
   * @returns what the client printed
   * @throws EngineCallError when it failed or did not end in time; UserError('cancelled')
   */
  async call(command: Command, options: CallOptions = {}): Promise<string> {
    return this.calls.run(() => callNow(command, options));
  }

  /** As `call`, for health checks: programs of the user's that may hang must not hold up the others. */
  async probe(command: Command, options: CallOptions): Promise<string> {
    return this.probes.run(() => callNow(command, options));
  }

  /**
   * Starts a client that lives as long as its container. Its standard input stays open, because podman passes
   * the end of it on to an interactive container. Podman's monitor may leave a file in its working directory
   * when the kernel kills for memory: hence the sandbox's own.
   */
  attach(command: Command, onOutput: RunOptions['onOutput']): RunningProcess {
    return start({ ...command, cwd: this.folder }, { onOutput, keep: 1, holdStdin: true });
  }
}

async function callNow(command: Command, options: CallOptions): Promise<string> {
  const milliseconds = options.timeout ?? CALL_TIMEOUT;
  const timeout = AbortSignal.timeout(milliseconds);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  try {
    const result = await run(command, { signal });
    if (result.exitCode === 0) {
      return result.stdout;
    }
    throw new EngineCallError(
      formatComplaint(result.stderr) || `exit code ${result.exitCode ?? 'none'}`,
      result.stdout,
    );
  } catch (error) {
    if (timeout.aborted && options.signal?.aborted !== true) {
      throw new EngineCallError(`no answer from the engine within ${milliseconds / 1000} seconds`);
    }
    throw error;
  }
}
