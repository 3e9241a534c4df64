import type { TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import { details, type PossibleFact, type RowDetails } from './details';
import type { TargetNode } from './explorerNode';
import { join, row, type Row, type Tone } from './row';

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
export function addressOf({ Target: target }: TargetHealthDescription): string {
  return target?.Port === undefined ? (target?.Id ?? '') : `${target.Id}:${target.Port}`;
}
