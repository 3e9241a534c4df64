import { delay } from '../base/delay';
import { isCancellation, messageOf, UserError } from '../base/errors';

/** One page of a listing, as it arrives. */
export interface Page<T> {
  readonly items: readonly T[];
  /** What was listed but could not be described, each with the service's reason. */
  readonly failures: readonly PageFailure[];
}

export interface PageFailure {
  /** Name or ARN. */
  readonly id: string;
  readonly reason: string;
  /** Set when the whole describe call failed, rather than this one resource. */
  readonly error?: UserError;
}

interface TokenPage<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** Follows a service's tokens from page to page, asking for the next one only when it is wanted. */
export async function* pages<T>(
  fetchPage: (token: string | undefined) => Promise<TokenPage<T>>,
): AsyncGenerator<readonly T[], void, void> {
  let token: string | undefined;
  do {
    const page = await fetchPage(token);
    yield page.items;
    token = page.next;
  } while (token);
}

/** Asks for the next page before the one at hand is used, so that using it takes no time of the listing's. */
export async function* readAhead<T>(listing: AsyncGenerator<T, void, void>): AsyncGenerator<T, void, void> {
  let ahead = settle(listing.next());
  try {
    for (;;) {
      const next = unsettle(await ahead);
      if (next.done) {
        return;
      }
      ahead = settle(listing.next());
      // It takes the client some turns to send the request: what uses the page must not come between.
      await new Promise((resolve) => setImmediate(resolve));
      yield next.value;
    }
  } finally {
    void settle(listing.return());
  }
}

/** Cuts a list into runs of at most `size`. */
export function chunk<T>(items: readonly T[], size: number): T[][] {
  const runs: T[][] = [];
  for (let start = 0; start < items.length; start += size) {
    runs.push(items.slice(start, start + size));
  }
  return runs;
}

/** All items of a paged listing, for callers that need the whole. */
export async function collect<T>(listing: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of listing) {
    all.push(...page);
  }
  return all;
}

/** Describe calls under way at once, well within the burst that ECS allows an account. */
const CONCURRENT_DESCRIBES = 20;

/**
 * Milliseconds from the start of one describe of a page to the next. Pages can only be asked for one after another:
 * the request for the next one goes out first, and its answer must not wait behind ten that come at once.
 */
const DESCRIBE_PACE_MS = 3;

/**
 * Describes what a listing names: the next page is listed and the describes of a page run while the page
 * before is being used. Pages come in the listing's order. A describe call that fails gives failures for
 * what it was to describe, and the others still come.
 *
 * @param batch how many ids one describe call takes
 */
export async function* describedPages<T>(
  listing: AsyncGenerator<readonly string[], void, void>,
  batch: number,
  describe: (ids: string[]) => Promise<Page<T>>,
): AsyncGenerator<Page<T>, void, void> {
  const limit = limiter(CONCURRENT_DESCRIBES);
  const describePage = async (ids: readonly string[]): Promise<Page<T>> => {
    const parts = await Promise.all(
      chunk(ids, batch).map(async (part, index) => {
        await delay(index * DESCRIBE_PACE_MS);
        return limit(() => describeOrFail(part, describe));
      }),
    );
    return { items: parts.flatMap((part) => part.items), failures: parts.flatMap((part) => part.failures) };
  };
  let listed = settle(listing.next());
  let described: Promise<Settled<Page<T>>> | undefined;
  for (;;) {
    const next = await listed;
    let page: Promise<Settled<Page<T>>> | undefined;
    if ('value' in next && !next.value.done) {
      page = settle(describePage(next.value.value));
      listed = settle(listing.next());
    }
    if (described) {
      yield unsettle(await described);
    }
    // A listing that failed half way fails after what it had given.
    if (unsettle(next).done) {
      return;
    }
    described = page;
  }
}

async function describeOrFail<T>(
  ids: string[],
  describe: (ids: string[]) => Promise<Page<T>>,
): Promise<Page<T>> {
  try {
    return await describe(ids);
  } catch (error) {
    if (isCancellation(error)) {
      throw error;
    }
    const known = error instanceof UserError ? { error } : {};
    return { items: [], failures: ids.map((id) => ({ id, reason: messageOf(error), ...known })) };
  }
}

type Settled<T> = { readonly value: T } | { readonly error: unknown };

/** Holds a promise's outcome until it is asked for, so that a failure ahead of its turn is not "unhandled". */
function settle<T>(promise: Promise<T>): Promise<Settled<T>> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

function unsettle<T>(settled: Settled<T>): T {
  if ('error' in settled) {
    throw settled.error;
  }
  return settled.value;
}

/** Runs at most so many of the works that it is given at once; the others wait, in their order. */
export function limiter(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= most) {
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    running++;
    try {
      return await work();
    } finally {
      running--;
      waiting.shift()?.();
    }
  };
}
