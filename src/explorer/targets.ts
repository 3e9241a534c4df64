import type { TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { LoadBalancersGateway } from '../aws/loadBalancersGateway';
import { compareNames, type RowStream } from './accumulate';
import { details, type PossibleFact, type RowDetails } from './details';
import { nodeId, type NetworkEntryNode, type TargetNode } from './explorerNode';
import { emptyMessage } from './messages';
import { join, row, type Row, type Tone } from './row';

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

/** True while a target is on its way to being used, or out of use: by the states of the API reference's TargetHealth. */
export function isTargetInMotion({ target }: TargetNode): boolean {
  return ['initial', 'draining', 'unhealthy.draining'].includes(target.TargetHealth?.State ?? '');
}

export function describeTarget({ target }: TargetNode): Row {
  const { State: state, Description: description } = target.TargetHealth ?? {};
  return row({
    label: addressOf(target),
    description: join(state, description, target.Target?.AvailabilityZone),
    spoken: 'Target',
    tokens: ['target'],
    tone: toneOf(state),
  });
}

export function detailsOfTarget({ target }: TargetNode, place: PossibleFact): RowDetails {
  const { Target: registered, TargetHealth: health, HealthCheckPort: port } = target;
  return details(addressOf(target), [
    ['Health', health?.State],
    ['Reason', health?.Reason],
    ['Because', health?.Description],
    ['Health check port', port],
    ['Availability zone', registered?.AvailabilityZone],
    place,
  ]);
}

function toneOf(state: NonNullable<TargetHealthDescription['TargetHealth']>['State']): Tone {
  switch (state) {
    case 'healthy':
      return 'good';
    case 'unhealthy':
    case 'unhealthy.draining':
    case 'unavailable':
      return 'failing';
    case 'initial':
    case 'draining':
      return 'busy';
    default:
      return 'idle';
  }
}

/** "10.0.1.5:8080"; a function or a load balancer has no port. */
function addressOf({ Target: target }: TargetHealthDescription): string {
  return target?.Port === undefined ? (target?.Id ?? '') : `${target.Id}:${target.Port}`;
}
