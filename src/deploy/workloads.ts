import type { Service, Task } from '@aws-sdk/client-ecs';
import { resourceName } from '../aws/arn';
import type { EcsGateway } from '../aws/ecsGateway';
import type { Page } from '../aws/page';
import { UserError } from '../base/errors';
import { serviceOf } from '../explorer/taskOutcome';

interface WorkloadBase {
  /** Its cluster's name. */
  readonly cluster: string;
  readonly clusterArn: string;
  readonly arn: string;
  /** ARNs, each once. */
  readonly taskDefinitions: readonly string[];
}

/** A service, with the task definition that it is set to, and those of its deployments and task sets. */
export interface ServiceWorkload extends WorkloadBase {
  readonly kind: 'service';
  readonly name: string;
}

/** A task that runs or is about to. */
export interface TaskWorkload extends WorkloadBase {
  readonly kind: 'task';
  /** Name of the service that runs it, if one does. */
  readonly service?: string;
  /** That service's ARN. */
  readonly serviceArn?: string;
  readonly task: Task;
}

/** What runs in ECS, or is set to. */
export type Workload = ServiceWorkload | TaskWorkload;

/**
 * The services and running tasks of all clusters of a context. Clusters are asked one after another.
 *
 * @param families leaves out the tasks of all other families; the services are always all of them
 * @param report called with the name of each cluster before it is asked
 * @throws UserError when a part could not be read: whoever asks what is in use must not be told less
 */
export async function* listWorkloads(
  ecs: EcsGateway,
  families?: Iterable<string>,
  signal?: AbortSignal,
  report?: (cluster: string) => void,
): AsyncGenerator<Workload, void, void> {
  for await (const clusters of whole(ecs.clusters(signal))) {
    for (const { clusterArn = '', clusterName = resourceName(clusterArn) } of clusters) {
      report?.(clusterName);
      const place = { cluster: clusterName, clusterArn };
      const arns = new Map<string, string>();
      for await (const services of whole(ecs.services(clusterArn, signal))) {
        for (const service of services) {
          const { serviceArn = '', serviceName = resourceName(serviceArn) } = service;
          const taskDefinitions = definitionsOf(service);
          arns.set(serviceName, serviceArn);
          yield { kind: 'service', ...place, arn: serviceArn, name: serviceName, taskDefinitions };
        }
      }
      for (const family of families ?? [undefined]) {
        const query = family === undefined ? {} : { family };
        for await (const tasks of whole(ecs.tasks(clusterArn, query, signal))) {
          for (const task of tasks) {
            const { taskArn = '', taskDefinitionArn } = task;
            const service = serviceOf(task);
            const taskDefinitions = taskDefinitionArn === undefined ? [] : [taskDefinitionArn];
            const base = { kind: 'task' as const, ...place, arn: taskArn, taskDefinitions, task };
            const serviceArn = arns.get(service ?? '');
            yield {
              ...base,
              ...(service === undefined ? {} : { service }),
              ...(serviceArn === undefined ? {} : { serviceArn }),
            };
          }
        }
      }
    }
  }
}

/** "service demo/web", also of a task that the service runs, or "a task in demo". */
export function describeWorkload(workload: Workload): string {
  const service = workload.kind === 'service' ? workload.name : workload.service;
  return service === undefined ? `a task in ${workload.cluster}` : `service ${workload.cluster}/${service}`;
}

function definitionsOf({ taskDefinition, deployments = [], taskSets = [] }: Service): string[] {
  const all = [taskDefinition, ...[...deployments, ...taskSets].map((each) => each.taskDefinition)];
  return [...new Set(all.filter((arn) => arn !== undefined))];
}

/** The items of a listing that has to be complete. What went away since it was listed is not missed. */
async function* whole<T>(listing: AsyncIterable<Page<T>>): AsyncGenerator<readonly T[], void, void> {
  for await (const { items, failures } of listing) {
    const failed = failures.find(({ reason }) => reason !== 'MISSING');
    if (failed) {
      throw new UserError(
        failed.error?.reason ?? 'requestRefused',
        `What is in use cannot be told, since a part of the clusters could not be read: ${resourceName(failed.id)}: ${failed.reason}`,
        { action: 'retry', ...(failed.error ? { cause: failed.error } : {}) },
      );
    }
    yield items;
  }
}
