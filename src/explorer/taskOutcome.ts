import type { Container, Task } from '@aws-sdk/client-ecs';

/** Set by the local sandbox on a task that it only pretends to run, for want of a container engine. */
const SIMULATED = 'aws-containers.simulated';

/** True when no container runs for this task, and it says so. */
export function isSimulated(task: Task): boolean {
  return task.attributes?.some(({ name }) => name === SIMULATED) ?? false;
}

export function isStopped(task: Task): boolean {
  return task.lastStatus === 'STOPPED';
}

/** Stop codes that are a task's own failure, from the `stopCode` of the API reference's Task. */
const FAILURE_CODES: ReadonlySet<string | undefined> = new Set([
  'TaskFailedToStart',
  'EssentialContainerExited',
  'InfrastructureHealth',
  'SpotInterruption',
  'TerminationNotice',
]);

/**
 * True when a task of a service stopped though nobody wanted it to. A failed health check is ended by the
 * scheduler, with the code that it also gives for scaling in: only the reason tells the two apart.
 */
export function stoppedByFailure(task: Task): boolean {
  return (
    isStopped(task) &&
    (FAILURE_CODES.has(task.stopCode) || /\bfailed\b.*\bhealth checks?\b/i.test(task.stoppedReason ?? ''))
  );
}

/** True when a container ended with a failure, or could not be started. */
export function containerFailed(container: Container): boolean {
  return (container.exitCode ?? 0) !== 0 || (container.exitCode === undefined && Boolean(container.reason));
}
