import type { Service } from '@aws-sdk/client-ecs';
import { resourceName } from '../aws/arn';
import type { EcsGateway } from '../aws/ecsGateway';
import type { Page } from '../aws/page';
import { UserError } from '../base/errors';

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
  const add = (arn: string | undefined, user: string): void => {
    if (arn !== undefined && wanted.has(familyOf(arn))) {
      const name = resourceName(arn);
      users.set(name, (users.get(name) ?? new Set()).add(user));
    }
  };
  for await (const clusters of whole(ecs.clusters(signal))) {
    for (const { clusterArn = '', clusterName = resourceName(clusterArn) } of clusters) {
      report?.(clusterName);
      for await (const services of whole(ecs.services(clusterArn, signal))) {
        for (const service of services) {
          const user = `service ${clusterName}/${service.serviceName ?? ''}`;
          revisionsOf(service).forEach((arn) => add(arn, user));
        }
      }
      for (const family of wanted) {
        for await (const tasks of whole(ecs.tasks(clusterArn, { family }, signal))) {
          for (const { taskDefinitionArn, group = '' } of tasks) {
            const service = /^service:(.+)$/.exec(group)?.[1];
            add(
              taskDefinitionArn,
              service === undefined ? `a task in ${clusterName}` : `service ${clusterName}/${service}`,
            );
          }
        }
      }
    }
  }
  return new Map([...users].map(([name, all]) => [name, [...all]]));
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

function revisionsOf({ taskDefinition, deployments = [], taskSets = [] }: Service): (string | undefined)[] {
  return [taskDefinition, ...[...deployments, ...taskSets].map((each) => each.taskDefinition)];
}

/** The items of a listing that has to be complete. What went away since it was listed is not missed. */
async function* whole<T>(listing: AsyncIterable<Page<T>>): AsyncGenerator<readonly T[], void, void> {
  for await (const { items, failures } of listing) {
    const failed = failures.find(({ reason }) => reason !== 'MISSING');
    if (failed) {
      throw new UserError(
        failed.error?.reason ?? 'requestRefused',
        `Whether the revisions are in use cannot be told, since a part of the clusters could not be read: ${resourceName(failed.id)}: ${failed.reason}`,
        { action: 'retry', ...(failed.error ? { cause: failed.error } : {}) },
      );
    }
    yield items;
  }
}
