import type { ServiceError } from './serviceError';

export interface KeyPage<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly next?: string;
}

/**
 * Cuts a page out of items in ascending order of their keys. The token holds the last key that was given, so
 * that pages neither skip nor repeat what was there all along.
 * @param refuseToken the service's error for a token that it has not given
 */
export function cutKeyPage<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  size: number,
  token: string | undefined,
  refuseToken: () => ServiceError,
): KeyPage<T> {
  const after = token === undefined ? undefined : readToken(token, refuseToken);
  const rest = after === undefined ? items : items.filter((item) => keyOf(item) > after);
  const page = rest.slice(0, size);
  const last = page.at(-1);
  return last === undefined || page.length === rest.length
    ? { items: page }
    : { items: page, next: Buffer.from(JSON.stringify({ after: keyOf(last) })).toString('base64url') };
}

/** Items in ascending order of their keys, in code units, which page tokens rely on. */
export function sortByKey<T>(items: Iterable<T>, keyOf: (item: T) => string): T[] {
  return [...items].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function readToken(token: string, refuseToken: () => ServiceError): string {
  try {
    const { after } = JSON.parse(Buffer.from(token, 'base64url').toString()) as { after?: unknown };
    if (typeof after === 'string') {
      return after;
    }
  } catch {
    // Not one of ours: refused below.
  }
  throw refuseToken();
}
