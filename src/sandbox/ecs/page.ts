import { createHash } from 'node:crypto';
import { invalidParameter } from './refusals';

export interface PageRequest {
  readonly nextToken?: string;
  readonly maxResults?: number;
}

export interface Page {
  readonly items: readonly string[];
  readonly nextToken?: string;
}

/**
 * Cuts one page out of sorted keys. The token names the last key that was given, so that a page neither
 * repeats nor skips a key when others are added or deleted in between.
 * @param question what was asked (operation, region, filters): a token serves only the question that gave it
 * @param limits the operation's page size when none is asked for, and its largest
 * @param descending whether `keys` run from last to first
 * @throws ServiceError InvalidParameterException for a token that was not given to this question, or a page
 *   size out of range
 */
export function cutPage(
  keys: readonly string[],
  request: PageRequest,
  question: readonly unknown[],
  limits: { readonly usual: number; readonly most: number } = { usual: 100, most: 100 },
  descending = false,
): Page {
  const size = request.maxResults ?? limits.usual;
  if (!Number.isInteger(size) || size < 1 || size > limits.most) {
    throw invalidParameter(`MaxResults must be between 1 and ${limits.most}.`);
  }
  const stamp = createHash('sha256').update(JSON.stringify(question)).digest('base64url').slice(0, 12);
  let start = 0;
  if (request.nextToken !== undefined) {
    const after = readToken(request.nextToken, stamp);
    const index = keys.findIndex((key) => (descending ? key < after : key > after));
    start = index === -1 ? keys.length : index;
  }
  const items = keys.slice(start, start + size);
  const last = items.at(-1);
  const more = last !== undefined && start + size < keys.length;
  return more ? { items, nextToken: writeToken(last, stamp) } : { items };
}

/** `nextToken` where there is one: the SDK's paginators stop at its absence. */
export function tokenOf(page: { readonly nextToken?: string }): { nextToken?: string } {
  return page.nextToken === undefined ? {} : { nextToken: page.nextToken };
}

/** Code unit order, which page tokens rely on. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function writeToken(key: string, stamp: string): string {
  return Buffer.from(JSON.stringify([stamp, key])).toString('base64url');
}

function readToken(token: string, stamp: string): string {
  try {
    const [given, key] = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown[];
    if (given === stamp && typeof key === 'string') {
      return key;
    }
  } catch {
    // Not one of ours: the same answer as for another question's.
  }
  throw invalidParameter('Invalid token.');
}
