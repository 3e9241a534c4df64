import { resourceName } from '../aws/arn';
import { details, type PossibleFact, type RowDetails } from './details';
import type { DeploymentNode, EventNode, NetworkEntryNode } from './explorerNode';
import { entryInWords, isFormer } from './sectionText';

export function detailsOfDeployment(node: DeploymentNode, place: PossibleFact): RowDetails {
  const { deployment } = node;
  return details(
    `Deployment of ${resourceName(deployment.taskDefinition ?? '')}`,
    [
      ['Id', deployment.id],
      ['Service', node.serviceName],
      ['Status', deployment.status],
      ['Rollout', deployment.rolloutState],
      ['Because', deployment.rolloutStateReason],
      ['Desired', deployment.desiredCount],
      ['Running', deployment.runningCount],
      ['Pending', deployment.pendingCount],
      ['Failed tasks', deployment.failedTasks],
      ['Launch type', deployment.launchType],
      [
        'Capacity providers',
        deployment.capacityProviderStrategy?.map(({ capacityProvider }) => capacityProvider).join(', '),
      ],
      ['Platform version', deployment.platformVersion],
      ['Since', deployment.createdAt],
      ['Changed', deployment.updatedAt],
      place,
    ],
    isFormer(node) ? 'Click to compare it with the present revision.' : 'Click to open its task definition.',
  );
}

export function detailsOfEvent({ message, at, since, count }: EventNode, place: PossibleFact): RowDetails {
  return details(
    at?.toLocaleString() ?? 'Event',
    [['Said', count > 1 ? `${count} times since ${since?.toLocaleString() ?? '?'}` : undefined], place],
    message,
  );
}

export function detailsOfNetworkEntry(node: NetworkEntryNode, place: PossibleFact): RowDetails {
  const words = entryInWords(node);
  return details(`${words.charAt(0).toUpperCase()}${words.slice(1)}: ${node.name}`, [
    ['ARN', node.arn],
    ['Container', node.target],
    place,
  ]);
}
