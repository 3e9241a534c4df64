import { contextKey } from '../aws/context';
import { isCancellation, UserError, type ErrorReason } from '../base/errors';
import type { RefreshTarget } from './autoRefresh';
import type { ExplorerSource } from './children';
import { holdsItsRows, type ExplorerNode, type NodeKind } from './explorerNode';
import type { RefreshResult } from './refreshPolicy';
import { DESCRIBED_AT_ONCE, reloadRows, type LiveNode } from './reloadNode';
import { unfolded } from './sectionText';
import { isInMotion } from './serviceState';
import { isTargetInMotion } from './targets';
import { isTaskInMotion } from './taskOutcome';
import { ROOT, type CompleteBranch, type TreeModel } from './treeModel';

/**
 * What there is to keep up to date in one view: which rows each open branch has, and what its rows say that
 * are under way.
 *
 * @param isClosed true for a node whose rows are loaded and folded away
 */
export function refreshTargets(
  model: TreeModel,
  source: ExplorerSource,
  isClosed: (id: string) => boolean,
): RefreshTarget[] {
  return model
    .completeBranches()
    .filter(({ node }) => isInSight(model, node, isClosed))
    .flatMap((branch) => {
      const context = (branch.node ?? branch.rows[0])?.context;
      if (!context) {
        return [];
      }
      const group = contextKey(context);
      const listing = listingCalls(branch, model);
      const live = branch.rows.filter(isLive);
      const changing =
        isServiceInMotion(branch.node) ||
        (isServiceBranch(branch) && live.length > 0) ||
        branch.rows.some((row) => row.kind === 'target' && isTargetInMotion(row));
      return [
        ...(listing === 0
          ? []
          : [
              {
                group,
                key: `${model.view}:${branch.key}`,
                calls: listing,
                changing,
                refresh: (signal: AbortSignal) => reloadListing(model, branch.key, signal),
              },
            ]),
        // The tasks of a service are listed again while it is under way: others take their place.
        ...(live.length === 0 || changing
          ? []
          : [
              {
                group,
                key: `${model.view}:${branch.key}#rows`,
                calls: describeCalls(live),
                changing: true,
                refresh: (signal: AbortSignal) => reloadLiveRows(model, live, source, signal),
              },
            ]),
      ];
    });
}

function isInSight(
  model: TreeModel,
  node: ExplorerNode | undefined,
  isClosed: (id: string) => boolean,
): boolean {
  for (let above = node; above; above = model.parentOf(above)) {
    if (isClosed(above.id)) {
      return false;
    }
  }
  return true;
}

/** Rows that stand for others, and come with no page. */
const FOLDED: readonly NodeKind[] = ['section', 'roles', 'inactiveRevisions'];

/** Calls that listing a branch takes at its present length, by the page sizes of the API reference. */
function listingCalls({ key, node, rows }: CompleteBranch, model: TreeModel): number {
  const listed = unfolded(rows).filter(({ kind }) => !FOLDED.includes(kind)).length;
  const pages = (size: number): number => Math.max(1, Math.ceil(listed / size));
  const view = node?.kind === 'context' ? node.view : key === ROOT ? model.view : undefined;
  if (rows.some(({ kind }) => kind === 'context') || (node && holdsItsRows(node))) {
    return 0;
  }
  switch (view) {
    case 'registry':
      return pages(1000);
    case 'clusters':
      return 2 * pages(100);
    case 'taskDefinitions':
      return pages(100);
    case undefined:
      break;
  }
  switch (node?.kind) {
    case 'repository':
      return pages(1000);
    case 'cluster':
      return pages(100) + pages(10);
    case 'service':
      return 2 * pages(100) + (isServiceInMotion(node) ? 2 : 0);
    case 'taskGroup':
      // Of a cluster: those that run and those that have stopped, and the tasks of its services with them.
      return node.stoppedOf === undefined ? 2 * clusterTaskPages(model.parentOf(node)) + 2 : 2 * pages(100);
    case 'family':
    case 'inactiveRevisions':
      return pages(100);
    case 'networkEntry':
      return node.entry === 'targetGroup' ? 1 : 0;
    default:
      return 0;
  }
}

function clusterTaskPages(cluster: ExplorerNode | undefined): number {
  const running = cluster?.kind === 'cluster' ? (cluster.cluster.runningTasksCount ?? 0) : 0;
  return Math.max(1, Math.ceil(running / 100));
}

function describeCalls(rows: readonly LiveNode[]): number {
  return Math.ceil(rows.length / DESCRIBED_AT_ONCE[rows[0]?.kind ?? 'service']);
}

function isServiceBranch({ node }: CompleteBranch): boolean {
  return node?.kind === 'service';
}

function isServiceInMotion(node: ExplorerNode | undefined): boolean {
  return node?.kind === 'service' && isInMotion(node.service);
}

/** True for a row that says something that will soon be otherwise. */
function isLive(node: ExplorerNode): node is LiveNode {
  switch (node.kind) {
    case 'cluster':
      return (
        (node.cluster.pendingTasksCount ?? 0) > 0 ||
        node.cluster.status === 'PROVISIONING' ||
        node.cluster.status === 'DEPROVISIONING'
      );
    case 'service':
      return isInMotion(node.service);
    case 'task':
      return isTaskInMotion(node.task);
    default:
      return false;
  }
}

async function reloadListing(model: TreeModel, key: string, signal: AbortSignal): Promise<RefreshResult> {
  const outcome = await model.reload(key, signal);
  switch (outcome.kind) {
    case 'changed':
      return 'changed';
    case 'unchanged':
    case 'superseded':
      return 'unchanged';
    case 'failed':
      return resultOf(outcome.reason);
  }
}

async function reloadLiveRows(
  model: TreeModel,
  rows: readonly LiveNode[],
  source: ExplorerSource,
  signal: AbortSignal,
): Promise<RefreshResult> {
  const [first] = rows;
  if (!first) {
    return 'unchanged';
  }
  try {
    const { fresh, gone } = await reloadRows(rows, source.gateways(first.context).ecs, signal);
    if (signal.aborted) {
      return 'unchanged';
    }
    const updated = model.update(fresh);
    const removed = model.remove(gone);
    return updated || removed ? 'changed' : 'unchanged';
  } catch (error) {
    if (isCancellation(error)) {
      return 'unchanged';
    }
    return resultOf(error instanceof UserError ? error.reason : 'internal');
  }
}

/** What one resource may not be asked for says nothing of others; all else would meet them as well. */
function resultOf(reason: ErrorReason): RefreshResult {
  return reason === 'accessDenied' || reason === 'notFound' || reason === 'cancelled'
    ? 'unchanged'
    : 'failed';
}
