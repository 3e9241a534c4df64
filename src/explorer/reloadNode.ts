import type { EcsGateway } from '../aws/ecsGateway';
import { toClusterNode, toServiceNode, toTaskNode } from './clustersBranch';
import type { ExplorerNode } from './explorerNode';

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
    case 'family':
    case 'revision':
    case 'message':
      return node;
  }
}
