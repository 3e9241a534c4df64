import { isCancellation, messageOf, UserError, type ErrorAction, type ErrorReason } from '../base/errors';
import type { AwsContext } from './context';

/** What an SDK exception looks like; its class is not matched on, since each client has classes of its own. */
interface SdkException extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

/** Names that every service gives for credentials that have run out. */
const EXPIRED = new Set(['ExpiredTokenException', 'ExpiredToken', 'RequestExpired', 'TokenRefreshRequired']);

/** Names for credentials that the service does not accept as they are. */
const REFUSED =
  /^(UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch|InvalidAccessKeyId|MissingAuthenticationToken(Exception)?|IncompleteSignature(Exception)?)$/;

const REASONS: readonly (readonly [RegExp, ErrorReason])[] = [
  [REFUSED, 'credentialsMissing'],
  [/^(CredentialsProviderError|TokenProviderError|ProviderError)$/, 'credentialsMissing'],
  [
    /^(AccessDenied(Exception)?|UnauthorizedException|UnauthorizedOperation|NotAuthorized|AuthFailure|OptInRequired)$/,
    'accessDenied',
  ],
  [/^(Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|RequestThrottled)/, 'throttled'],
  [/(NotFoundException|NotFound|DoesNotExist|^NoSuchEntity(Exception)?)$/, 'notFound'],
  [/AlreadyExists(Exception)?$/, 'alreadyExists'],
  [
    /^(ConflictException|.*Contains.*Exception|.*NotEmptyException|UpdateInProgressException|ServiceNotActiveException|ResourceInUseException|OperationAbortedException)$/,
    'conflict',
  ],
  [
    /^(ServerException|InternalFailure|InternalServerError|InternalServerException|ServiceUnavailable(Exception)?)$/,
    'serviceUnavailable',
  ],
];

/** Codes of TLS failures: the endpoint answers, but not as who it should be. */
const UNTRUSTED =
  /^(CERT_|ERR_TLS_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|EPROTO$)/;

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

/** True when a service did not accept the credentials themselves: those in the files may be others by now. */
export function isRefusedCredentials(error: unknown): boolean {
  return error instanceof Error && REFUSED.test(error.name);
}

/**
 * Says an SDK failure in a user's terms.
 *
 * @param operation what was tried, as "list services of cluster web"
 * @returns a `UserError`, with the SDK's own exception as cause where that may be logged
 */
export function toUserError(error: unknown, operation: string, context: AwsContext): UserError {
  if (error instanceof UserError) {
    return error;
  }
  if (isCancellation(error)) {
    return new UserError('cancelled', 'Cancelled.', { cause: error });
  }
  const exception = error as SdkException;
  const { text: why, ...cause } = tellable(error);
  const failed = `Could not ${operation} (${context.label} · ${context.region})`;
  const reason = classify(exception);
  const say = (text: string, action: ErrorAction): UserError =>
    new UserError(reason, `${failed}: ${text}`, { action, ...cause });
  switch (reason) {
    case 'credentialsExpired':
      return say(`the credentials have expired. Sign in again, then refresh. ${why}`, 'selectContext');
    case 'credentialsMissing':
      return say(`no usable credentials. Check the profile, or sign in. ${why}`, 'selectContext');
    case 'regionMissing':
      return say(`no region is set. Select one, or add it to the profile. ${why}`, 'selectContext');
    case 'accessDenied':
      return say(`not permitted. Ask for this permission to be added: ${why}`, 'openLog');
    case 'endpointUnreachable':
      return context.source.kind === 'static'
        ? say(
            `${context.label} does not run at ${context.endpoint} any more. Start it. ${why}`,
            'startSandbox',
          )
        : say(
            `${context.endpoint ?? 'the service'} does not answer. Check the network and the endpoint, then retry. ${why}`,
            'retry',
          );
    case 'throttled':
      return say(`AWS limits the rate of these calls. Wait a moment, then retry. ${why}`, 'retry');
    case 'serviceUnavailable':
      return say(`the service had a failure of its own. Retry in a moment. ${why}`, 'retry');
    default:
      return say(why, 'openLog');
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
  const { name, code = '' } = exception;
  if (UNREACHABLE.has(code) || UNREACHABLE.has(name) || UNTRUSTED.test(code)) {
    return 'endpointUnreachable';
  }
  for (const [pattern, reason] of REASONS) {
    if (pattern.test(exception.name)) {
      return reason;
    }
  }
  return (exception.$metadata?.httpStatusCode ?? 0) >= 500 ? 'serviceUnavailable' : 'requestRefused';
}

/**
 * What may be told of an SDK failure.
 * @returns its name and message without secrets, and the failure itself as cause where it holds no more than that: the
 *   log shows causes
 */
export function tellable(error: unknown): { readonly text: string; readonly cause?: unknown } {
  const { name: kind, code } = error as Partial<SdkException>;
  const message = messageOf(error).trim();
  const shown = withoutSecrets(message);
  const name = kind && kind !== 'Error' ? kind : code;
  // Where a host has several addresses, the failure of all of them has no message of its own.
  const text = shown || (code ?? '');
  return {
    text: name && !text.startsWith(name) ? `${name}: ${text}` : text,
    ...(shown === message ? { cause: error } : {}),
  };
}

/** Two messages hold what must not be shown: signed headers with the session token, and a program's arguments. */
function withoutSecrets(message: string): string {
  const [refusal = ''] = message.split(/\s*The Canonical String for this request/);
  const [first = '', ...output] = refusal.split('\n');
  return first.startsWith('Command failed: ')
    ? `credential_process failed. ${output.filter((line) => line.trim() !== '').at(-1) ?? ''}`.trim()
    : refusal;
}
