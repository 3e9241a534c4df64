import { ServiceError } from './serviceError';

/** What a SigV4 signature says about the request. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

const PARTS = ['Credential', 'Signature', 'SignedHeaders'] as const;

/**
 * Reads the scope from an `Authorization` header. The form is checked; the signature is not, because the
 * sandbox knows no secret: whoever reaches it is on the same machine.
 * Form: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 * @throws ServiceError MissingAuthenticationTokenException or IncompleteSignatureException
 */
export function readCredentialScope(authorization: string | undefined): CredentialScope {
  if (!authorization?.trim()) {
    throw new ServiceError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  const [algorithm = '', ...rest] = authorization.trim().split(/\s+/);
  if (algorithm !== 'AWS4-HMAC-SHA256') {
    throw incomplete(`Unsupported AWS 'algorithm': '${algorithm.slice(0, 40)}'.`);
  }
  const values = new Map(
    rest
      .join('')
      .split(',')
      .map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  );
  const missing = PARTS.filter((part) => !values.get(part));
  if (missing.length > 0) {
    throw incomplete(missing.map((part) => `Authorization header requires '${part}' parameter.`).join(' '));
  }
  const elements = (values.get('Credential') ?? '').split('/');
  const [accessKeyId = '', , region = '', service = '', terminator] = elements;
  if (elements.length !== 5 || terminator !== 'aws4_request' || !accessKeyId) {
    throw incomplete(
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, ending in 'aws4_request'.",
    );
  }
  if (!/^[a-z0-9-]{1,40}$/.test(region)) {
    throw incomplete('Credential should be scoped to a valid region.');
  }
  return { accessKeyId, region, service };
}

/**
 * Refuses a request that is signed for another service than the one that it asks.
 * @param code what the protocol calls such a refusal
 * @param status the HTTP status of it
 * @throws ServiceError with that code and status
 */
export function requireScope(
  { service }: CredentialScope,
  signingName: string,
  code: string,
  status: number,
): void {
  if (service !== signingName) {
    throw new ServiceError(
      code,
      `Credential should be scoped to correct service: '${signingName}'.`,
      {},
      status,
    );
  }
}

function incomplete(message: string): ServiceError {
  return new ServiceError('IncompleteSignatureException', message);
}
