import { readAhead, type Page } from '../aws/page';
import type { ExplorerNode } from './explorerNode';
import { compareNames } from './compareNames';
import { undescribedMessage } from './messages';

/** Rows of a branch as they stand after a page: each value replaces the one before. */
export type RowStream = AsyncGenerator<Rows, void, void>;

export type Rows = readonly ExplorerNode[];

/** Whole pages without failures, for listings that need no describe call. */
export async function* wholePages<T>(
  listing: AsyncGenerator<readonly T[], void, void>,
): AsyncGenerator<Page<T>, void, void> {
  for await (const items of readAhead(listing)) {
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
    const added = page.items.map(toNode);
    nodes = order ? mergeSorted(nodes, added.sort(order), order) : [...nodes, ...added];
    failures.push(...page.failures.map((failure) => undescribedMessage(parent, failure)));
    yield { nodes, rows: [...nodes, ...failures] };
  }
}

/** One ordered list of two: a page costs as much as it is long, not as much as all that came before. */
function mergeSorted<N>(first: readonly N[], second: readonly N[], order: (a: N, b: N) => number): N[] {
  const merged: N[] = [];
  let next = 0;
  for (const node of second) {
    for (let other = first[next]; other !== undefined && order(other, node) <= 0; other = first[next]) {
      merged.push(other);
      next++;
    }
    merged.push(node);
  }
  return merged.concat(first.slice(next));
}

export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return compareNames(a.name, b.name);
}
