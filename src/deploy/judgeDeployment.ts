import type { Service, ServiceDeployment } from '@aws-sdk/client-ecs';

/** What is known of a deployment at one moment. */
export interface DeploymentSigns {
  /** `ecs-svc/…` of the deployment that is watched. */
  readonly deploymentId: string;
  /** Ids of the deployments that were there before it: one of them being PRIMARY again is a rollback. */
  readonly formerIds: ReadonlySet<string>;
  readonly service: Service;
  /** The service deployment that brings it, where that could be read. */
  readonly serviceDeployment: ServiceDeployment | undefined;
  /** Milliseconds since its rolloutState was first seen as FAILED. */
  readonly failedForMs: number;
}

export type Verdict =
  | { readonly state: 'inProgress' }
  | { readonly state: 'rollingBack'; readonly reason: string }
  | { readonly state: 'completed' }
  | { readonly state: 'rolledBack'; readonly reason: string }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'superseded'; readonly reason: string };

/** How long a failed deployment may stay PRIMARY before the rollback that was asked for counts as not coming. */
const ROLLBACK_BEGINS_WITHIN_MS = 60_000;

/**
 * Tells how a deployment stands by its own state: the status of its service deployment, and its entry in the
 * service's deployments. That the service is stable says nothing: after a rollback it is, too.
 *
 * Sources: "View service history using Amazon ECS service deployments" for the statuses, and the Deployment
 * type of the ECS API reference for rolloutState.
 */
export function judgeDeployment(signs: DeploymentSigns): Verdict {
  return judgeServiceDeployment(signs) ?? judgeRollout(signs);
}

function judgeServiceDeployment(signs: DeploymentSigns): Verdict | undefined {
  const { serviceDeployment } = signs;
  const reason = serviceDeployment?.statusReason ?? serviceDeployment?.rollback?.reason;
  switch (serviceDeployment?.status) {
    case 'SUCCESSFUL':
      return { state: 'completed' };
    case 'ROLLBACK_SUCCESSFUL':
      return { state: 'rolledBack', reason: reason ?? 'ECS rolled the deployment back.' };
    case 'ROLLBACK_FAILED':
      return { state: 'failed', reason: reason ?? 'The deployment failed, and so did its rollback.' };
    case 'STOPPED':
      return supersededBy(signs) ?? { state: 'failed', reason: reason ?? 'The deployment was stopped.' };
    case 'ROLLBACK_REQUESTED':
    case 'ROLLBACK_IN_PROGRESS':
      return { state: 'rollingBack', reason: reason ?? 'ECS rolls the deployment back.' };
    case 'PENDING':
    case 'IN_PROGRESS':
    case 'STOP_REQUESTED':
    case undefined:
      // A status of a later API, too, leaves the judgement to the rollout's state.
      return undefined;
    default:
      return undefined;
  }
}

function judgeRollout(signs: DeploymentSigns): Verdict {
  const { service, deploymentId, serviceDeployment } = signs;
  const own = service.deployments?.find(({ id }) => id === deploymentId);
  const primary = service.deployments?.find(({ status }) => status === 'PRIMARY');
  if (own?.rolloutState === 'COMPLETED') {
    return { state: 'completed' };
  }
  const failed = own?.rolloutState === 'FAILED';
  const reason = own?.rolloutStateReason ?? 'The deployment failed.';
  if (primary === undefined || primary.id === deploymentId) {
    if (!failed) {
      return { state: 'inProgress' };
    }
    return rollsBack(service) && signs.failedForMs < ROLLBACK_BEGINS_WITHIN_MS
      ? { state: 'rollingBack', reason }
      : { state: 'failed', reason };
  }
  if (serviceDeployment !== undefined) {
    // Its status is about to say what became of it; the service may have been read a moment later.
    return failed ? { state: 'rollingBack', reason } : { state: 'inProgress' };
  }
  if (!failed && !signs.formerIds.has(primary.id ?? '')) {
    return superseded(primary.id);
  }
  switch (primary.rolloutState) {
    case 'COMPLETED':
      return { state: 'rolledBack', reason };
    case 'FAILED':
      return { state: 'failed', reason: `${reason} Its rollback failed as well.` };
    default:
      return { state: 'rollingBack', reason };
  }
}

function supersededBy({ service, deploymentId, formerIds }: DeploymentSigns): Verdict | undefined {
  const primary = service.deployments?.find(({ status }) => status === 'PRIMARY');
  const other = primary?.id !== undefined && primary.id !== deploymentId && !formerIds.has(primary.id);
  return other ? superseded(primary.id) : undefined;
}

function superseded(by: string | undefined): Verdict {
  return { state: 'superseded', reason: `superseded: another deployment took its place: ${by ?? 'unknown'}` };
}

function rollsBack({ deploymentConfiguration }: Service): boolean {
  const { deploymentCircuitBreaker, alarms } = deploymentConfiguration ?? {};
  return (
    (deploymentCircuitBreaker?.enable === true && deploymentCircuitBreaker.rollback === true) ||
    (alarms?.enable === true && alarms.rollback === true)
  );
}
