import { resourceName } from '../aws/arn';
import type { EcsGateway } from '../aws/ecsGateway';
import { describeWorkload, listWorkloads, type Workload } from './workloads';

/** Who uses revisions: by the `family:revision` of each, its users in words, as "service demo/web". */
export type RevisionUse = ReadonlyMap<string, readonly string[]>;

/**
 * Finds which revisions of some families are in use in any cluster of the context: by a service, by one of its
 * deployments or task sets that has not ended, or by a task that runs or is about to. Clusters are asked one after
 * another. What names a revision outside of ECS, as an EventBridge schedule or a pipeline, is not seen.
 *
 * @param report called with the name of each cluster before it is asked
 * @throws UserError when a part could not be read, since a revision might be in use there
 */
export async function findRevisionUse(
  ecs: EcsGateway,
  families: readonly string[],
  signal?: AbortSignal,
  report?: (cluster: string) => void,
): Promise<RevisionUse> {
  const users = new Map<string, Set<string>>();
  const wanted = new Set(families);
  for await (const workload of listWorkloads(ecs, wanted, signal, report)) {
    for (const arn of workload.taskDefinitions) {
      if (wanted.has(familyOf(arn))) {
        const name = resourceName(arn);
        users.set(name, (users.get(name) ?? new Set()).add(describeWorkload(workload)));
      }
    }
  }
  return new Map([...users].map(([name, all]) => [name, [...all]]));
}

/**
 * The services and tasks that use one revision, as `findRevisionUse` finds them.
 * @param revision its ARN
 * @throws UserError when a part could not be read
 */
export async function findWorkloadsOf(
  ecs: EcsGateway,
  revision: string,
  signal?: AbortSignal,
  report?: (cluster: string) => void,
): Promise<Workload[]> {
  const found: Workload[] = [];
  for await (const workload of listWorkloads(ecs, [familyOf(revision)], signal, report)) {
    if (workload.taskDefinitions.includes(revision)) {
      found.push(workload);
    }
  }
  return found;
}

/** A service that runs a family, with the revision that it is set to. */
export interface FamilyService {
  readonly cluster: string;
  readonly service: string;
  readonly taskDefinitionArn: string;
}

/**
 * The services that are set to a revision of a family, in all clusters of the context.
 * @throws UserError when the clusters cannot be listed; one that cannot be read is left out
 */
export async function findServicesOf(
  ecs: EcsGateway,
  family: string,
  signal?: AbortSignal,
): Promise<FamilyService[]> {
  const found: FamilyService[] = [];
  for await (const { items: clusters } of ecs.clusters(signal)) {
    for (const { clusterArn = '', clusterName = resourceName(clusterArn) } of clusters) {
      for await (const { items: services } of ecs.services(clusterArn, signal)) {
        for (const { serviceName = '', taskDefinition = '' } of services) {
          if (familyOf(taskDefinition) === family) {
            found.push({ cluster: clusterName, service: serviceName, taskDefinitionArn: taskDefinition });
          }
        }
      }
    }
  }
  return found;
}

/** "web" of "web:3" and of its ARN. */
export function familyOf(taskDefinition: string): string {
  return resourceName(taskDefinition).replace(/:\d+$/, '');
}

/** 3 of "web:3" and of its ARN. */
export function revisionOf(taskDefinition: string): number {
  return Number(resourceName(taskDefinition).split(':')[1]);
}
