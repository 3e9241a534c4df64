import { cutKeyPage } from '../protocol/keyPage';
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
 * Cuts a page out of items in ascending order of their keys.
 * @throws ServiceError InvalidParameterException
 */
export function paginate<T>(items: readonly T[], keyOf: (item: T) => string, request: PageRequest): Page<T> {
  const { maxResults = DEFAULT_RESULTS, nextToken } = request;
  if (!Number.isInteger(maxResults) || maxResults < 1 || maxResults > MAX_RESULTS) {
    const bound =
      maxResults > MAX_RESULTS ? `less than or equal to ${MAX_RESULTS}` : 'greater than or equal to 1';
    throw refuse.invalidParameter('maxResults', `Member must have value ${bound}`);
  }
  const { items: page, next } = cutKeyPage(items, keyOf, maxResults, nextToken, () =>
    refuse.invalidParameter('nextToken', 'Invalid token'),
  );
  return next === undefined ? { items: page } : { items: page, nextToken: next };
}
