import type { RequestScope } from '../operation';
import { ServiceError } from '../protocol/serviceError';
import { parseEcsArn } from './arns';
import type { EcsState } from './ecsState';
import type { ClusterRecord } from './records';
import { clusterNotFound, invalidParameter } from './refusals';

/** What a request that names no cluster means. */
export const DEFAULT_CLUSTER = 'default';

/**
 * The name in a cluster's name or ARN.
 * @throws ServiceError InvalidParameterException for an ARN of something else
 */
export function clusterNameOf(nameOrArn: string | undefined, scope: RequestScope): string {
  const text = nameOrArn === undefined || nameOrArn === '' ? DEFAULT_CLUSTER : nameOrArn;
  if (!text.startsWith('arn:')) {
    return text;
  }
  const arn = parseEcsArn(text);
  const [name, ...rest] = arn?.path ?? [];
  if (arn?.type !== 'cluster' || name === undefined || rest.length > 0) {
    throw invalidParameter('Invalid identifier: Identifier is for another resource than a cluster.');
  }
  // Another region's cluster is as unknown here as one that never was.
  return arn.region === scope.region ? name : '';
}

/**
 * The cluster to read from, whatever its status.
 * @throws ServiceError ClusterNotFoundException
 */
export function findCluster(
  state: EcsState,
  nameOrArn: string | undefined,
  scope: RequestScope,
): ClusterRecord {
  const cluster = state.clusters.get(`${scope.region}/${clusterNameOf(nameOrArn, scope)}`);
  if (!cluster) {
    throw clusterNotFound();
  }
  return cluster;
}

/**
 * The cluster to start something in.
 * @throws ServiceError ClusterNotFoundException when there is none, or it was deleted
 */
export function requireActiveCluster(
  state: EcsState,
  nameOrArn: string | undefined,
  scope: RequestScope,
): ClusterRecord {
  const cluster = findCluster(state, nameOrArn, scope);
  if (cluster.status !== 'ACTIVE') {
    throw new ServiceError('ClusterNotFoundException', 'The referenced cluster was inactive.');
  }
  return cluster;
}
