import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RegistryContent } from './registryContent';
import { parseDigest, type Digest } from './digest';
import { RegistryError } from './registryError';

/** A request whose sender has been let in. */
export interface RegistryRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  /** Of the token that the sender signed in with. */
  readonly region: string;
  readonly content: RegistryContent;
}

/** The request's body. Not reading all of it leaves the connection as it is, so that an answer can follow. */
export function bodyOf({ request }: RegistryRequest): AsyncIterable<Buffer> {
  return { [Symbol.asyncIterator]: () => request.iterator({ destroyOnReturn: false }) };
}

/** Ends the request without a body. */
export function sendEmpty(
  { response }: RegistryRequest,
  status: number,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): void {
  const length: Record<string, string> = status === 204 ? {} : { 'Content-Length': '0' };
  response.writeHead(status, { ...length, ...copy(headers) });
  response.end();
}

/** Ends the request with content that is at hand; a HEAD gets its headers only. */
export function sendBytes(
  { request, response }: RegistryRequest,
  bytes: Uint8Array,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(200, { ...headers, 'Content-Length': bytes.length });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** @throws RegistryError DIGEST_INVALID */
export function requireDigest(text: string): Digest {
  const digest = parseDigest(text);
  if (digest === undefined) {
    throw new RegistryError('DIGEST_INVALID', `The digest is not one that this registry supports: ${text}`);
  }
  return digest;
}

/** Tells which methods there are. */
export function refuseMethod({ request }: RegistryRequest, allowed: readonly string[]): never {
  throw new RegistryError('UNSUPPORTED', `The operation is unsupported: ${request.method ?? ''}`, {
    headers: { Allow: allowed.join(', ') },
  });
}

function copy(
  headers: Readonly<Record<string, string | readonly string[]>>,
): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
}
