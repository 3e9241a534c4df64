import type { EcsGateway } from '../aws/ecsGateway';
import type { DeploymentPlan } from './deploymentPlan';

export type RollBack =
  /** A deployment was under way and ECS now takes it back. */
  | { readonly kind: 'stopping'; readonly serviceDeploymentArn: string }
  /** Nothing was under way: this plan, executed, deploys what ran before. */
  | { readonly kind: 'plan'; readonly plan: DeploymentPlan };

export async function rollBack(
  ecs: EcsGateway,
  request: { readonly cluster: string; readonly service: string; readonly deploymentId?: string },
  signal?: AbortSignal,
): Promise<RollBack> {
  await Promise.resolve([ecs, request, signal]);
  throw new Error('being written');
}
