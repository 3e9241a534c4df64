import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';
import { resourceName } from '../aws/arn';

/** Where one container of one task writes its lines. */
export interface LogSource {
  readonly group: string;
  readonly stream: string;
  /** The task's short id. */
  readonly task: string;
  readonly container: string;
}

export interface LogSources {
  readonly sources: readonly LogSource[];
  /** Why some container's lines cannot be read, one sentence each. */
  readonly notices: readonly string[];
}

/**
 * Finds the log streams of a task's containers: `prefix/container/task id` in the driver's group, by
 * "awslogs-stream-prefix" in the ECS developer guide, "Send Amazon ECS logs to CloudWatch". What does not
 * write there is a notice, since its lines exist but elsewhere.
 *
 * @param task the task's short id
 * @param region where the reader reads
 * @param only the one container that is wanted
 */
export function logSourcesOf(
  definition: TaskDefinition,
  task: string,
  region: string,
  only: string | undefined,
): LogSources {
  const sources: LogSource[] = [];
  const notices: string[] = [];
  const containers = definition.containerDefinitions ?? [];
  const wanted = containers.filter(({ name }) => only === undefined || name === only);
  if (wanted.length === 0) {
    const names = containers.map(({ name }) => name).join(', ');
    notices.push(
      `There is no container ${only ?? ''} in the task definition ${resourceName(definition.taskDefinitionArn ?? '')}. It has: ${names}`,
    );
  }
  for (const container of wanted) {
    const found = sourceOf(container, task, region);
    if (typeof found === 'string') {
      notices.push(found);
    } else {
      sources.push(found);
    }
  }
  return { sources, notices };
}

function sourceOf(definition: ContainerDefinition, task: string, region: string): LogSource | string {
  const container = definition.name ?? '';
  const { logDriver, options = {} } = definition.logConfiguration ?? {};
  if (logDriver === undefined) {
    return `The container ${container} has no logConfiguration: its lines stay on the host. Add the awslogs driver to its task definition to read them here.`;
  }
  if (logDriver !== 'awslogs') {
    return `The container ${container} logs with the driver ${logDriver}, not to CloudWatch Logs by awslogs: its lines are wherever that driver sends them.`;
  }
  const group = options['awslogs-group'];
  const prefix = options['awslogs-stream-prefix'];
  const written = options['awslogs-region'];
  if (!group) {
    return `The container ${container} names no awslogs-group in its task definition.`;
  }
  if (written && written !== region) {
    return `The container ${container} logs to the region ${written}, and this follows ${region}. Select that region to read the log group ${group}.`;
  }
  if (!prefix) {
    return `The container ${container} has no awslogs-stream-prefix, so its stream in the log group ${group} cannot be told from its task. Add the option to its task definition.`;
  }
  return { group, stream: `${prefix}/${container}/${task}`, task, container };
}
