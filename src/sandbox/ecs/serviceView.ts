import { ecsArn } from './arns';
import { type EcsState, toTimestamp } from './ecsState';
import { realPlatform } from './placement';
import type {
  DeploymentRecord,
  Placement,
  RevisionSettings,
  ServiceDeploymentRecord,
  ServiceRecord,
  ServiceRevisionRecord,
  TaskRecord,
} from './records';
import { revisionArn } from './rollout';
import type { TaskLedger } from './taskLedger';

/** A service's key in the state. */
export function serviceKey(service: Pick<ServiceRecord, 'region' | 'clusterName' | 'serviceName'>): string {
  return `${service.region}/${service.clusterName}/${service.serviceName}`;
}

/** A Service of the ECS API, without its tags. */
export function viewService(state: EcsState, ledger: TaskLedger, service: ServiceRecord): object {
  const key = serviceKey(service);
  const tasks = ledger.ofService(key);
  const { settings } = service;
  return {
    ...service.attributes,
    serviceArn: service.serviceArn,
    serviceName: service.serviceName,
    clusterArn: service.clusterArn,
    loadBalancers: settings.loadBalancers ?? [],
    serviceRegistries: settings.serviceRegistries ?? [],
    status: service.status,
    desiredCount: service.desiredCount,
    ...countTasks(tasks),
    ...viewPlacement(settings),
    taskDefinition: settings.taskDefinition,
    deploymentConfiguration: service.deploymentConfiguration,
    deployments: service.deployments.map((deployment) => viewDeployment(service, deployment, tasks)),
    roleArn: `arn:aws:iam::${service.accountId}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`,
    events: (state.events.get(key) ?? []).map((event) => ({
      ...event,
      createdAt: toTimestamp(event.createdAt),
    })),
    createdAt: toTimestamp(service.createdAt),
    ...(service.status === 'ACTIVE' && {
      currentServiceDeployment: serviceDeploymentArn(service),
      currentServiceRevisions: service.deployments.map(({ id }) =>
        viewRevisionSummary(service, id, tasks, requestedCount(service, id, tasks)),
      ),
    }),
    ...(service.healthCheckGracePeriodSeconds !== undefined && {
      healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
    }),
    schedulingStrategy: service.schedulingStrategy,
    createdBy: `arn:aws:iam::${service.accountId}:root`,
  };
}

function viewDeployment(
  service: ServiceRecord,
  deployment: DeploymentRecord,
  tasks: readonly TaskRecord[],
): object {
  const { settings } = deployment;
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: settings.taskDefinition,
    desiredCount: requestedCount(service, deployment.id, tasks),
    ...countTasks(tasks.filter(({ deploymentId }) => deploymentId === deployment.id)),
    failedTasks: deployment.failedTasks,
    createdAt: toTimestamp(deployment.createdAt),
    updatedAt: toTimestamp(deployment.updatedAt),
    ...viewPlacement(settings),
    ...(settings.platformVersion && { platformVersion: realPlatform(settings.platformVersion) }),
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
    ...(settings.serviceConnectConfiguration && {
      serviceConnectConfiguration: settings.serviceConnectConfiguration,
    }),
    ...(settings.volumeConfigurations && { volumeConfigurations: settings.volumeConfigurations }),
    ...(settings.vpcLatticeConfigurations && {
      vpcLatticeConfigurations: settings.vpcLatticeConfigurations,
    }),
  };
}

/** A ServiceDeployment of the ECS API. */
export function viewServiceDeployment(
  service: ServiceRecord,
  record: ServiceDeploymentRecord,
  tasks: readonly TaskRecord[],
): object {
  const { deploymentId, sources, rollback, circuitBreaker, ...members } = record;
  return {
    ...members,
    createdAt: toTimestamp(record.createdAt),
    startedAt: toTimestamp(record.startedAt),
    finishedAt: toTimestamp(record.finishedAt),
    stoppedAt: toTimestamp(record.stoppedAt),
    updatedAt: toTimestamp(record.updatedAt),
    sourceServiceRevisions: sources.map((source) =>
      viewRevisionSummary(service, source.deploymentId, tasks, source.requestedTaskCount),
    ),
    targetServiceRevision: viewRevisionSummary(
      service,
      deploymentId,
      tasks,
      requestedCount(service, deploymentId, tasks),
    ),
    ...(rollback && { rollback: { ...rollback, startedAt: toTimestamp(rollback.startedAt) } }),
    deploymentCircuitBreaker: circuitBreaker,
  };
}

/** A ServiceDeploymentBrief of the ECS API. */
export function viewServiceDeploymentBrief(service: ServiceRecord, record: ServiceDeploymentRecord): object {
  return {
    serviceDeploymentArn: record.serviceDeploymentArn,
    serviceArn: record.serviceArn,
    clusterArn: record.clusterArn,
    startedAt: toTimestamp(record.startedAt),
    createdAt: toTimestamp(record.createdAt),
    finishedAt: toTimestamp(record.finishedAt),
    targetServiceRevisionArn: revisionArn(service, record.deploymentId),
    status: record.status,
    statusReason: record.statusReason,
  };
}

/** A ServiceRevision of the ECS API. */
export function viewServiceRevision(record: ServiceRevisionRecord): object {
  const { settings } = record;
  return {
    serviceRevisionArn: record.serviceRevisionArn,
    serviceArn: record.serviceArn,
    clusterArn: record.clusterArn,
    taskDefinition: settings.taskDefinition,
    ...viewPlacement(settings),
    ...(settings.platformVersion && { platformVersion: realPlatform(settings.platformVersion) }),
    loadBalancers: settings.loadBalancers ?? [],
    serviceRegistries: settings.serviceRegistries ?? [],
    containerImages: record.containerImages,
    guardDutyEnabled: false,
    ...(settings.serviceConnectConfiguration && {
      serviceConnectConfiguration: settings.serviceConnectConfiguration,
    }),
    ...(settings.volumeConfigurations && { volumeConfigurations: settings.volumeConfigurations }),
    createdAt: toTimestamp(record.createdAt),
  };
}

function viewPlacement(placement: Placement & Partial<RevisionSettings>): object {
  return {
    ...(placement.launchType && { launchType: placement.launchType }),
    ...(placement.capacityProviderStrategy && {
      capacityProviderStrategy: placement.capacityProviderStrategy,
    }),
    ...(placement.platformVersion && {
      platformVersion: placement.platformVersion,
      platformFamily: 'Linux',
    }),
    ...(placement.networkConfiguration && { networkConfiguration: placement.networkConfiguration }),
  };
}

function viewRevisionSummary(
  service: ServiceRecord,
  deploymentId: string,
  tasks: readonly TaskRecord[],
  requestedTaskCount: number,
): object {
  const counts = countTasks(tasks.filter((task) => task.deploymentId === deploymentId));
  return {
    arn: revisionArn(service, deploymentId),
    requestedTaskCount,
    runningTaskCount: counts.runningCount,
    pendingTaskCount: counts.pendingCount,
  };
}

/** Of an older deployment, the tasks that have not been asked to stop. */
function requestedCount(service: ServiceRecord, deploymentId: string, tasks: readonly TaskRecord[]): number {
  return service.deployments[0]?.id === deploymentId
    ? service.desiredCount
    : tasks.filter((task) => task.deploymentId === deploymentId && task.state.desiredStatus === 'RUNNING')
        .length;
}

function countTasks(tasks: readonly TaskRecord[]): { runningCount: number; pendingCount: number } {
  const statuses = tasks.map(({ state }) => state.lastStatus);
  return {
    runningCount: statuses.filter((status) => status === 'RUNNING').length,
    pendingCount: statuses.filter((status) => ['PROVISIONING', 'PENDING', 'ACTIVATING'].includes(status))
      .length,
  };
}

function serviceDeploymentArn(service: ServiceRecord): string {
  return ecsArn(
    service,
    'service-deployment',
    service.clusterName,
    service.serviceName,
    service.serviceDeploymentId,
  );
}
