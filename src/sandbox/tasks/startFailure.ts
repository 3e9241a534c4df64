/** Why a container never ran, as the container's `reason` names it. */
export type StartFailureKind =
  | 'CannotPullContainerError'
  | 'CannotCreateContainerError'
  | 'CannotStartContainerError'
  | 'ResourceInitializationError';

/**
 * A container or task that could not be started. The message is in the words of ECS: its kind, a colon, and
 * the cause.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
export class StartFailure extends Error {
  constructor(
    readonly kind: StartFailureKind,
    cause: string,
  ) {
    super(`${kind}: ${cause}`);
    this.name = 'StartFailure';
  }
}
