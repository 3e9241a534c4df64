import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../base/errors';
import type { Engine, EngineId } from '../containers/engine';
import { openBackend, type OpenBackend } from './backend';
import type { Seed } from './seed';
import { type RunningServer, type ServerOptions, startServer } from './server';
import { lockDataDir } from './state/dataDirLock';

export interface SandboxOptions {
  /**
   * 0 takes any free port. `undefined` takes the one that the data directory had last, where it is free:
   * the URIs of images, in task definitions too, begin with it.
   */
  readonly port?: number;
  /** Created when absent. One sandbox at a time. */
  readonly dataDir: string;
  /** Runs the tasks; without one they are simulated. */
  readonly engine: Engine | undefined;
  /** Milliseconds that every API call takes at least. Default 0. */
  readonly latency?: number;
  /** Made at the start and after a reset, as far as it is not there. */
  readonly seed?: Seed;
  /** Called for POST /_sandbox/shutdown; the caller closes the sandbox. */
  readonly onShutdown?: () => void;
}

export interface SandboxAddress {
  /** "http://127.0.0.1:PORT" */
  readonly endpoint: string;
  /** "127.0.0.1:PORT", what repository URIs start with. */
  readonly registry: string;
  /** With "none" tasks are simulated. */
  readonly engine: EngineId | 'none';
}

export interface RunningSandbox extends SandboxAddress {
  /** Stops all tasks, leaves nothing on the engine, and gives the data directory free. */
  close(): Promise<void>;
}

/**
 * Starts a sandbox in this process.
 * @throws UserError('sandboxFailed') when the port or the data directory cannot be had;
 *   UserError('invalidInput') when the seed is refused
 */
export async function startSandboxServer(options: SandboxOptions): Promise<RunningSandbox> {
  const { dataDir, engine, seed } = options;
  const lock = lockDataDir(dataDir);
  let address: SandboxAddress | undefined;
  const open = (): Promise<OpenBackend> =>
    openBackend({ dataDir, engine, seed, registryHost: () => address?.registry ?? '' });
  let openedServer: (() => void) | undefined;
  let backend = new Promise<void>((resolve) => (openedServer = resolve)).then(open);

  const reset = async (): Promise<void> => {
    const closed = backend.then((current) => current.close());
    backend = closed.then(() => {
      emptyDataDir(dataDir);
      return open();
    });
    await backend;
  };

  try {
    const server = await startOnPort(options, {
      latency: options.latency ?? 0,
      backend: () => backend,
      control: { info: () => ({ ...address }), reset, shutdown: () => options.onShutdown?.() },
      reportFailure: (operation, error) => console.error(`${operation} failed:`, error),
    });
    const registry = `127.0.0.1:${server.port}`;
    address = { endpoint: `http://${registry}`, registry, engine: engine?.id ?? 'none' };
    openedServer?.();
    try {
      await backend;
    } catch (error) {
      await server.close();
      throw error;
    }
    return {
      ...address,
      close: async () => {
        await server.close();
        await backend.then((current) => current.close()).finally(() => lock.release());
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The files of the data directory that are not the state. */
const KEPT_BY_RESET = ['lock', 'port', 'sandbox-id'];

function emptyDataDir(dataDir: string): void {
  for (const name of readdirSync(dataDir)) {
    if (!KEPT_BY_RESET.includes(name)) {
      rmSync(join(dataDir, name), { recursive: true });
    }
  }
}

async function startOnPort(
  { port, dataDir }: SandboxOptions,
  settings: Omit<ServerOptions, 'port'>,
): Promise<RunningServer> {
  const file = join(dataDir, 'port');
  const server = await startServer({ ...settings, port: port ?? readPort(file) }).catch((error: unknown) => {
    if (port === undefined && error instanceof UserError) {
      return startServer({ ...settings, port: 0 });
    }
    throw error;
  });
  writeFileSync(file, `${server.port}\n`);
  return server;
}

function readPort(file: string): number {
  try {
    const port = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0;
  } catch {
    // A new data directory has had no port.
    return 0;
  }
}
