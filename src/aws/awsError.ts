import { isCancellation, messageOf, UserError, type ErrorReason } from '../base/errors';
import type { AwsContext } from './context';

/** What an SDK exception looks like; its class is not matched on, since each client has classes of its own. */
interface SdkException extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

/** Names that every service gives for credentials that have run out. */
const EXPIRED = new Set(['ExpiredTokenException', 'ExpiredToken', 'RequestExpired', 'TokenRefreshRequired']);

const REASONS: readonly (readonly [RegExp, ErrorReason])[] = [
  [/^(AbortError|TimeoutError\.aborted)$/, 'cancelled'],
  [
    /^(UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch|MissingAuthenticationToken(Exception)?|IncompleteSignature(Exception)?)$/,
    'credentialsMissing',
  ],
  [/^(CredentialsProviderError|TokenProviderError|ProviderError)$/, 'credentialsMissing'],
  [
    /^(AccessDenied(Exception)?|UnauthorizedException|NotAuthorized|AuthFailure|OptInRequired)$/,
    'accessDenied',
  ],
  [/^(Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|LimitExceededException\.rate)/, 'throttled'],
  [/(NotFoundException|NotFound|DoesNotExist)$/, 'notFound'],
  [/AlreadyExists(Exception)?$/, 'alreadyExists'],
  [
    /^(ConflictException|.*Contains.*Exception|.*NotEmptyException|UpdateInProgressException|ServiceNotActiveException|ResourceInUseException|OperationAbortedException)$/,
    'conflict',
  ],
  [
    /^(ServerException|InternalFailure|InternalServerError|ServiceUnavailable(Exception)?)$/,
    'serviceUnavailable',
  ],
];

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNRESET',
  'EPIPE',
  'TimeoutError',
]);

/** True when a call failed because the credentials it was signed with have run out. */
export function isExpiredCredentials(error: unknown): boolean {
  return error instanceof Error && EXPIRED.has(error.name);
}

/**
 * Says an SDK failure in a user's terms.
 *
 * @param operation what was tried, as "list services of cluster web"
 * @returns a `UserError` whose cause is the SDK's own exception
 */
export function toUserError(error: unknown, operation: string, context: AwsContext): UserError {
  if (error instanceof UserError) {
    return error;
  }
  if (isCancellation(error)) {
    return new UserError('cancelled', 'Cancelled.', { cause: error });
  }
  const exception = error as SdkException;
  const why = describeFailure(exception);
  const where = `${context.label} · ${context.region}`;
  const failed = `Could not ${operation} (${where})`;
  const reason = classify(exception);
  switch (reason) {
    case 'credentialsExpired':
      return new UserError(
        reason,
        `${failed}: the credentials have expired. Sign in again, then refresh. ${why}`,
        {
          action: 'selectContext',
          cause: error,
        },
      );
    case 'credentialsMissing':
      return new UserError(
        reason,
        `${failed}: no usable credentials. Check the profile, or sign in. ${why}`,
        {
          action: 'selectContext',
          cause: error,
        },
      );
    case 'regionMissing':
      return new UserError(
        reason,
        `${failed}: no region is set. Select one, or add it to the profile. ${why}`,
        {
          action: 'selectContext',
          cause: error,
        },
      );
    case 'accessDenied':
      return new UserError(reason, `${failed}: not permitted. Ask for this permission to be added: ${why}`, {
        action: 'openLog',
        cause: error,
      });
    case 'endpointUnreachable':
      return new UserError(
        reason,
        `${failed}: ${context.endpoint ?? 'the service'} does not answer. Check the network and the endpoint, then retry. ${why}`,
        {
          action: 'retry',
          cause: error,
        },
      );
    case 'throttled':
      return new UserError(
        reason,
        `${failed}: AWS limits the rate of these calls. Wait a moment, then retry. ${why}`,
        { action: 'retry', cause: error },
      );
    case 'serviceUnavailable':
      return new UserError(
        reason,
        `${failed}: the service had a failure of its own. Retry in a moment. ${why}`,
        { action: 'retry', cause: error },
      );
    default:
      return new UserError(reason, `${failed}: ${why}`, { action: 'openLog', cause: error });
  }
}

function classify(exception: SdkException): ErrorReason {
  if (EXPIRED.has(exception.name)) {
    return 'credentialsExpired';
  }
  if (
    /expired/i.test(exception.message) &&
    /^(CredentialsProviderError|TokenProviderError)$/.test(exception.name)
  ) {
    return 'credentialsExpired';
  }
  if (exception.message.startsWith('Region is missing')) {
    return 'regionMissing';
  }
  if (UNREACHABLE.has(exception.code ?? '') || UNREACHABLE.has(exception.name)) {
    return 'endpointUnreachable';
  }
  for (const [pattern, reason] of REASONS) {
    if (pattern.test(exception.name)) {
      return reason;
    }
  }
  return (exception.$metadata?.httpStatusCode ?? 0) >= 500 ? 'serviceUnavailable' : 'requestRefused';
}

function describeFailure(exception: SdkException): string {
  const message = messageOf(exception).trim();
  const name = exception.name && exception.name !== 'Error' ? exception.name : exception.code;
  return name && !message.startsWith(name) ? `${name}: ${message}` : message;
}
