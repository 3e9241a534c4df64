import { ecsArn, newRevisionNumber, newServiceDeploymentId } from './arns';
import { failureThreshold } from './circuitBreaker';
import type { EcsState } from './ecsState';
import { findTaskDefinition } from './findTaskDefinition';
import type {
  DeploymentRecord,
  RevisionSettings,
  ServiceDeploymentRecord,
  ServiceDeploymentStatus,
  ServiceRecord,
} from './records';
import type { ServiceChange } from './serviceChange';
import { serviceEvents } from './serviceEvents';

/** The statuses of a service deployment that has not ended. */
export const ONGOING: readonly ServiceDeploymentStatus[] = [
  'PENDING',
  'IN_PROGRESS',
  'STOP_REQUESTED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
];

/**
 * Starts a deployment of these settings: a service revision, an entry in `deployments` and a service
 * deployment. One that was under way is stopped; its tasks are replaced like those of any older revision.
 */
export function startDeployment(state: EcsState, change: ServiceChange, settings: RevisionSettings): void {
  const { service, now } = change;
  const number = newRevisionNumber();
  const id = `ecs-svc/${number}`;
  const deployment: DeploymentRecord = {
    id,
    status: 'PRIMARY',
    settings,
    failedTasks: 0,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    createdAt: now,
    updatedAt: now,
  };
  state.serviceRevisions.put(`${change.key}/${number}`, {
    serviceRevisionArn: revisionArn(service, id),
    serviceArn: service.serviceArn,
    clusterArn: service.clusterArn,
    deploymentId: id,
    settings,
    containerImages: imagesOf(state, service.region, settings.taskDefinition),
    createdAt: now,
  });
  const former = service.deployments.length > 0 ? change.serviceDeployment : undefined;
  if (former && ONGOING.includes(former.status)) {
    change.setServiceDeployment({
      status: 'STOPPED',
      statusReason: 'Service deployment stopped because a newer service deployment was started.',
      stoppedAt: now,
      finishedAt: now,
      circuitBreaker: endMonitoring(former),
    });
  }
  const sources = service.deployments.map((source) => ({
    deploymentId: source.id,
    requestedTaskCount: source.status === 'PRIMARY' ? service.desiredCount : 0,
  }));
  const breaker = service.deploymentConfiguration.deploymentCircuitBreaker;
  change.beginServiceDeployment({
    serviceDeploymentArn: ecsArn(
      service,
      'service-deployment',
      service.clusterName,
      service.serviceName,
      newServiceDeploymentId(),
    ),
    serviceArn: service.serviceArn,
    clusterArn: service.clusterArn,
    deploymentId: id,
    sources,
    status: 'PENDING',
    // Later than the former one even in the same millisecond: the list is in order of time.
    createdAt: Math.max(now, (former?.createdAt ?? 0) + 1),
    updatedAt: now,
    deploymentConfiguration: service.deploymentConfiguration,
    circuitBreaker: {
      status: breaker?.enable ? 'MONITORING' : 'DISABLED',
      failureCount: 0,
      threshold: failureThreshold(service.desiredCount, service.deploymentConfiguration),
    },
  });
  change.set({
    settings,
    deployments: [deployment, ...asActive(service.deployments)],
    steady: false,
    failuresInRow: 0,
    startNotBefore: 0,
  });
}

/** The primary deployment has what it wants: it is what the next rollback returns to. */
export function completeDeployment(state: EcsState, change: ServiceChange): void {
  const { primary, serviceDeployment, now } = change;
  change.setPrimary({
    rolloutState: 'COMPLETED',
    rolloutStateReason: `ECS deployment ${primary.id} completed.`,
    failedTasks: 0,
  });
  change.set({ lastCompleted: { deploymentId: primary.id, settings: primary.settings } });
  change.say(serviceEvents.deploymentCompleted(primary.id));
  noteImageDigests(state, change);
  if (ONGOING.includes(serviceDeployment.status)) {
    change.setServiceDeployment({
      status: serviceDeployment.status === 'ROLLBACK_IN_PROGRESS' ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL',
      finishedAt: now,
      circuitBreaker: endMonitoring(serviceDeployment),
    });
  }
}

/** Too many tasks of the primary deployment failed: it starts no more, and is rolled back where that is asked for. */
export function breakCircuit(change: ServiceChange): void {
  const { primary, service, serviceDeployment, now } = change;
  const rollingBack = serviceDeployment.status === 'ROLLBACK_IN_PROGRESS';
  change.setPrimary({
    rolloutState: 'FAILED',
    rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
  });
  change.say(serviceEvents.deploymentFailed(primary.id));
  change.setServiceDeployment({
    circuitBreaker: { ...serviceDeployment.circuitBreaker, status: 'TRIGGERED' },
  });
  const rollback = service.deploymentConfiguration.deploymentCircuitBreaker?.rollback === true;
  const goal = service.lastCompleted;
  if (rollback && !rollingBack && goal && goal.deploymentId !== primary.id) {
    rollBack(change, goal, {
      reason: 'Service deployment rolled back because the circuit breaker threshold was exceeded.',
      rolloutStateReason: `ECS deployment circuit breaker: rolling back to deploymentId ${goal.deploymentId}.`,
    });
    return;
  }
  change.setServiceDeployment({
    status: rollback ? 'ROLLBACK_FAILED' : 'STOPPED',
    statusReason: rollback
      ? 'Service deployment rollback failed because there was no completed service revision to roll back to.'
      : 'Service deployment stopped because the circuit breaker threshold was exceeded.',
    ...(rollingBack && {
      statusReason: 'Service deployment rollback failed because the circuit breaker threshold was exceeded.',
    }),
    stoppedAt: now,
    finishedAt: now,
  });
}

/** Does what StopServiceDeployment asked for. */
export function stopAsRequested(change: ServiceChange): void {
  const { service, serviceDeployment, primary, now } = change;
  const goal = service.lastCompleted;
  if (serviceDeployment.status === 'ROLLBACK_REQUESTED' && goal) {
    rollBack(change, goal, {
      reason: 'Service deployment rolled back because of a user request.',
      rolloutStateReason: `ECS deployment ${goal.deploymentId} in progress.`,
    });
  } else if (serviceDeployment.status === 'STOP_REQUESTED') {
    change.setPrimary({
      rolloutState: 'FAILED',
      rolloutStateReason: `ECS deployment ${primary.id} stopped.`,
    });
    change.setServiceDeployment({
      status: 'STOPPED',
      statusReason: 'Service deployment stopped because of a user request.',
      stoppedAt: now,
      finishedAt: now,
      circuitBreaker: endMonitoring(serviceDeployment),
    });
  }
}

/**
 * Makes the last completed deployment PRIMARY again. ECS shows it under the id that it had before, whether
 * or not tasks of it still run.
 */
function rollBack(
  change: ServiceChange,
  goal: NonNullable<ServiceRecord['lastCompleted']>,
  texts: { readonly reason: string; readonly rolloutStateReason: string },
): void {
  const { service, now } = change;
  const former = service.deployments.find(({ id }) => id === goal.deploymentId);
  const restored: DeploymentRecord = {
    ...(former ?? { id: goal.deploymentId, settings: goal.settings, createdAt: now }),
    status: 'PRIMARY',
    failedTasks: 0,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: texts.rolloutStateReason,
    updatedAt: now,
  };
  change.set({
    settings: goal.settings,
    deployments: [restored, ...asActive(service.deployments.filter(({ id }) => id !== restored.id))],
    steady: false,
    failuresInRow: 0,
    startNotBefore: 0,
  });
  change.setServiceDeployment({
    status: 'ROLLBACK_IN_PROGRESS',
    statusReason: texts.reason,
    rollback: {
      reason: texts.reason,
      startedAt: now,
      serviceRevisionArn: revisionArn(service, restored.id),
    },
  });
  change.say(serviceEvents.rollingBack(restored.id));
}

/** The ARN of the revision that is shown as this entry of `deployments`. */
export function revisionArn(
  service: Pick<ServiceRecord, 'region' | 'accountId' | 'clusterName' | 'serviceName'>,
  deploymentId: string,
): string {
  const number = deploymentId.replace('ecs-svc/', '');
  return ecsArn(service, 'service-revision', service.clusterName, service.serviceName, number);
}

function asActive(deployments: readonly DeploymentRecord[]): DeploymentRecord[] {
  return deployments.map((deployment) => ({ ...deployment, status: 'ACTIVE' }));
}

function endMonitoring(record: ServiceDeploymentRecord): ServiceDeploymentRecord['circuitBreaker'] {
  const { circuitBreaker } = record;
  return circuitBreaker.status === 'MONITORING'
    ? { ...circuitBreaker, status: 'MONITORING_COMPLETE' }
    : circuitBreaker;
}

function imagesOf(state: EcsState, region: string, taskDefinition: string) {
  const containers = findTaskDefinition(state, taskDefinition, region)?.containerDefinitions ?? [];
  return containers.map(({ name, image }) => ({ containerName: name, image }));
}

/** Adds to the revision the digests that its tasks turned out to run. */
function noteImageDigests(state: EcsState, change: ServiceChange): void {
  const { primary, key, service } = change;
  const revisionKey = `${key}/${primary.id.replace('ecs-svc/', '')}`;
  const revision = state.serviceRevisions.get(revisionKey);
  const prefix = `${service.region}/${service.clusterName}/`;
  const task = [...state.tasks.entries(prefix)].find(
    ([, { deploymentId }]) => deploymentId === primary.id,
  )?.[1];
  if (revision && task) {
    const digests = new Map(task.state.containers.map(({ name, imageDigest }) => [name, imageDigest]));
    const containerImages = revision.containerImages.map((image) => {
      const imageDigest = digests.get(image.containerName) ?? image.imageDigest;
      return imageDigest === undefined ? image : { ...image, imageDigest };
    });
    state.serviceRevisions.put(revisionKey, { ...revision, containerImages });
  }
}
