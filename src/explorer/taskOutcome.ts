import type { Container, Task } from '@aws-sdk/client-ecs';

/** Set by the local sandbox on a task that it only pretends to run, for want of a container engine. */
export const SIMULATED = 'aws-containers.simulated';

/** True when no container runs for this task, and it says so. */
export function isSimulated(task: Task): boolean {
  return task.attributes?.some(({ name }) => name === SIMULATED) ?? false;
}

export function isStopped(task: Task): boolean {
  return task.lastStatus === 'STOPPED';
}

/** True while a task is on its way to running, or to its end. */
export function isTaskInMotion({ lastStatus, desiredStatus }: Task): boolean {
  return lastStatus !== desiredStatus && lastStatus !== 'STOPPED';
}

/** The service that runs a task: `group` is "service:NAME" for its tasks, by the API reference of Task. */
export function serviceOf(task: Task): string | undefined {
  return task.group?.startsWith('service:') ? task.group.slice('service:'.length) : undefined;
}

/**
 * The schedule that started a task: `startedBy` is "events-rule/NAME" for a rule of EventBridge, and
 * "chronos-schedule/NAME" for EventBridge Scheduler; a long name is cut off there.
 */
export function scheduleOf(task: Task): string | undefined {
  return /^(?:events-rule|chronos-schedule)\/(.+)$/.exec(task.startedBy ?? '')?.[1];
}

/** Stop codes that nobody wished for, from the `stopCode` of the API reference's Task. */
const FAILURE_CODES: ReadonlySet<string | undefined> = new Set([
  'TaskFailedToStart',
  'InfrastructureHealth',
  'SpotInterruption',
  'TerminationNotice',
]);

/**
 * True when a task stopped because something failed. A task that no service keeps running has done its work
 * when its container exits with 0. What a failed health check ends has the stop code of scaling in: only the
 * reason tells the two apart.
 */
export function taskFailed(task: Task): boolean {
  if (!isStopped(task)) {
    return false;
  }
  if (task.stopCode === 'EssentialContainerExited') {
    return serviceOf(task) !== undefined || (task.containers ?? []).some(containerFailed);
  }
  return FAILURE_CODES.has(task.stopCode) || /\bfailed\b.*\bhealth checks?\b/i.test(task.stoppedReason ?? '');
}

/** True when a container ended with a failure, or could not be started. */
export function containerFailed(container: Container): boolean {
  return (container.exitCode ?? 0) !== 0 || (container.exitCode === undefined && Boolean(container.reason));
}
