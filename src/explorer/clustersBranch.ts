import type { Cluster, Container, Service, Task } from '@aws-sdk/client-ecs';
import { resourceName } from '../aws/arn';
import type { EcsGateway, TaskQuery } from '../aws/ecsGateway';
import type { Page } from '../aws/page';
import { accumulate, byName, type Rows, type RowStream } from './accumulate';
import {
  nodeId,
  type ClusterNode,
  type ContainerNode,
  type ContextNode,
  type MessageNode,
  type ServiceNode,
  type TaskGroupNode,
  type TaskNode,
} from './explorerNode';
import { emptyMessage, moreMessage } from './messages';
import { isSettled } from './serviceState';
import { groupTasks } from './standaloneTasks';
import type { StoppedTaskMemory } from './stoppedTaskMemory';
import { isStopped, serviceOf, taskFailed } from './taskOutcome';

/** Clusters by name. */
export async function* listClusters(parent: ContextNode, ecs: EcsGateway, signal: AbortSignal): RowStream {
  const toNode = (cluster: Cluster): ClusterNode => toClusterNode(parent, cluster);
  let count = 0;
  for await (const { rows } of accumulate(parent, stillThere(ecs.clusters(signal)), toNode, byName)) {
    count = rows.length;
    yield rows;
  }
  if (count === 0) {
    yield [
      emptyMessage(parent, 'No clusters', {
        detail: `There is no ECS cluster in ${parent.context.label} · ${parent.context.region}.`,
      }),
    ];
  }
}

/** ECS describes what was deleted since it was listed as INACTIVE. */
async function* stillThere<T extends { readonly status?: string | undefined }>(
  listing: AsyncIterable<Page<T>>,
): AsyncGenerator<Page<T>, void, void> {
  for await (const { items, failures } of listing) {
    yield { items: items.filter(({ status }) => status !== 'INACTIVE'), failures };
  }
}

export function toClusterNode({ context }: Pick<ContextNode, 'context'>, cluster: Cluster): ClusterNode {
  const arn = cluster.clusterArn ?? '';
  const name = cluster.clusterName ?? resourceName(arn);
  return { kind: 'cluster', id: nodeId(context, 'cluster', arn), context, name, arn, cluster };
}

/** Services by name, and after them the group of the tasks that no service runs. */
export async function* listServices(parent: ClusterNode, ecs: EcsGateway, signal: AbortSignal): RowStream {
  const { context, arn } = parent;
  const group: TaskGroupNode = {
    kind: 'taskGroup',
    id: nodeId(context, 'taskGroup', arn),
    context,
    clusterArn: arn,
  };
  const toNode = (service: Service): ServiceNode => toServiceNode(parent, service);
  let count = 0;
  for await (const { rows } of accumulate(parent, stillThere(ecs.services(arn, signal)), toNode, byName)) {
    count = rows.length;
    yield [...rows, group];
  }
  if (count === 0) {
    yield [emptyMessage(parent, 'No services'), group];
  }
}

export function toServiceNode(
  { context, arn: clusterArn }: Pick<ClusterNode, 'context' | 'arn'>,
  service: Service,
): ServiceNode {
  const arn = service.serviceArn ?? '';
  const name = service.serviceName ?? resourceName(arn);
  return { kind: 'service', id: nodeId(context, 'service', arn), context, name, arn, clusterArn, service };
}

/** Stopped tasks shown at once: a service that crashes in a loop leaves hundreds in the hour they are kept. */
const ENDED_SHOWN = 10;

/**
 * Tasks of a service, newest first, and after them those that lately stopped because something failed. Where
 * all is well, the stopped ones are not asked for: they are a row to open.
 */
export async function* listServiceTasks(
  parent: ServiceNode,
  ecs: EcsGateway,
  signal: AbortSignal,
): RowStream {
  const { context, clusterArn, name: service } = parent;
  const tasks = (desiredStatus: TaskQuery['desiredStatus']): AsyncGenerator<Page<Task>, void, void> =>
    ecs.tasks(clusterArn, { service, desiredStatus }, signal);
  const empty = (): MessageNode => {
    const event = parent.service.events?.[0]?.message;
    return emptyMessage(parent, 'No running tasks', event === undefined ? {} : { detail: event });
  };
  if (isSettled(parent.service)) {
    const stopped: TaskGroupNode = {
      kind: 'taskGroup',
      id: nodeId(context, 'taskGroup', clusterArn, service),
      context,
      clusterArn,
      stoppedOf: service,
    };
    let none = true;
    for await (const { rows } of accumulate(parent, tasks('RUNNING'), taskOf(parent), newestFirst)) {
      none = rows.length === 0;
      yield [...(none ? [empty()] : rows), stopped];
    }
    if (none) {
      yield [empty(), stopped];
    }
    return;
  }
  const showEnded = (task: Task): boolean => !isStopped(task) || taskFailed(task);
  yield* listTasks(parent, tasks, showEnded, empty);
}

/**
 * Tasks of a service that stopped, newest first: within the hour for which ECS keeps them, and after them those that
 * were seen before.
 */
export async function* listStoppedTasks(
  parent: TaskGroupNode,
  service: string,
  ecs: EcsGateway,
  signal: AbortSignal,
  memory: StoppedTaskMemory | undefined,
): RowStream {
  const tasks = ecs.tasks(parent.clusterArn, { service, desiredStatus: 'STOPPED' }, signal);
  const remembered = (): TaskNode[] =>
    (memory?.recall({ context: parent.context, clusterArn: parent.clusterArn, service }) ?? []).map(
      (task): TaskNode => ({ ...toTaskNode(parent, task), remembered: true }),
    );
  const withRemembered = (rows: Rows): Rows => {
    const listed = new Set(rows.map(({ id }) => id));
    return [...rows, ...remembered().filter(({ id }) => !listed.has(id))];
  };
  let shown = withRemembered([]);
  if (shown.length > 0) {
    yield shown;
  }
  for await (const { rows } of accumulate(parent, tasks, taskOf(parent), newestFirst)) {
    shown = withRemembered(rows);
    yield shown;
  }
  if (shown.length === 0) {
    yield [emptyMessage(parent, 'None in the last hour')];
  }
}

const taskOf =
  (parent: ServiceNode | TaskGroupNode) =>
  (task: Task): TaskNode =>
    toTaskNode(parent, task);

/** Tasks of a cluster that no service runs, newest first; those that have ended are after them. */
export async function* listStandaloneTasks(
  parent: TaskGroupNode,
  ecs: EcsGateway,
  signal: AbortSignal,
): RowStream {
  // ListTasks cannot be asked for tasks without a service: `group` tells them apart, by its documented form.
  const tasks = async function* (
    desiredStatus: TaskQuery['desiredStatus'],
  ): AsyncGenerator<Page<Task>, void, void> {
    for await (const { items, failures } of ecs.tasks(parent.clusterArn, { desiredStatus }, signal)) {
      yield { items: items.filter((task) => serviceOf(task) === undefined), failures };
    }
  };
  const empty = (): MessageNode => emptyMessage(parent, 'No tasks without a service');
  for await (const rows of listTasks(parent, tasks, () => true, empty)) {
    yield groupTasks(parent, rows);
  }
}

async function* listTasks(
  parent: ServiceNode | TaskGroupNode,
  tasks: (desiredStatus: TaskQuery['desiredStatus']) => AsyncGenerator<Page<Task>, void, void>,
  showEnded: (task: Task) => boolean,
  empty: () => MessageNode,
): RowStream {
  const toNode = taskOf(parent);
  let running: Rows = [];
  for await (const { rows } of accumulate(parent, tasks('RUNNING'), toNode, newestFirst)) {
    running = rows;
    yield running;
  }
  // A task that stopped between the two listings is in both.
  const seen = new Set(running.map(({ id }) => id));
  let ended: Rows = [];
  for await (const { nodes } of accumulate(parent, tasks('STOPPED'), toNode, newestFirst)) {
    const shown = nodes.filter(({ id, task }) => showEnded(task) && !seen.has(id));
    const left = shown.length - ENDED_SHOWN;
    ended = [
      ...shown.slice(0, ENDED_SHOWN),
      ...(left > 0 ? [moreMessage(parent, `and ${left} more that stopped earlier`)] : []),
    ];
    yield [...running, ...ended];
  }
  if (running.length === 0) {
    yield [empty(), ...ended];
  }
}

export function toTaskNode(parent: Pick<TaskNode, 'context' | 'clusterArn'>, task: Task): TaskNode {
  const { context, clusterArn } = parent;
  const arn = task.taskArn ?? '';
  const serviceName = serviceOf(task);
  const base = {
    kind: 'task' as const,
    id: nodeId(context, 'task', arn),
    context,
    arn,
    clusterArn,
    task,
  };
  return serviceName === undefined ? base : { ...base, serviceName };
}

function newestFirst(a: TaskNode, b: TaskNode): number {
  return (b.task.createdAt?.getTime() ?? 0) - (a.task.createdAt?.getTime() ?? 0) || (a.arn < b.arn ? -1 : 1);
}

/** Containers of a task, in the order of its data; no call is made. */
export function containersOf(task: TaskNode): readonly ContainerNode[] {
  return (task.task.containers ?? []).map((container: Container) => {
    const name = container.name ?? '';
    const id = nodeId(task.context, 'container', task.arn, name);
    return { kind: 'container', id, context: task.context, name, container, task };
  });
}
