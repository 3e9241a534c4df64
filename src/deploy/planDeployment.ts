import type { EcsGateway } from '../aws/ecsGateway';
import type { ContainerChoice, DeploymentPlan, DeployRequest } from './deploymentPlan';

export async function planDeployment(
  ecs: EcsGateway,
  request: DeployRequest,
  signal?: AbortSignal,
): Promise<DeploymentPlan | ContainerChoice> {
  await Promise.resolve([ecs, request, signal]);
  throw new Error('being written');
}
