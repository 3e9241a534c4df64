import type { ServiceDeploymentBrief } from '@aws-sdk/client-ecs';
import type { EcsGateway } from '../aws/ecsGateway';
import { chunk, collect } from '../aws/page';
import { UserError } from '../base/errors';
import type { DeploymentPlan } from './deploymentPlan';
import { serviceDeploymentOf } from './deploymentView';
import { planDeployment } from './planDeployment';

export type RollBack =
  /** A deployment was under way and ECS now takes it back. */
  | { readonly kind: 'stopping'; readonly serviceDeploymentArn: string }
  /** Nothing was under way: this plan, executed, deploys what ran before. */
  | { readonly kind: 'plan'; readonly plan: DeploymentPlan };

/** Statuses in which StopServiceDeployment rolls back, by "Stopping Amazon ECS service deployments". */
const UNDER_WAY: ReadonlySet<string | undefined> = new Set([
  'PENDING',
  'IN_PROGRESS',
  'STOP_REQUESTED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
]);

/** Service revisions a describe call takes, by the API reference. */
const DESCRIBE_REVISIONS = 20;

/**
 * Goes back to what ran before: ends the deployment that is under way, or plans one of the revision that the
 * last successful deployment of another task definition brought.
 *
 * @param request `deploymentId` as `ecs-svc/…`: only this deployment is ended; without it, any
 * @throws UserError('noDeployment') when nothing is known to go back to
 */
export async function rollBack(
  ecs: EcsGateway,
  request: { readonly cluster: string; readonly service: string; readonly deploymentId?: string },
  signal?: AbortSignal,
): Promise<RollBack> {
  const { cluster, service, deploymentId } = request;
  const history = await collect(ecs.serviceDeployments(cluster, service, signal));
  const described = await ecs.service(cluster, service, signal);
  const own = described.deployments?.find(({ id }) => id === deploymentId);
  const wanted =
    deploymentId === undefined ? history[0] : serviceDeploymentOf(history, own ?? { id: deploymentId });
  if (wanted?.serviceDeploymentArn !== undefined && UNDER_WAY.has(wanted.status)) {
    await ecs.rollBackDeployment(wanted.serviceDeploymentArn, signal);
    return { kind: 'stopping', serviceDeploymentArn: wanted.serviceDeploymentArn };
  }
  const previous = await findPrevious(ecs, history, described.taskDefinition, signal);
  if (previous === undefined) {
    throw new UserError(
      'noDeployment',
      `There is no earlier successful deployment of another task definition to go back to, in what ECS remembers (90 days). Deploy a revision of your choice instead: ${described.serviceName ?? service}`,
    );
  }
  const plan = await planDeployment(ecs, { cluster, service, taskDefinition: previous }, signal);
  if (plan.kind !== 'plan') {
    throw new UserError('internal', 'A plan without an image asked for a container.');
  }
  return { kind: 'plan', plan };
}

async function findPrevious(
  ecs: EcsGateway,
  history: readonly ServiceDeploymentBrief[],
  current: string | undefined,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const successful = history
    .filter(({ status }) => status === 'SUCCESSFUL')
    .map(({ targetServiceRevisionArn }) => targetServiceRevisionArn)
    .filter((arn) => arn !== undefined);
  for (const arns of chunk([...new Set(successful)], DESCRIBE_REVISIONS)) {
    const revisions = await ecs.describeServiceRevisions(arns, signal);
    const byArn = new Map(
      revisions.map((revision) => [revision.serviceRevisionArn, revision.taskDefinition]),
    );
    const found = arns.map((arn) => byArn.get(arn)).find((id) => id !== undefined && id !== current);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
