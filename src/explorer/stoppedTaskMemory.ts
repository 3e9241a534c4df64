import { createHash } from 'node:crypto';
import type { Container, Task } from '@aws-sdk/client-ecs';
import { contextKey, type AwsContext } from '../aws/context';
import { isObject } from '../base/isObject';
import { isSimulated, isStopped, serviceOf, SIMULATED } from './taskOutcome';

/** Where plain JSON is kept between two windows. */
export interface MemoryStorage {
  read(): unknown;
  write(records: readonly object[]): void;
}

/** The service whose tasks are meant. */
export interface ServicePlace {
  readonly context: AwsContext;
  readonly clusterArn: string;
  readonly service: string;
}

/** What is kept of a task: how it ended, and nothing of its environment. Times are milliseconds since 1970. */
interface TaskRecord {
  readonly context: string;
  readonly cluster: string;
  readonly service: string;
  readonly taskArn: string;
  readonly taskDefinitionArn?: string;
  readonly stopCode?: Task['stopCode'];
  readonly stoppedReason?: string;
  readonly createdAt?: number;
  readonly startedAt?: number;
  readonly stoppedAt?: number;
  readonly simulated?: boolean;
  readonly containers: readonly Pick<Container, 'name' | 'image' | 'lastStatus' | 'exitCode' | 'reason'>[];
}

/** Tasks kept over all services; those that stopped first are dropped. */
const MOST = 300;

/** Remembers how tasks of services ended that were seen, since ECS forgets them after about an hour. */
export class StoppedTaskMemory {
  constructor(
    private readonly storage: MemoryStorage,
    private readonly most = MOST,
  ) {}

  /** Keeps those of the tasks that have stopped, and that a service ran. */
  remember(context: AwsContext, tasks: readonly Task[]): void {
    const records = this.records();
    const known = new Set(records.map(({ taskArn }) => taskArn));
    const key = keyOf(context);
    const added = tasks.flatMap((task) => {
      const service = serviceOf(task);
      return service === undefined || !isStopped(task) || known.has(task.taskArn ?? '')
        ? []
        : [toRecord(task, key, service)];
    });
    if (added.length > 0) {
      const kept = [...records, ...added].sort((a, b) => (b.stoppedAt ?? 0) - (a.stoppedAt ?? 0));
      this.storage.write(kept.slice(0, this.most));
    }
  }

  /** Those of a service, newest first. */
  recall(place: ServicePlace): Task[] {
    return this.records()
      .filter(isOf(place))
      .map(toTask)
      .sort((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0));
  }

  /**
   * Forgets the tasks of a service.
   * @param taskArn the only one to forget
   * @returns how many there were
   */
  forget(place: ServicePlace, taskArn?: string): number {
    const records = this.records();
    const own = isOf(place);
    const kept = records.filter((record) => !own(record) || (taskArn ?? record.taskArn) !== record.taskArn);
    if (kept.length < records.length) {
      this.storage.write(kept);
    }
    return records.length - kept.length;
  }

  private records(): TaskRecord[] {
    const stored = this.storage.read();
    return Array.isArray(stored) ? stored.filter(isRecord) : [];
  }
}

/** Tells contexts apart, and says nothing of them: a key may hold the id of an access key. */
function keyOf(context: AwsContext): string {
  return createHash('sha256').update(contextKey(context)).digest('hex').slice(0, 32);
}

/** What another version of the extension wrote may look otherwise. */
function isRecord(value: unknown): value is TaskRecord {
  return (
    isObject(value) &&
    ['context', 'cluster', 'service', 'taskArn'].every((name) => typeof value[name] === 'string') &&
    Array.isArray(value['containers'])
  );
}

function isOf({ context, clusterArn, service }: ServicePlace): (record: TaskRecord) => boolean {
  const key = keyOf(context);
  return (record) => record.context === key && record.cluster === clusterArn && record.service === service;
}

function toRecord(task: Task, context: string, service: string): TaskRecord {
  return {
    context,
    cluster: task.clusterArn ?? '',
    service,
    taskArn: task.taskArn ?? '',
    ...defined({
      taskDefinitionArn: task.taskDefinitionArn,
      stopCode: task.stopCode,
      stoppedReason: task.stoppedReason,
      createdAt: task.createdAt?.getTime(),
      startedAt: task.startedAt?.getTime(),
      stoppedAt: task.stoppedAt?.getTime(),
      simulated: isSimulated(task) || undefined,
    }),
    containers: (task.containers ?? []).map(({ name, image, lastStatus, exitCode, reason }) =>
      defined({ name, image, lastStatus, exitCode, reason }),
    ),
  };
}

function toTask(record: TaskRecord): Task {
  const date = (time: number | undefined): Date | undefined =>
    time === undefined ? undefined : new Date(time);
  return {
    taskArn: record.taskArn,
    clusterArn: record.cluster,
    group: `service:${record.service}`,
    lastStatus: 'STOPPED',
    desiredStatus: 'STOPPED',
    containers: [...record.containers],
    ...defined({
      taskDefinitionArn: record.taskDefinitionArn,
      stopCode: record.stopCode,
      stoppedReason: record.stoppedReason,
      createdAt: date(record.createdAt),
      startedAt: date(record.startedAt),
      stoppedAt: date(record.stoppedAt),
      attributes: record.simulated ? [{ name: SIMULATED, value: 'true' }] : undefined,
    }),
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>;
}
