import { rmSync } from 'node:fs';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine, EngineId } from '../containers/engine';
import { createLogsService } from './logs/createLogsService';
import type { LogSink } from './logs/logSink';
import type { ServiceDefinition } from './operation';
import type { ImageLookup } from './registry/imageLookup';
import { type Backend, startServer } from './server';
import { lockDataDir } from './state/dataDirLock';
import { openStore, type Store } from './state/store';
import type { TaskRuntime } from './tasks/taskRuntime';

export interface SandboxOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Created when absent. One sandbox at a time. */
  readonly dataDir: string;
  /** Runs the tasks; without one they are simulated. */
  readonly engine: Engine | undefined;
  /** Milliseconds that every API call takes at least. Default 0. */
  readonly latency?: number;
  /** Called for POST /_sandbox/shutdown. Default: nothing. */
  readonly onShutdown?: () => void;
}

export interface RunningSandbox {
  /** "http://127.0.0.1:PORT" */
  readonly endpoint: string;
  /** "127.0.0.1:PORT", what repository URIs start with. */
  readonly registry: string;
  readonly engine: EngineId | 'none';
  /** Stops all tasks, leaves nothing on the engine, and gives the data directory free. */
  close(): Promise<void>;
}

// Placeholders until the services are all there.
interface Loaded {
  definition: ServiceDefinition;
  registry?: Backend['registry'];
  images?: ImageLookup;
  sink?: LogSink;
  start?(): void;
  stop?(): Promise<void>;
  close?(): unknown;
}
function load<T>(candidates: string[], name: string): ((...args: unknown[]) => T) | undefined {
  for (const candidate of candidates) {
    try {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const found = (require(candidate) as Record<string, unknown>)[name];
      if (found) return found as (...args: unknown[]) => T;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  return undefined;
}
const NO_IMAGES: ImageLookup = {
  resolve: () => undefined,
  credentials: () => ({ username: 'AWS', password: 'x' }),
};

/**
 * Starts a sandbox in this process.
 * @throws UserError('sandboxFailed') when the port or the data directory cannot be had
 */
export async function startSandboxServer(options: SandboxOptions): Promise<RunningSandbox> {
  const lock = lockDataDir(options.dataDir);
  let registryHost = '';
  let store: Store | undefined;

  const compose = async (): Promise<Backend & { close(): Promise<void> }> => {
    const opened = openStore(options.dataDir);
    store = opened;
    const host = (): string => registryHost;
    const logs = createLogsService(opened, options.dataDir);
    const ecr = load<Loaded>(['./ecr/createEcrService', './ecr/ecrService'], 'createEcrService')?.(
      opened,
      options.dataDir,
      { registryHost: host },
    );
    const tasks = load<TaskRuntime>(
      ['./tasks/createTaskRuntime', './tasks/taskRuntime', './tasks/engineRuntime'],
      'createTaskRuntime',
    )?.({
      engine: options.engine,
      images: ecr?.images ?? NO_IMAGES,
      logs: logs.sink,
      registryHost: host,
      dataDir: options.dataDir,
    });
    await tasks?.sweep();
    const ecs = load<Loaded>(['./ecs/createEcsService', './ecs/ecsService'], 'createEcsService')?.(opened, {
      tasks,
      registryHost: host,
    });
    ecs?.start?.();
    return {
      services: [logs, ecr, ecs].flatMap((service) => (service ? [service.definition] : [])),
      registry: ecr?.registry ?? (() => Promise.reject(new Error('no registry yet'))),
      close: async () => {
        await ecs?.stop?.();
        await tasks?.close();
        await ecr?.close?.();
        logs.close();
        opened.close();
      },
    };
  };

  let backend: ReturnType<typeof compose> | undefined;
  const server = await startServer({
    port: options.port,
    latency: options.latency ?? 0,
    backend: () => (backend ??= compose()),
    control: {
      info: () => ({
        endpoint: `http://${registryHost}`,
        registry: registryHost,
        engine: options.engine?.id ?? 'none',
      }),
      reset: async () => {
        const old = await backend;
        backend = (async () => {
          await old?.close();
          for (const name of readdirSync(options.dataDir)) {
            if (name !== 'lock') rmSync(join(options.dataDir, name), { recursive: true });
          }
          return compose();
        })();
        await backend;
      },
      shutdown: () => options.onShutdown?.(),
    },
    reportFailure: (operation, error) => console.error(operation, error),
  });
  registryHost = `127.0.0.1:${server.port}`;
  backend = compose();
  await backend;
  void store;
  return {
    endpoint: `http://${registryHost}`,
    registry: registryHost,
    engine: options.engine?.id ?? 'none',
    close: async () => {
      await server.close();
      await (await backend)?.close();
      lock.release();
    },
  };
}
