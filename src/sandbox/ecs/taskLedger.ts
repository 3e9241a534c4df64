import { randomUUID } from 'node:crypto';
import type { RequestScope } from '../operation';
import type { RunningTask, TaskRuntime, TaskStopCode, TaskUpdate } from '../tasks/taskRuntime';
import { ecsArn, newTaskId } from './arns';
import { definitionOf } from './findTaskDefinition';
import { fixedHostPorts } from './hostPorts';
import type { EcsState } from './ecsState';
import { placeTask } from './placement';
import type { ClusterRecord, Placement, Tag, TaskDefinitionRecord, TaskRecord, WireObject } from './records';
import { writeTags } from './tags';

/** How long ECS goes on describing a task that has stopped. */
const KEPT_AFTER_STOP = 60 * 60 * 1000;

export interface TaskOrder {
  readonly place: Pick<RequestScope, 'region' | 'accountId'>;
  readonly cluster: Pick<ClusterRecord, 'clusterName' | 'clusterArn'>;
  readonly definition: TaskDefinitionRecord;
  readonly placement: Placement;
  readonly group: string;
  readonly startedBy?: string;
  readonly service?: string;
  readonly deploymentId?: string;
  readonly overrides?: WireObject;
  readonly enableExecuteCommand?: boolean;
  readonly tags?: readonly Tag[];
  readonly clientToken?: string;
  readonly request?: string;
}

/** Every task there is: starts and stops them on the runtime, and writes down what the runtime reports. */
export class TaskLedger {
  private readonly running = new Map<string, RunningTask>();
  /** Keys of tasks by the key of their service. */
  private readonly byService = new Map<string, Set<string>>();

  /** @param onChange told the key of the service whose task has changed */
  constructor(
    private readonly state: EcsState,
    private readonly runtime: TaskRuntime,
    private readonly onChange: (serviceKey: string) => void,
  ) {
    for (const [key, record] of state.tasks.entries()) {
      this.index(key, record);
    }
  }

  launch(order: TaskOrder): TaskRecord {
    const { place, cluster, definition } = order;
    const taskId = newTaskId();
    const now = Date.now();
    const overrides = order.overrides ?? {};
    const sizes = overrides as { cpu?: string; memory?: string; ephemeralStorage?: WireObject };
    const record: TaskRecord = {
      region: place.region,
      clusterName: cluster.clusterName,
      clusterArn: cluster.clusterArn,
      taskId,
      taskArn: ecsArn(place, 'task', cluster.clusterName, taskId),
      taskDefinitionArn: definition.taskDefinitionArn,
      group: order.group,
      startedBy: order.startedBy,
      service: order.service,
      deploymentId: order.deploymentId,
      ...placeTask(order.placement),
      networkConfiguration: order.placement.networkConfiguration,
      networkMode: definition.networkMode,
      cpu: sizes.cpu ?? definition.cpu,
      memory: sizes.memory ?? definition.memory,
      ephemeralStorage: sizes.ephemeralStorage ?? (definition['ephemeralStorage'] as WireObject | undefined),
      overrides,
      enableExecuteCommand: order.enableExecuteCommand ?? false,
      attachmentId: randomUUID(),
      ...(this.runtime.simulated && { simulated: true }),
      clientToken: order.clientToken,
      request: order.request,
      createdAt: now,
      version: 1,
      state: {
        lastStatus: 'PROVISIONING',
        desiredStatus: 'RUNNING',
        healthStatus: 'UNKNOWN',
        times: { createdAt: now },
        containers: definition.containerDefinitions.map(({ name, image }) => ({
          name,
          image,
          lastStatus: 'PENDING',
          networkBindings: [],
        })),
      },
    };
    const key = taskKey(record);
    this.state.tasks.put(key, record);
    this.index(key, record);
    writeTags(this.state, place.region, record.taskArn, order.tags ?? []);
    const running = this.runtime.run(
      {
        taskArn: record.taskArn,
        taskId,
        region: place.region,
        cluster: cluster.clusterName,
        taskDefinition: definition,
        overrides,
        ...(order.startedBy !== undefined && { startedBy: order.startedBy }),
        ...(order.service !== undefined && { service: order.service }),
      },
      (update) => this.accept(key, update),
    );
    if (this.state.tasks.get(key)?.state.lastStatus !== 'STOPPED') {
      this.running.set(key, running);
    }
    return this.state.tasks.get(key) ?? record;
  }

  /** Asks a task to end. One that is ending already keeps the reason that it has. */
  stop(record: TaskRecord, code: TaskStopCode, reason: string): TaskRecord {
    const key = taskKey(record);
    if (record.state.desiredStatus === 'STOPPED') {
      return record;
    }
    const at = Date.now();
    const stopping: TaskRecord = {
      ...record,
      version: record.version + 1,
      stopRequest: { code, reason, at },
      state: {
        ...record.state,
        desiredStatus: 'STOPPED',
        stopCode: code,
        stoppedReason: reason,
        times: { ...record.state.times, stoppingAt: at },
      },
    };
    this.state.tasks.put(key, stopping);
    const running = this.running.get(key);
    if (running) {
      // What becomes of it is reported as updates; a rejection adds nothing to them.
      running.stop(code, reason).catch(() => undefined);
    } else {
      this.end(key, stopping, code, reason);
    }
    return this.state.tasks.get(key) ?? stopping;
  }

  get(key: string): TaskRecord | undefined {
    return this.state.tasks.get(key);
  }

  /** Remembers something about a task that is not of its state. */
  note(record: TaskRecord, members: Pick<Partial<TaskRecord>, 'wasHealthy' | 'endSeen'>): TaskRecord {
    const noted = { ...record, ...members };
    this.state.tasks.put(taskKey(record), noted);
    return noted;
  }

  ofService(serviceKey: string): TaskRecord[] {
    return [...(this.byService.get(serviceKey) ?? [])].flatMap((key) => this.state.tasks.get(key) ?? []);
  }

  /** Whether the sandbox's one host has the ports free that a task of this definition must have. */
  canPlace(definition: TaskDefinitionRecord): boolean {
    const needed = new Set(fixedHostPorts(definition));
    if (needed.size === 0) {
      return true;
    }
    return ![...this.state.tasks.entries()].some(([, task]) => {
      const other =
        task.state.lastStatus !== 'STOPPED' && definitionOf(this.state, task.region, task.taskDefinitionArn);
      return other && fixedHostPorts(other).some((port) => needed.has(port));
    });
  }

  /** Ends, in the records, whatever ran under a process that is no more. */
  markLost(): void {
    for (const [key, record] of this.state.tasks.entries()) {
      if (record.state.lastStatus !== 'STOPPED') {
        this.end(key, record, 'TerminationNotice', 'Host EC2 (instance i-00000000000000000) terminated.');
      }
    }
  }

  /** Forgets tasks that stopped more than an hour ago. */
  forgetOld(now: number): void {
    for (const [key, record] of this.state.tasks.entries()) {
      if (
        record.state.lastStatus === 'STOPPED' &&
        (record.state.times.stoppedAt ?? 0) < now - KEPT_AFTER_STOP
      ) {
        this.state.tasks.delete(key);
        this.byService.get(serviceKeyOf(record) ?? '')?.delete(key);
        writeTags(this.state, record.region, record.taskArn, []);
      }
    }
  }

  private accept(key: string, update: TaskUpdate): void {
    const record = this.state.tasks.get(key);
    if (!record || record.state.lastStatus === 'STOPPED') {
      return;
    }
    const { stopRequest } = record;
    const state: TaskUpdate = {
      ...update,
      times: { ...update.times, createdAt: record.createdAt },
      ...(stopRequest && {
        desiredStatus: 'STOPPED',
        stopCode: stopRequest.code,
        stoppedReason: stopRequest.reason,
        times: { ...update.times, createdAt: record.createdAt, stoppingAt: stopRequest.at },
      }),
    };
    this.state.tasks.put(key, { ...record, version: record.version + 1, state });
    if (state.lastStatus === 'STOPPED') {
      this.running.delete(key);
    }
    this.tell(record);
  }

  private end(key: string, record: TaskRecord, stopCode: TaskStopCode, stoppedReason: string): void {
    const now = Date.now();
    this.state.tasks.put(key, {
      ...record,
      version: record.version + 1,
      state: {
        ...record.state,
        lastStatus: 'STOPPED',
        desiredStatus: 'STOPPED',
        stopCode: record.state.stopCode ?? stopCode,
        stoppedReason: record.state.stoppedReason ?? stoppedReason,
        times: { stoppingAt: now, executionStoppedAt: now, ...record.state.times, stoppedAt: now },
        containers: record.state.containers.map((container) => ({ ...container, lastStatus: 'STOPPED' })),
      },
    });
    this.tell(record);
  }

  private index(key: string, record: TaskRecord): void {
    const serviceKey = serviceKeyOf(record);
    if (serviceKey !== undefined) {
      const keys = this.byService.get(serviceKey) ?? new Set();
      this.byService.set(serviceKey, keys.add(key));
    }
  }

  private tell(record: TaskRecord): void {
    const serviceKey = serviceKeyOf(record);
    if (serviceKey !== undefined) {
      this.onChange(serviceKey);
    }
  }
}

function taskKey(record: Pick<TaskRecord, 'region' | 'clusterName' | 'taskId'>): string {
  return `${record.region}/${record.clusterName}/${record.taskId}`;
}

function serviceKeyOf(record: TaskRecord): string | undefined {
  return record.service === undefined
    ? undefined
    : `${record.region}/${record.clusterName}/${record.service}`;
}
