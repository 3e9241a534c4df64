import { refuse } from './ecrRefusal';

export interface PageRequest {
  readonly maxResults?: number;
  readonly nextToken?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/** How many results a page of ECR has when the request does not say, and at most. */
const DEFAULT_RESULTS = 100;
const MAX_RESULTS = 1000;

/**
 * Cuts a page out of items in ascending order of their keys. The token says after which key the next page
 * begins, so that pages neither skip nor repeat what was there all along.
 * @throws ServiceError InvalidParameterException
 */
export function paginate<T>(items: readonly T[], keyOf: (item: T) => string, request: PageRequest): Page<T> {
  const { maxResults = DEFAULT_RESULTS, nextToken } = request;
  if (!Number.isInteger(maxResults) || maxResults < 1 || maxResults > MAX_RESULTS) {
    const bound =
      maxResults > MAX_RESULTS ? `less than or equal to ${MAX_RESULTS}` : 'greater than or equal to 1';
    throw refuse.invalidParameter('maxResults', `Member must have value ${bound}`);
  }
  const after = nextToken === undefined ? undefined : readToken(nextToken);
  const rest = after === undefined ? items : items.filter((item) => keyOf(item) > after);
  const page = rest.slice(0, maxResults);
  const last = page.at(-1);
  return last === undefined || page.length === rest.length
    ? { items: page }
    : { items: page, nextToken: Buffer.from(JSON.stringify({ after: keyOf(last) })).toString('base64url') };
}

function readToken(token: string): string {
  try {
    const { after } = JSON.parse(Buffer.from(token, 'base64url').toString()) as { after?: unknown };
    if (typeof after === 'string') {
      return after;
    }
  } catch {
    // Not one of ours: refused below.
  }
  throw refuse.invalidParameter('nextToken', 'Invalid token');
}
