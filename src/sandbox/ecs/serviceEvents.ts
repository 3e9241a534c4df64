import type { TaskRecord } from './records';

/**
 * What ECS writes into a service's `events`, without the "(service name) " before it.
 * Source: Amazon ECS developer guide, "Service event messages".
 */
export const serviceEvents = {
  started: (tasks: readonly TaskRecord[]): string => `has started ${tasks.length} tasks: ${names(tasks)}.`,
  stoppedRunning: (tasks: readonly TaskRecord[]): string =>
    `has stopped ${tasks.length} running tasks: ${names(tasks)}.`,
  stoppedPending: (count: number): string => `stopped ${count} pending tasks.`,
  failedHealthChecks: (task: TaskRecord): string => `${names([task])} failed container health checks.`,
  unableToPlace: (reason: string): string => `was unable to place a task. Reason: ${reason}`,
  portsTaken: (): string =>
    'was unable to place a task because no container instance met all of its requirements. The closest matching container-instance is already using a port required by your task. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
  unableToStart: (): string =>
    'is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
  blocked: (): string =>
    'was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
  deploymentCompleted: (id: string): string => `(deployment ${id}) deployment completed.`,
  deploymentFailed: (id: string): string => `(deployment ${id}) deployment failed: tasks failed to start.`,
  rollingBack: (id: string): string => `rolling back to deployment ${id}.`,
  steady: (): string => 'has reached a steady state.',
} as const;

function names(tasks: readonly TaskRecord[]): string {
  return tasks.map(({ taskId }) => `(task ${taskId})`).join(' ');
}
