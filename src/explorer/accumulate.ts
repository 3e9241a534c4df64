import type { Page } from '../aws/page';
import type { ExplorerNode } from './explorerNode';
import { undescribedMessage } from './messages';

/** Rows of a branch as they stand after a page: each value replaces the one before. */
export type RowStream = AsyncGenerator<Rows, void, void>;

export type Rows = readonly ExplorerNode[];

/** Whole pages without failures, for listings that need no describe call. */
export async function* wholePages<T>(
  listing: AsyncIterable<readonly T[]>,
): AsyncGenerator<Page<T>, void, void> {
  for await (const items of listing) {
    yield { items, failures: [] };
  }
}

/**
 * All rows so far, after each page of a listing, in order; what could not be described stands after them.
 * A resource makes one row object, so that a row that stays is the same object in each value.
 */
export async function* accumulate<T, N extends ExplorerNode>(
  parent: ExplorerNode,
  listing: AsyncIterable<Page<T>>,
  toNode: (item: T) => N,
  order?: (a: N, b: N) => number,
): AsyncGenerator<{ nodes: readonly N[]; rows: Rows }, void, void> {
  let nodes: readonly N[] = [];
  const failures: ExplorerNode[] = [];
  for await (const page of listing) {
    nodes = [...nodes, ...page.items.map(toNode)];
    if (order) {
      nodes = [...nodes].sort(order);
    }
    failures.push(...page.failures.map((failure) => undescribedMessage(parent, failure)));
    yield { nodes, rows: [...nodes, ...failures] };
  }
}

/** Orders by name as people do: "web-9" before "web-10". */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name.localeCompare(b.name, 'en', { numeric: true });
}
