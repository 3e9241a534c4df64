import { compareNames } from './compareNames';
import type { ExplorerNode, MessageNode, NodeKind } from './explorerNode';
import { isFailing, isInMotion } from './serviceState';

/** In which order a view shows repositories, clusters and services; all else has an order of its own. */
export type RowOrder = 'name' | 'newest' | 'state';

/** Rows that a branch shows before it is asked for more. */
export const FIRST_ROWS = 1000;

export interface ShownOptions {
  /** What names have to contain, word by word; empty for all rows. */
  readonly filter: string;
  readonly order: RowOrder;
  /** How many rows at most. */
  readonly limit: number;
  /** The rows below a node, where they have been loaded. */
  readonly below: (node: ExplorerNode) => readonly ExplorerNode[] | undefined;
  /** True below a row whose own name passes the filter. */
  readonly insideMatch: boolean;
}

/** What is shown of a branch, and what is not. */
export interface Shown {
  readonly rows: readonly ExplorerNode[];
  /** Rows beyond the limit. */
  readonly more: number;
  /** Rows that the filter leaves out. */
  readonly filtered: number;
}

/** Filters, orders and cuts the rows of a branch for the eye; messages always stay, at the end. */
export function shownRows(rows: readonly ExplorerNode[], options: ShownOptions): Shown {
  const { filter, order, limit, insideMatch } = options;
  const kept = filter === '' || insideMatch ? rows : filterRows(rows, options);
  const ordered = order === 'name' ? kept : inOrder(kept, order);
  const filtered = rows.length - kept.length;
  if (ordered.length <= limit) {
    return { rows: ordered, more: 0, filtered };
  }
  // What stands after the last resource says something of the whole list, or is the way to the rest of it.
  const tail = trailing(ordered).slice(-10);
  const cut = Math.min(limit, ordered.length - tail.length);
  const more = ordered.length - tail.length - cut;
  return { rows: [...ordered.slice(0, cut), ...tail], more, filtered };
}

/** The name by which a row is looked for; `undefined` for rows that are not looked for by name. */
export function filterName(node: ExplorerNode): string | undefined {
  switch (node.kind) {
    case 'repository':
    case 'cluster':
    case 'service':
      return node.name;
    case 'family':
      return node.family;
    case 'context':
    case 'image':
    case 'taskGroup':
    case 'task':
    case 'container':
    case 'section':
    case 'capacityProvider':
    case 'deployment':
    case 'event':
    case 'networkEntry':
    case 'target':
    case 'roles':
    case 'role':
    case 'revision':
    case 'inactiveRevisions':
    case 'message':
      return undefined;
  }
}

/** True when a name contains each word of a filter, in any order and case. */
export function passesFilter(name: string, filter: string): boolean {
  const lower = name.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}

/**
 * A cluster stays for the services in it that pass. What is in one that was never opened is not known: such
 * clusters stay where no cluster passes by its own name.
 */
function filterRows(rows: readonly ExplorerNode[], { filter, below }: ShownOptions): readonly ExplorerNode[] {
  const passes = (node: ExplorerNode): boolean => {
    const name = filterName(node);
    return name === undefined || passesFilter(name, filter);
  };
  const someCluster = rows.some((node) => node.kind === 'cluster' && passes(node));
  return rows.filter((node) => {
    if (passes(node) || node.kind !== 'cluster') {
      return passes(node);
    }
    const services = below(node);
    return services === undefined
      ? !someCluster
      : services.some((service) => service.kind === 'service' && passes(service));
  });
}

function inOrder(rows: readonly ExplorerNode[], order: 'newest' | 'state'): readonly ExplorerNode[] {
  const sortable = rows.filter((node) => filterName(node) !== undefined);
  const rest = rows.filter((node) => filterName(node) === undefined);
  const rank = order === 'newest' ? newness : urgency;
  const ranked = sortable.map((node) => ({ node, rank: rank(node), name: filterName(node) ?? '' }));
  ranked.sort((a, b) => b.rank - a.rank || compareNames(a.name, b.name));
  return [...ranked.map(({ node }) => node), ...rest];
}

/** When a resource was made, in milliseconds; ECS says it of services, ECR of repositories. */
function newness(node: ExplorerNode): number {
  switch (node.kind) {
    case 'repository':
      return node.repository.createdAt?.getTime() ?? 0;
    case 'service':
      return node.service.createdAt?.getTime() ?? 0;
    default:
      return 0;
  }
}

/** What fails comes first, then what is under way. */
function urgency(node: ExplorerNode): number {
  return node.kind !== 'service' ? 0 : isFailing(node.service) ? 2 : isInMotion(node.service) ? 1 : 0;
}

const TRAILING: readonly NodeKind[] = ['message', 'taskGroup', 'section', 'roles', 'inactiveRevisions'];

function trailing(rows: readonly ExplorerNode[]): readonly ExplorerNode[] {
  const last = rows.findLastIndex(({ kind }) => !TRAILING.includes(kind));
  return rows.slice(last + 1);
}

/** The row that says how many rows there are beyond the first, and shows them when it is clicked. */
export function moreRow(key: string, { context }: ExplorerNode, more: number): MessageNode {
  return {
    kind: 'message',
    id: `${key}${MORE}`,
    context,
    severity: 'info',
    text: `${more.toLocaleString('en')} more`,
    action: 'showMore',
  };
}

/** The row that says how many rows the filter leaves out, and shows them when it is clicked. */
export function filteredRow(key: string, { context }: ExplorerNode, filtered: number): MessageNode {
  return {
    kind: 'message',
    id: `${key}${FILTERED}`,
    context,
    severity: 'info',
    text: `${filtered.toLocaleString('en')} filtered out`,
    action: 'clearFilter',
  };
}

const MORE = '/message/more-rows';
const FILTERED = '/message/filtered';

/** The branch that a row made by `moreRow` stands in. */
export function branchOfMoreRow(row: MessageNode): string | undefined {
  return row.id.endsWith(MORE) ? row.id.slice(0, -MORE.length) : undefined;
}
