import type { RequestScope } from '../operation';
import { lastPart, parseEcsArn } from './arns';
import type { EcsState } from './ecsState';
import { findCluster } from './findCluster';
import type { ServiceRecord } from './records';
import { invalidParameter, serviceNotFound } from './refusals';

/**
 * The service of this name or ARN in a cluster, whatever its status.
 * @throws ServiceError ClusterNotFoundException for an unknown cluster, InvalidParameterException for an ARN
 *   of something else or of another cluster's service
 */
export function findService(
  state: EcsState,
  cluster: string | undefined,
  nameOrArn: string,
  scope: RequestScope,
): ServiceRecord | undefined {
  const { clusterName } = findCluster(state, cluster, scope);
  const arn = nameOrArn.startsWith('arn:') ? parseEcsArn(nameOrArn) : undefined;
  if (nameOrArn.startsWith('arn:')) {
    if (arn?.type !== 'service') {
      throw invalidParameter('Invalid identifier: Identifier is for another resource than a service.');
    }
    // The older form of the ARN has no cluster in it.
    const [owner] = arn.path;
    if (arn.path.length > 1 && owner !== clusterName) {
      throw invalidParameter(
        `Invalid identifier: Identifier is for cluster ${owner}. Your cluster is ${clusterName}`,
      );
    }
    if (arn.region !== scope.region) {
      return undefined;
    }
  }
  return state.services.get(`${scope.region}/${clusterName}/${lastPart(nameOrArn)}`);
}

/** @throws ServiceError ServiceNotFoundException, or as `findService` */
export function requireService(
  state: EcsState,
  cluster: string | undefined,
  nameOrArn: string,
  scope: RequestScope,
): ServiceRecord {
  const service = findService(state, cluster, nameOrArn, scope);
  if (!service) {
    throw serviceNotFound();
  }
  return service;
}
