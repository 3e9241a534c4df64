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
  /** Milliseconds between two looks at the deployment. Default 2000. */
  readonly pollMs?: number;
  /**
   * Failed tasks after which a deployment that has no task running is reported as failed, though ECS goes on
   * trying: without a circuit breaker it does so for ever. Default 10; `Infinity` watches until aborted.
   */
  readonly giveUpAfterFailedTasks?: number;
}
