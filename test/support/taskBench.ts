import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { poll } from '../../src/base/delay';
import type { Engine } from '../../src/containers/engine';
import type { LogSink, LogSinkEvent } from '../../src/sandbox/logs/logSink';
import type { ImageLookup } from '../../src/sandbox/registry/imageLookup';
import type { ContainerDefinition } from '../../src/sandbox/tasks/containerDefinition';
import { createTaskRuntime } from '../../src/sandbox/tasks/createTaskRuntime';
import type {
  ContainerState,
  RunningTask,
  TaskRuntime,
  TaskUpdate,
} from '../../src/sandbox/tasks/taskRuntime';
import type { SecretLookup } from '../../src/sandbox/tasks/taskSecrets';

export const GROUP = '/ecs/test';

/** `logConfiguration` of a container whose lines `linesOf` gives. */
export const LOGGED = {
  logDriver: 'awslogs',
  options: { 'awslogs-group': GROUP, 'awslogs-stream-prefix': 'ecs' },
};

/** A task that was started on a bench, and what it has reported. */
export interface BenchTask extends RunningTask {
  readonly taskId: string;
  readonly updates: readonly TaskUpdate[];
  /** The latest update. */
  readonly state: TaskUpdate;
  container(name: string): ContainerState;
  /** Waits for the first update that satisfies the check. */
  until(check: (update: TaskUpdate) => boolean): Promise<TaskUpdate>;
  stopped(): Promise<TaskUpdate>;
  linesOf(container: string): string[];
}

export interface TaskBenchOptions {
  readonly engine: Engine | undefined;
  readonly images?: ImageLookup;
  readonly registryHost?: string;
  readonly secrets?: SecretLookup;
  /** To come after another bench on the same data. */
  readonly dataDir?: string;
}

/** A task runtime with a log service and a registry that are only a memory. */
export interface TaskBench {
  readonly runtime: TaskRuntime;
  readonly dataDir: string;
  readonly events: ReadonlyMap<string, readonly LogSinkEvent[]>;
  readonly groups: Set<string>;
  run(containers: readonly ContainerDefinition[], members?: Readonly<Record<string, unknown>>): BenchTask;
  close(): Promise<void>;
}

const PATIENCE = 25_000;

export async function openTaskBench(options: TaskBenchOptions): Promise<TaskBench> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'task-bench-')));
  const groups = new Set([GROUP]);
  const events = new Map<string, LogSinkEvent[]>();
  const logs: LogSink = {
    ensureGroup: (_region, group) => void groups.add(group),
    ensureStream: (_region, _group, stream) => void (events.get(stream) ?? events.set(stream, [])),
    groupExists: (_region, group) => groups.has(group),
    append: (_region, _group, stream, added) => void events.get(stream)?.push(...added),
  };
  const runtime = createTaskRuntime({
    engine: options.engine,
    images: options.images ?? {
      resolve: () => undefined,
      credentials: () => ({ username: 'AWS', password: 'none' }),
    },
    logs,
    registryHost: () => options.registryHost ?? '127.0.0.1:1',
    dataDir,
    secrets: options.secrets,
  });
  return {
    runtime,
    dataDir,
    events,
    groups,
    run: (containers, members = {}) => {
      const { overrides, ...rest } = members;
      const taskId = randomBytes(16).toString('hex');
      const updates: TaskUpdate[] = [];
      const running = runtime.run(
        {
          taskArn: `arn:aws:ecs:eu-west-1:000000000000:task/default/${taskId}`,
          taskId,
          region: 'eu-west-1',
          cluster: 'default',
          taskDefinition: {
            taskDefinitionArn: 'arn:aws:ecs:eu-west-1:000000000000:task-definition/bench:1',
            family: 'bench',
            revision: 1,
            containerDefinitions: containers as unknown as readonly Record<string, never>[],
            ...rest,
          },
          ...(overrides !== undefined && { overrides: overrides as Record<string, unknown> }),
        },
        (update) => updates.push(update),
      );
      const state = (): TaskUpdate => {
        const last = updates.at(-1);
        if (!last) {
          throw new Error('The task has reported nothing yet.');
        }
        return last;
      };
      const until = (check: (update: TaskUpdate) => boolean): Promise<TaskUpdate> =>
        poll(async () => updates.find(check), {
          interval: 10,
          signal: AbortSignal.timeout(PATIENCE),
        }).catch((error: unknown) => {
          throw new Error(`It never came to that: ${JSON.stringify(updates.at(-1))}`, { cause: error });
        });
      return {
        taskId,
        updates,
        get state() {
          return state();
        },
        container: (name) => {
          const found = state().containers.find((container) => container.name === name);
          if (!found) {
            throw new Error(`no such container: ${name}`);
          }
          return found;
        },
        until,
        stopped: () => until(({ lastStatus }) => lastStatus === 'STOPPED'),
        stop: (code, reason) => running.stop(code, reason),
        linesOf: (container) =>
          (events.get(`ecs/${container}/${taskId}`) ?? []).map(({ message }) => message),
      };
    },
    close: async () => {
      await runtime.close();
      if (options.dataDir === undefined) {
        await rm(dataDir, { recursive: true, force: true });
      }
    },
  };
}
