import type { EcsGateway } from '../aws/ecsGateway';
import { chunk, type Page } from '../aws/page';
import { toClusterNode, toServiceNode, toTaskNode } from './clustersBranch';
import type { ClusterNode, ExplorerNode, ServiceNode, TaskNode } from './explorerNode';

/**
 * Reads anew what the row of a node itself says, for those whose row shows a state that changes on its own.
 *
 * @returns the node with its new data; the same node where its row says nothing that changes
 * @throws UserError, with reason "notFound" when the resource is gone
 */
export async function reloadNode(
  node: ExplorerNode,
  ecs: EcsGateway,
  signal: AbortSignal,
): Promise<ExplorerNode> {
  switch (node.kind) {
    case 'cluster':
      return toClusterNode(node, await ecs.cluster(node.arn, signal));
    case 'service':
      return toServiceNode(
        { context: node.context, arn: node.clusterArn },
        await ecs.service(node.clusterArn, node.arn, signal),
      );
    case 'task': {
      const { items } = await ecs.describeTasks(node.clusterArn, [node.arn], signal);
      return items[0] ? toTaskNode(node, items[0]) : node;
    }
    case 'context':
    case 'repository':
    case 'image':
    case 'taskGroup':
    case 'container':
    case 'section':
    case 'capacityProvider':
    case 'deployment':
    case 'event':
    case 'networkEntry':
    case 'target':
    case 'roles':
    case 'role':
    case 'family':
    case 'revision':
    case 'inactiveRevisions':
    case 'message':
      return node;
  }
}

/** Rows whose state changes on its own, and of which one call describes many. */
export type LiveNode = ClusterNode | ServiceNode | TaskNode;

/** How many rows of a kind one call describes, by the API reference. */
export const DESCRIBED_AT_ONCE: Readonly<Record<LiveNode['kind'], number>> = {
  cluster: 100,
  service: 10,
  task: 100,
};

export interface ReloadedRows {
  readonly fresh: readonly LiveNode[];
  /** Those that are no more, or of which ECS only keeps the memory. */
  readonly gone: readonly LiveNode[];
}

/**
 * Reads anew what rows of one branch say, all of one kind, in as few calls as the API allows.
 * @throws UserError when a call fails
 */
export async function reloadRows(
  rows: readonly LiveNode[],
  ecs: EcsGateway,
  signal: AbortSignal,
): Promise<ReloadedRows> {
  const fresh: LiveNode[] = [];
  const gone: LiveNode[] = [];
  const size = rows[0] ? DESCRIBED_AT_ONCE[rows[0].kind] : 1;
  for (const part of chunk(rows, size)) {
    const described = await describe(part, ecs, signal);
    const byId = new Map(described.items.map((node) => [node.id, node]));
    const missing = new Set(
      described.failures.flatMap(({ id, reason }) => (reason.startsWith('MISSING') ? [id] : [])),
    );
    for (const row of part) {
      const now = byId.get(row.id);
      if (missing.has(row.arn) || (now && isOver(now))) {
        gone.push(row);
      } else if (now) {
        fresh.push(now);
      }
    }
  }
  return { fresh, gone };
}

async function describe(
  rows: readonly LiveNode[],
  ecs: EcsGateway,
  signal: AbortSignal,
): Promise<Page<LiveNode>> {
  const [first] = rows;
  const arns = rows.map(({ arn }) => arn);
  switch (first?.kind) {
    case undefined:
      return { items: [], failures: [] };
    case 'cluster':
      return toNodes(await ecs.describeClusters(arns, signal), (cluster) => toClusterNode(first, cluster));
    case 'service': {
      const parent = { context: first.context, arn: first.clusterArn };
      const page = await ecs.describeServices(first.clusterArn, arns, signal);
      return toNodes(page, (service) => toServiceNode(parent, service));
    }
    case 'task':
      return toNodes(await ecs.describeTasks(first.clusterArn, arns, signal), (task) =>
        toTaskNode(first, task),
      );
  }
}

function toNodes<T>({ items, failures }: Page<T>, toNode: (item: T) => LiveNode): Page<LiveNode> {
  return { items: items.map(toNode), failures };
}

/** ECS goes on describing a service or cluster for a while after it has been deleted. */
function isOver(node: LiveNode): boolean {
  switch (node.kind) {
    case 'cluster':
      return node.cluster.status === 'INACTIVE';
    case 'service':
      return node.service.status === 'INACTIVE';
    case 'task':
      return false;
  }
}
