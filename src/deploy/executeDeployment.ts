import type { EcsGateway } from '../aws/ecsGateway';
import type { LogsGateway } from '../aws/logsGateway';
import type { DeploymentPlan } from './deploymentPlan';
import type { FailureExplanation, TaskFailure } from './failure';

export type DeployEvent =
  | { readonly kind: 'registered'; readonly taskDefinitionArn: string }
  /** ECS has taken the deployment up; from here on ending the watch does not end it. */
  | { readonly kind: 'updated'; readonly deploymentId: string; readonly taskDefinitionArn: string }
  /** Tasks of this deployment; sent when a number changes. */
  | {
      readonly kind: 'progress';
      readonly running: number;
      readonly desired: number;
      readonly pending: number;
      readonly failed: number;
    }
  /** A service event, once each, oldest first. */
  | { readonly kind: 'event'; readonly id: string; readonly at: Date; readonly message: string }
  | { readonly kind: 'taskFailed'; readonly failure: TaskFailure }
  | { readonly kind: 'rollingBack'; readonly reason: string }
  /** What hinders the watch, as throttling; the watch goes on. */
  | { readonly kind: 'notice'; readonly text: string };

export interface DeployOutcome {
  readonly taskDefinitionArn: string;
  /** As `ecs-svc/0123456789012345678`. */
  readonly deploymentId: string;
  readonly outcome: 'completed' | 'failed' | 'rolledBack';
  readonly reason?: string;
  readonly failure?: FailureExplanation;
}

export interface ExecuteOptions {
  readonly signal: AbortSignal;
  /** Milliseconds between two looks at the deployment. */
  readonly pollMs?: number;
  /** Failed tasks after which a deployment that never got a task to run is reported as failed. */
  readonly giveUpAfterFailedTasks?: number;
}

export async function* executeDeployment(
  gateways: { readonly ecs: EcsGateway; readonly logs: LogsGateway },
  plan: DeploymentPlan,
  options: ExecuteOptions,
): AsyncGenerator<DeployEvent, DeployOutcome, void> {
  void [gateways, plan, options];
  yield await Promise.reject(new Error('being written'));
  throw new Error('being written');
}
