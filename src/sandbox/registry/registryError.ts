import type { ServerResponse } from 'node:http';
import { ServiceError } from '../protocol/serviceError';

/** Error codes of the OCI distribution specification, and TAG_INVALID, which ECR and engines use beside them. */
export type RegistryErrorCode =
  | 'BLOB_UNKNOWN'
  | 'BLOB_UPLOAD_INVALID'
  | 'BLOB_UPLOAD_UNKNOWN'
  | 'DENIED'
  | 'DIGEST_INVALID'
  | 'MANIFEST_BLOB_UNKNOWN'
  | 'MANIFEST_INVALID'
  | 'MANIFEST_UNKNOWN'
  | 'NAME_INVALID'
  | 'NAME_UNKNOWN'
  | 'SIZE_INVALID'
  | 'TAG_INVALID'
  | 'UNAUTHORIZED'
  | 'UNSUPPORTED';

const STATUS: Readonly<Record<RegistryErrorCode, number>> = {
  BLOB_UNKNOWN: 404,
  BLOB_UPLOAD_INVALID: 400,
  BLOB_UPLOAD_UNKNOWN: 404,
  DENIED: 403,
  DIGEST_INVALID: 400,
  MANIFEST_BLOB_UNKNOWN: 404,
  MANIFEST_INVALID: 400,
  MANIFEST_UNKNOWN: 404,
  NAME_INVALID: 400,
  NAME_UNKNOWN: 404,
  SIZE_INVALID: 400,
  TAG_INVALID: 400,
  UNAUTHORIZED: 401,
  UNSUPPORTED: 405,
};

/** A refusal of the registry; engines show "code in words: message". */
export class RegistryError extends Error {
  readonly status: number;

  constructor(
    readonly code: RegistryErrorCode,
    message: string,
    options: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = options.status ?? STATUS[code];
    this.headers = options.headers ?? {};
  }

  readonly headers: Readonly<Record<string, string>>;
}

/** How ECR's registry words what its API refuses. */
const CODES: Readonly<Record<string, RegistryErrorCode>> = {
  RepositoryNotFoundException: 'NAME_UNKNOWN',
  ImageTagAlreadyExistsException: 'TAG_INVALID',
  LayersNotFoundException: 'MANIFEST_BLOB_UNKNOWN',
  ReferencedImagesNotFoundException: 'MANIFEST_BLOB_UNKNOWN',
  ImageDigestDoesNotMatchException: 'DIGEST_INVALID',
  InvalidParameterException: 'MANIFEST_INVALID',
};

/** The refusal to answer with; `undefined` for what is no refusal but a fault. */
export function toRegistryError(error: unknown): RegistryError | undefined {
  if (error instanceof RegistryError) {
    return error;
  }
  const code = error instanceof ServiceError ? CODES[error.code] : undefined;
  return code === undefined ? undefined : new RegistryError(code, (error as ServiceError).message);
}

/** Answers in the form that the OCI distribution specification gives errors. */
export function sendRegistryError(response: ServerResponse, error: RegistryError): void {
  const body = JSON.stringify({ errors: [{ code: error.code, message: error.message }] });
  response.writeHead(error.status, {
    ...error.headers,
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
