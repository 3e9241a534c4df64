/** What went wrong, as a value to match on. Text is for people; code matches on the reason. */
export type ErrorReason =
  | 'cancelled'
  | 'invalidInput'
  | 'untrustedWorkspace'
  | 'programMissing'
  | 'programFailed'
  // container engines and images
  | 'engineMissing'
  | 'engineNotRunning'
  | 'buildFailed'
  | 'pushFailed'
  | 'pullFailed'
  | 'signInRefused'
  | 'repositoryMissing'
  | 'tagImmutable'
  // AWS
  | 'credentialsMissing'
  | 'credentialsExpired'
  | 'accessDenied'
  | 'regionMissing'
  | 'endpointUnreachable'
  | 'throttled'
  | 'serviceUnavailable'
  | 'notFound'
  | 'alreadyExists'
  | 'conflict'
  | 'requestRefused'
  // deployments
  | 'noDeployment'
  // ours
  | 'sandboxFailed'
  | 'internal';

/** The way out that the editor offers as a button beside the message. */
export type ErrorAction =
  | 'openLog'
  | 'selectContext'
  | 'signIn'
  | 'customizeContext'
  | 'openAwsConfig'
  | 'startSandbox'
  | 'selectEngine'
  | 'createRepository'
  | 'chooseTag'
  | 'retry';

export interface UserErrorOptions {
  readonly action?: ErrorAction;
  readonly cause?: unknown;
}

/**
 * An error whose message a user can act on: what failed, on what, why, and what to do next, with the
 * variable part last. Never put a credential into a message: it is shown and logged.
 */
export class UserError extends Error {
  readonly action: ErrorAction | undefined;

  constructor(
    readonly reason: ErrorReason,
    message: string,
    options: UserErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UserError';
    this.action = options.action;
  }
}

/** True when the error, or what it wraps, says that the user or the caller cancelled. */
export function isCancellation(error: unknown): boolean {
  if (error instanceof UserError) {
    return error.reason === 'cancelled';
  }
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'Canceled');
}

/** Throws `UserError('cancelled')` when the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new UserError('cancelled', 'Cancelled.');
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
