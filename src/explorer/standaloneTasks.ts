import type { Task } from '@aws-sdk/client-ecs';
import type { AwsContext } from '../aws/context';
import type { Rows } from './accumulate';
import { compareNames } from './compareNames';
import {
  nodeId,
  type ExplorerNode,
  type SectionNode,
  type TaskGroupNode,
  type TaskNode,
} from './explorerNode';
import { scheduleOf } from './taskOutcome';

/**
 * The tasks that no service runs, in a folded row for each schedule, group or family, by name; as they are where all
 * are of one. What is no task stands after them.
 */
export function groupTasks({ context, clusterArn }: TaskGroupNode, rows: Rows): Rows {
  const groups = new Map<string, { origin: Origin; tasks: TaskNode[] }>();
  const others: ExplorerNode[] = [];
  for (const node of rows) {
    if (node.kind !== 'task') {
      others.push(node);
      continue;
    }
    const origin = originOf(node.task);
    const key = keyOf(origin);
    const group = groups.get(key) ?? { origin, tasks: [] };
    group.tasks.push(node);
    groups.set(key, group);
  }
  if (groups.size < 2) {
    return rows;
  }
  const sections = [...groups].map(([key, { origin, tasks }]): SectionNode => ({
    kind: 'section',
    id: groupId(context, clusterArn, key),
    context,
    section: 'tasks',
    label: origin.name,
    origin: origin.kind,
    rows: tasks,
  }));
  return [...sections.sort((a, b) => compareNames(a.label, b.label)), ...others];
}

/** The id of the row in which a task stands where there is more than one group. */
export function taskGroupId(context: AwsContext, clusterArn: string, task: Task): string {
  return groupId(context, clusterArn, keyOf(originOf(task)));
}

function groupId(context: AwsContext, clusterArn: string, key: string): string {
  return nodeId(context, 'section', clusterArn, 'tasks', key);
}

function keyOf({ kind, name }: Origin): string {
  return `${kind}:${name}`;
}

interface Origin {
  readonly kind: NonNullable<SectionNode['origin']>;
  readonly name: string;
}

/** Where a task comes from: `group` is "family:NAME" by default, by the API reference of RunTask. */
function originOf(task: Task): Origin {
  const schedule = scheduleOf(task);
  if (schedule !== undefined) {
    return { kind: 'schedule', name: schedule };
  }
  const [, family] = /^family:(.*)$/.exec(task.group ?? '') ?? [];
  return family === undefined ? { kind: 'group', name: task.group ?? '' } : { kind: 'family', name: family };
}
