import type { FilteredLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import type { ContainerDefinition, Task, TaskDefinition } from '@aws-sdk/client-ecs';
import type { EcsGateway } from '../../../src/aws/ecsGateway';
import type { FilterRequest, LogsGateway } from '../../../src/aws/logsGateway';
import { UserError, type ErrorReason } from '../../../src/base/errors';

interface StoredEvent {
  readonly id: number;
  readonly timestamp: number;
  readonly message: string;
  readonly ingestionTime: number;
}

const context = {
  label: 'test',
  source: { kind: 'static', accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
  region: 'eu-central-1',
} as const;

/** CloudWatch Logs as far as following goes: pages of a few events in time order, one missing stream fails a call. */
export class FakeLogs {
  readonly groups = new Map<string, Map<string, StoredEvent[]>>();
  pageSize = 5;
  calls = 0;
  eventsGiven = 0;
  /** Consulted before each call: a reason makes it fail. */
  failNext: () => ErrorReason | undefined = () => undefined;
  /** Called after each page, so that lines can be written while others are read. */
  onPage: () => void = () => undefined;
  private ids = 0;

  put(group: string, stream: string, timestamp: number, message: string, ingestionTime = timestamp): void {
    let streams = this.groups.get(group);
    if (!streams) {
      streams = new Map();
      this.groups.set(group, streams);
    }
    let events = streams.get(stream);
    if (!events) {
      events = [];
      streams.set(stream, events);
    }
    const event = { id: this.ids++, timestamp, message, ingestionTime };
    let index = events.length;
    while (index > 0 && (events[index - 1]?.timestamp ?? 0) > timestamp) {
      index--;
    }
    events.splice(index, 0, event);
  }

  readonly gateway = {
    context,
    filterEvents: (request: FilterRequest) => this.filter(request),
    group: (name: string) => Promise.resolve(this.groups.has(name) ? { logGroupName: name } : undefined),
    dispose: () => undefined,
  } as unknown as LogsGateway;

  private async filter({ group, streams = [], startTime = 0, token }: FilterRequest): Promise<{
    events: FilteredLogEvent[];
    nextToken: string | undefined;
  }> {
    await Promise.resolve();
    this.calls++;
    const reason = this.failNext();
    if (reason) {
      throw new UserError(reason, `Could not read the log group ${group}: ${reason}.`);
    }
    const stored = this.groups.get(group);
    const missing = stored === undefined || streams.some((stream) => !stored.has(stream));
    if (missing) {
      throw new UserError('notFound', 'The specified log stream does not exist.');
    }
    const [afterTime, afterId] = (token ?? '-1 -1').split(' ').map(Number) as [number, number];
    const all: (StoredEvent & { stream: string })[] = [];
    for (const stream of streams) {
      const events = stored.get(stream) ?? [];
      let taken = 0;
      for (let index = lowerBound(events, Math.max(startTime, afterTime)); index < events.length; index++) {
        const event = events[index]!;
        if (event.timestamp > afterTime || event.id > afterId) {
          all.push({ ...event, stream });
          taken++;
        }
        if (taken > this.pageSize) {
          break;
        }
      }
    }
    all.sort((a, b) => a.timestamp - b.timestamp || a.id - b.id);
    const page = all.slice(0, this.pageSize);
    const last = page.at(-1);
    const nextToken = all.length > page.length && last ? `${last.timestamp} ${last.id}` : undefined;
    this.eventsGiven += page.length;
    this.onPage();
    return {
      events: page.map(({ id, stream, timestamp, message, ingestionTime }) => ({
        logStreamName: stream,
        timestamp,
        message,
        ingestionTime,
        eventId: String(id),
      })),
      nextToken,
    };
  }
}

function lowerBound(events: readonly StoredEvent[], timestamp: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (events[middle]!.timestamp < timestamp) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

export const DEFINITION: TaskDefinition = {
  taskDefinitionArn: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/web:1',
  containerDefinitions: [awslogs('web'), awslogs('proxy')],
};

export function awslogs(name: string, options: Record<string, string> = {}): ContainerDefinition {
  return {
    name,
    logConfiguration: {
      logDriver: 'awslogs',
      options: {
        'awslogs-group': '/ecs/web',
        'awslogs-region': 'eu-central-1',
        'awslogs-stream-prefix': 'ecs',
        ...options,
      },
    },
  };
}

/** ECS as far as following goes. */
export class FakeEcs {
  readonly tasks = new Map<string, Task>();
  definition = DEFINITION;
  serviceExists = true;
  failNext: () => ErrorReason | undefined = () => undefined;

  run(id: string): void {
    this.tasks.set(id, {
      taskArn: `arn:aws:ecs:eu-central-1:123456789012:task/main/${id}`,
      taskDefinitionArn: this.definition.taskDefinitionArn,
      lastStatus: 'RUNNING',
      desiredStatus: 'RUNNING',
    });
  }

  stop(id: string, stoppedAt = new Date()): void {
    this.tasks.set(id, { ...this.tasks.get(id), lastStatus: 'STOPPED', desiredStatus: 'STOPPED', stoppedAt });
  }

  private check(): void {
    const reason = this.failNext();
    if (reason) {
      throw new UserError(reason, `Could not list the tasks: ${reason}.`);
    }
  }

  readonly gateway = {
    context,
    tasks: (_cluster: string, { desiredStatus }: { desiredStatus: string }) => this.list(desiredStatus),
    describeTasks: (_cluster: string, ids: readonly string[]) => {
      const known = ids.filter((id) => this.tasks.has(id));
      return Promise.resolve({
        items: known.map((id) => this.tasks.get(id)),
        failures: ids.filter((id) => !this.tasks.has(id)).map((id) => ({ id, reason: 'MISSING' })),
      });
    },
    taskDefinition: () => Promise.resolve({ taskDefinition: this.definition, tags: [] }),
  } as unknown as EcsGateway;

  private async *list(desiredStatus: string): AsyncGenerator<{ items: Task[]; failures: [] }> {
    await Promise.resolve();
    this.check();
    if (!this.serviceExists) {
      throw new UserError('notFound', 'Service not found.');
    }
    yield {
      items: [...this.tasks.values()].filter((task) => task.desiredStatus === desiredStatus),
      failures: [],
    };
  }
}
