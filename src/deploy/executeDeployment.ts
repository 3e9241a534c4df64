import type { Deployment, Service } from '@aws-sdk/client-ecs';
import { resourceName } from '../aws/arn';
import type { EcsGateway } from '../aws/ecsGateway';
import type { LogsGateway } from '../aws/logsGateway';
import { messageOf, throwIfCancelled, UserError } from '../base/errors';
import type { DeployEvent, DeployOutcome, ExecuteOptions } from './deployEvent';
import type { DeploymentPlan } from './deploymentPlan';
import { watchDeployment } from './watchDeployment';

/**
 * Carries a plan out: registers the task definition, updates the service, and watches that deployment, by its
 * id, to its end. Aborting ends the watch only: what ECS has taken up goes on, and the error says so.
 *
 * @returns how the deployment itself ended
 * @throws UserError('cancelled') when aborted; otherwise as the gateways do, with what remains done in the message
 */
export async function* executeDeployment(
  gateways: { readonly ecs: EcsGateway; readonly logs: LogsGateway },
  plan: DeploymentPlan,
  options: ExecuteOptions,
): AsyncGenerator<DeployEvent, DeployOutcome, void> {
  const { ecs } = gateways;
  throwIfCancelled(options.signal);
  const taskDefinitionArn = await register(ecs, plan);
  const registered = plan.next.kind === 'register';
  if (registered) {
    yield { kind: 'registered', taskDefinitionArn };
  }
  const { service, deployment } = await update(ecs, plan, taskDefinitionArn, options.signal);
  const deploymentId = deployment.id ?? '';
  yield { kind: 'updated', deploymentId, taskDefinitionArn };
  const end = yield* watchDeployment(gateways, { plan, service, deployment }, options);
  return { taskDefinitionArn, deploymentId, ...end };
}

/** The signal is not passed on: a call that changes something is awaited, so that its outcome is known. */
async function register(ecs: EcsGateway, { next }: DeploymentPlan): Promise<string> {
  if (next.kind === 'existing') {
    return next.taskDefinitionArn;
  }
  const { taskDefinitionArn } = await ecs.registerTaskDefinition(next.input);
  if (taskDefinitionArn === undefined) {
    throw new UserError('internal', 'ECS answered without the ARN of the new task definition.');
  }
  return taskDefinitionArn;
}

async function update(
  ecs: EcsGateway,
  plan: DeploymentPlan,
  taskDefinition: string,
  signal: AbortSignal,
): Promise<{ service: Service; deployment: Deployment }> {
  const { cluster, service: name, next } = plan;
  try {
    throwIfCancelled(signal);
    const service = await updateService(ecs, plan, taskDefinition);
    const deployment = service.deployments?.find(({ status }) => status === 'PRIMARY');
    if (deployment?.id === undefined) {
      throw new UserError('internal', `ECS answered without a deployment of the service ${name}.`);
    }
    return { service, deployment };
  } catch (error) {
    if (next.kind !== 'register' || !(error instanceof UserError)) {
      throw error;
    }
    const remains = `The task definition was registered and remains, but the service ${name} of ${resourceName(cluster)} was not changed: ${resourceName(taskDefinition)}`;
    throw new UserError(error.reason, `${error.message} ${remains}`, {
      cause: error,
      ...(error.action === undefined ? {} : { action: error.action }),
    });
  }
}

async function updateService(
  ecs: EcsGateway,
  { cluster, service, next, forceNewDeployment }: DeploymentPlan,
  taskDefinition: string,
): Promise<Service> {
  try {
    return await ecs.updateService({
      cluster,
      service,
      taskDefinition,
      ...(forceNewDeployment ? { forceNewDeployment } : {}),
    });
  } catch (error) {
    // When the answer was lost the service may have been updated all the same: nobody else knows a revision
    // that has just been registered.
    if (next.kind === 'register') {
      const found = await ecs.service(cluster, service).catch(() => undefined);
      const primary = found?.deployments?.find(({ status }) => status === 'PRIMARY');
      if (found && primary?.taskDefinition === taskDefinition) {
        return found;
      }
    }
    throw error instanceof UserError ? error : new UserError('internal', messageOf(error), { cause: error });
  }
}
