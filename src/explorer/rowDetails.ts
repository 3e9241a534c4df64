import { resourceName } from '../aws/arn';
import { details, type PossibleFact, type RowDetails } from './details';
import type { ExplorerNode, ServiceNode, TaskNode } from './explorerNode';
import { formatSize } from './quantity';
import { detailsOfRepository, scanOf } from './registryDetails';
import { countOf } from './row';
import { sizeOf } from './rowText';
import { detailsOfDeployment, detailsOfEvent, detailsOfNetworkEntry } from './sectionDetails';
import { primaryDeployment } from './serviceState';
import { detailsOfTarget } from './targets';
import { isSimulated } from './taskOutcome';

/** Service events shown, newest first. */
const EVENTS = 3;

/**
 * What a tooltip says of a node.
 * @param usedBy names of the services that use it, as far as they are known
 */
export function detailsOf(node: ExplorerNode, usedBy: readonly string[] = []): RowDetails {
  const place: PossibleFact = ['Context', `${node.context.label} · ${node.context.region}`];
  switch (node.kind) {
    case 'context':
      return details(node.context.label, [
        ['Region', node.context.region],
        ['Endpoint', node.context.endpoint],
      ]);
    case 'repository':
      return detailsOfRepository(node, place);
    case 'image': {
      const { image } = node;
      const size = sizeOf(node);
      return details(node.tags.join(', ') || 'Untagged image', [
        ['Digest', node.digest],
        ['Repository', node.repositoryName],
        ['Platform', node.platform],
        ['Images', node.members?.map((member) => member.platform).join(', ')],
        ['Size', size === undefined ? undefined : formatSize(size)],
        ['Pushed', image.imagePushedAt],
        ['Last pulled', image.lastRecordedPullTime],
        ['Type', image.imageManifestMediaType],
        ['Scan', scanOf(node)],
        place,
      ]);
    }
    case 'cluster': {
      const { cluster } = node;
      return details(node.name, [
        ['ARN', node.arn],
        ['Status', cluster.status],
        ['Services', cluster.activeServicesCount],
        ['Running tasks', cluster.runningTasksCount],
        ['Pending tasks', cluster.pendingTasksCount],
        ['Capacity providers', cluster.capacityProviders?.join(', ')],
        place,
      ]);
    }
    case 'service':
      return detailsOfService(node, place);
    case 'taskGroup':
      return details(node.stoppedOf === undefined ? 'Tasks without a service' : 'Tasks that stopped lately', [
        ['Service', node.stoppedOf],
        ['Cluster', resourceName(node.clusterArn)],
        place,
      ]);
    case 'task':
      return detailsOfTask(node, place);
    case 'container': {
      const { container } = node;
      return details(
        node.name,
        [
          ['Image', container.image],
          ['Digest', container.imageDigest],
          ['Status', container.lastStatus],
          ['Health', container.healthStatus],
          ['Exit code', container.exitCode],
          [
            'Ports',
            container.networkBindings
              ?.map(({ bindIP, hostPort, containerPort }) => `${bindIP}:${hostPort} → ${containerPort}`)
              .join(', '),
          ],
          ['Runtime id', container.runtimeId],
          place,
        ],
        simulatedText(node.task) ?? container.reason,
      );
    }
    case 'section':
      return details(node.label, [place]);
    case 'capacityProvider':
      return details(node.name, [['Base', node.byDefault?.base], ['Weight', node.byDefault?.weight], place]);
    case 'deployment':
      return detailsOfDeployment(node, place);
    case 'event':
      return detailsOfEvent(node, place);
    case 'networkEntry':
      return detailsOfNetworkEntry(node, place);
    case 'target':
      return detailsOfTarget(node, place);
    case 'roles':
      return details('Roles', [['Task definition', resourceName(node.taskDefinition)], place]);
    case 'role':
      return details(node.name, [
        ['ARN', node.arn],
        ['Used', node.use === 'task' ? 'by the containers' : 'by ECS, for the containers'],
        place,
      ]);
    case 'family':
      return details(node.family, [place]);
    case 'revision':
      return details(`${node.family}:${node.revision}`, [
        ['ARN', node.arn],
        ['Status', node.inactive ? 'inactive' : 'active'],
        ['Used by', usersInWords(usedBy)],
        place,
      ]);
    case 'inactiveRevisions':
      return details(`Deregistered revisions of ${node.family}`, [place]);
    case 'message':
      return details(node.text, [place], node.detail);
  }
}

function detailsOfService(node: ServiceNode, place: PossibleFact): RowDetails {
  const { service } = node;
  const primary = primaryDeployment(service);
  const events = (service.events ?? []).slice(0, EVENTS).flatMap(({ message }) => message ?? []);
  return details(
    node.name,
    [
      ['ARN', node.arn],
      ['Status', service.status],
      ['Task definition', service.taskDefinition && resourceName(service.taskDefinition)],
      ['Scheduling', service.schedulingStrategy],
      ['Launch type', service.launchType],
      ['Rollout', primary?.rolloutState],
      ['Because', primary?.rolloutStateReason],
      ['Failed tasks', primary?.failedTasks],
      place,
    ],
    events.join('\n') || undefined,
  );
}

function detailsOfTask(node: TaskNode, place: PossibleFact): RowDetails {
  const { task } = node;
  return details(
    resourceName(node.arn),
    [
      ['ARN', node.arn],
      ['Service', node.serviceName],
      ['Task definition', task.taskDefinitionArn && resourceName(task.taskDefinitionArn)],
      ['Started by', task.startedBy],
      ['Launch type', task.launchType],
      ['Platform', task.platformFamily],
      ['Started', task.startedAt],
      ['Stopped', task.stoppedAt],
      ['Stop code', task.stopCode],
      ['Stopped because', task.stoppedReason],
      place,
    ],
    node.remembered
      ? 'From memory, as it was seen last: ECS keeps a stopped task for about an hour.'
      : simulatedText(node),
  );
}

function simulatedText({ task }: TaskNode): string | undefined {
  return isSimulated(task)
    ? 'Simulated: there is no container engine, so no container runs for this task.'
    : undefined;
}

/** Names that are said of those that use a revision. */
const USERS = 10;

function usersInWords(names: readonly string[]): string | undefined {
  const count = countOf(names.length || undefined, 'service');
  const more = names.length > USERS ? ', ...' : '';
  return count ? `${count}: ${names.slice(0, USERS).join(', ')}${more}` : undefined;
}
