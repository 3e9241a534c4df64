import type { Deployment, Service } from '@aws-sdk/client-ecs';

export function primaryDeployment(service: Service): Deployment | undefined {
  return service.deployments?.find(({ status }) => status === 'PRIMARY');
}

/** True when a service has tasks of a revision, or is to have some: of its newest deployment or one before it. */
export function usesRevision({ taskDefinition, deployments = [] }: Service, arn: string): boolean {
  return taskDefinition === arn || deployments.some((deployment) => deployment.taskDefinition === arn);
}

/** True when the newest deployment failed, or when its tasks stop without the desired number being reached. */
export function isFailing(service: Service): boolean {
  const primary = primaryDeployment(service);
  const short = (service.runningCount ?? 0) < (service.desiredCount ?? 0);
  return primary?.rolloutState === 'FAILED' || ((primary?.failedTasks ?? 0) > 0 && short);
}

/** True for a service that is being deleted: ECS ends its tasks, and forgets it after them. */
export function isDraining(service: Service): boolean {
  return service.status !== undefined && service.status !== 'ACTIVE';
}

/** True while ECS starts or stops tasks for a service, or would like to. */
export function isInMotion(service: Service): boolean {
  const { runningCount = 0, desiredCount = 0, pendingCount = 0 } = service;
  return (
    isDraining(service) ||
    primaryDeployment(service)?.rolloutState === 'IN_PROGRESS' ||
    runningCount !== desiredCount ||
    pendingCount > 0
  );
}

/** True when a service says that all its tasks run and none of them failed on the way. */
export function isSettled(service: Service): boolean {
  const primary = primaryDeployment(service);
  return primary?.rolloutState === 'COMPLETED' && !primary.failedTasks && !isInMotion(service);
}
