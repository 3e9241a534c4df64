import type { Handler } from '../services';
import { createCluster, deleteCluster } from './clusterCommands';
import { copyArn, copyImageDigest, copyImageUri, copyName, copyRepositoryUri } from './copyResource';
import { createRepository } from './createRepository';
import { deleteImages } from './deleteImages';
import { deleteRepository } from './deleteRepository';
import { actOnMessage, refreshNode, refreshView } from './refreshCommands';
import { deleteService, scaleService } from './serviceCommands';
import { stopTask } from './stopTask';
import { clearFilter, filterView, sortView } from './viewCommands';

/** The commands on what the trees show. */
export const resourceCommands = {
  'awsContainers.view.refresh': refreshView,
  'awsContainers.node.refresh': refreshNode,
  'awsContainers.message.act': actOnMessage,
  'awsContainers.repository.filter': filterView('registry'),
  'awsContainers.repository.clearFilter': clearFilter('registry'),
  'awsContainers.repository.sort': sortView('registry', ['name', 'newest']),
  'awsContainers.service.filter': filterView('clusters'),
  'awsContainers.service.clearFilter': clearFilter('clusters'),
  'awsContainers.service.sort': sortView('clusters', ['name', 'newest', 'state']),
  'awsContainers.taskDefinition.filter': filterView('taskDefinitions'),
  'awsContainers.taskDefinition.clearFilter': clearFilter('taskDefinitions'),
  'awsContainers.resource.goTo': async (...args) => (await import('./goToResource')).goToResource(...args),
  'awsContainers.resource.copyJson': async (...args) => (await import('./resourceData')).copyJson(...args),
  'awsContainers.resource.openInConsole': async (...args) =>
    (await import('./resourceData')).openInConsole(...args),
  'awsContainers.resource.copyArn': copyArn,
  'awsContainers.resource.copyName': copyName,
  'awsContainers.repository.create': createRepository,
  'awsContainers.repository.copyUri': copyRepositoryUri,
  'awsContainers.repository.delete': deleteRepository,
  'awsContainers.image.copyUri': copyImageUri,
  'awsContainers.image.copyDigest': copyImageDigest,
  'awsContainers.image.delete': deleteImages,
  'awsContainers.cluster.create': createCluster,
  'awsContainers.cluster.delete': deleteCluster,
  'awsContainers.service.scale': scaleService,
  'awsContainers.service.delete': deleteService,
  'awsContainers.task.stop': stopTask,
} satisfies Record<string, Handler>;

export type ResourceCommandId = keyof typeof resourceCommands;
