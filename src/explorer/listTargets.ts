import type { LoadBalancersGateway } from '../aws/loadBalancersGateway';
import type { RowStream } from './accumulate';
import { compareNames } from './compareNames';
import { nodeId, type NetworkEntryNode, type TargetNode } from './explorerNode';
import { emptyMessage } from './messages';
import { addressOf } from './targets';

/** What is registered with a target group, with its health, by address. */
export async function* listTargets(
  parent: NetworkEntryNode,
  loadBalancers: LoadBalancersGateway,
  signal: AbortSignal,
): RowStream {
  const targets = await loadBalancers.targetHealth(parent.arn ?? '', signal);
  const seen = new Map<string, number>();
  const nodes = targets.map((target): TargetNode => {
    // One address and port is registered once; where it is not (tasks that are simulated), rows still differ.
    const address = addressOf(target);
    const times = (seen.get(address) ?? 0) + 1;
    seen.set(address, times);
    return {
      kind: 'target',
      id: nodeId(parent.context, 'target', parent.id, address, String(times)),
      context: parent.context,
      target,
    };
  });
  yield nodes.length > 0
    ? nodes.sort((a, b) => compareNames(addressOf(a.target), addressOf(b.target)))
    : [emptyMessage(parent, 'No targets are registered')];
}
