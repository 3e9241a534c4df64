import { isRepositoryName } from '../ecr/nameRules';

/** What a request to the registry is about. */
export type RegistryRoute =
  | { readonly kind: 'ping' }
  | { readonly kind: 'catalog' }
  | { readonly kind: 'startUpload'; readonly name: string }
  | { readonly kind: 'upload'; readonly name: string; readonly id: string }
  | { readonly kind: 'blob'; readonly name: string; readonly digest: string }
  | { readonly kind: 'manifest'; readonly name: string; readonly reference: string }
  | { readonly kind: 'tags'; readonly name: string }
  | { readonly kind: 'referrers'; readonly name: string; readonly digest: string }
  | { readonly kind: 'invalidName'; readonly name: string }
  | { readonly kind: 'unknown' };

type NamedRoute = Extract<RegistryRoute, { name: string }>;

const PATTERNS: readonly [RegExp, (name: string, last: string) => NamedRoute][] = [
  [/^(.+)\/blobs\/uploads\/?()$/, (name) => ({ kind: 'startUpload', name })],
  [/^(.+)\/blobs\/uploads\/([^/]+)$/, (name, id) => ({ kind: 'upload', name, id })],
  [/^(.+)\/blobs\/([^/]+)$/, (name, digest) => ({ kind: 'blob', name, digest })],
  [/^(.+)\/manifests\/([^/]+)$/, (name, reference) => ({ kind: 'manifest', name, reference })],
  [/^(.+)\/tags\/list()$/, (name) => ({ kind: 'tags', name })],
  [/^(.+)\/referrers\/([^/]+)$/, (name, digest) => ({ kind: 'referrers', name, digest })],
];

/**
 * Reads a path under `/v2/`. A name that comes out of it is a repository's by form, so that no part of it
 * can lead anywhere else.
 * @param path as in the request line, without the query
 */
export function parseRoute(path: string): RegistryRoute {
  const decoded = decode(path);
  if (decoded === '/v2' || decoded === '/v2/') {
    return { kind: 'ping' };
  }
  if (decoded === '/v2/_catalog') {
    return { kind: 'catalog' };
  }
  const rest = decoded?.startsWith('/v2/') ? decoded.slice('/v2/'.length) : '';
  for (const [pattern, route] of PATTERNS) {
    const [, name, last] = pattern.exec(rest) ?? [];
    if (name !== undefined && last !== undefined) {
      return isRepositoryName(name) ? route(name, last) : { kind: 'invalidName', name };
    }
  }
  return { kind: 'unknown' };
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
