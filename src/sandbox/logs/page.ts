import { check, invalidToken } from './refusals';

const MAX_PAGE = 50;

export interface PageRequest {
  readonly nextToken?: string;
  readonly limit?: number;
}

/**
 * Cuts a page of at most 50 out of sorted items. The token holds the last item's sort key, so that items
 * that come and go between two calls neither repeat nor hide others.
 * @param compare orders keys as `items` are ordered
 * @throws ServiceError InvalidParameterException
 */
export function cutPage<T, K extends readonly (string | number)[]>(
  items: readonly T[],
  request: PageRequest,
  keyOf: (item: T) => K,
  compare: (a: K, b: K) => number,
): { page: T[]; nextToken?: string } {
  const { nextToken, limit = MAX_PAGE } = request;
  check.range('limit', limit, 1, MAX_PAGE);
  const after = nextToken === undefined ? undefined : readKey<K>(nextToken);
  const rest = after === undefined ? items : items.filter((item) => compare(keyOf(item), after) > 0);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return last === undefined || rest.length === page.length
    ? { page }
    : { page, nextToken: Buffer.from(JSON.stringify(keyOf(last))).toString('base64url') };
}

function readKey<K>(token: string): K {
  try {
    const key = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown;
    if (Array.isArray(key)) {
      return key as K;
    }
  } catch {
    // Not one of ours: refused below.
  }
  throw invalidToken();
}
