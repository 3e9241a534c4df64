import type { Handler } from '../services';
import { actOnMessage, refreshNode, refreshView } from './refreshCommands';
import { clearFilter, filterView, sortView } from './viewCommands';

/** The commands on what the trees show; those that few windows run are loaded when they are. */
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
  'awsContainers.resource.copyArn': async (...args) => (await import('./copyResource')).copyArn(...args),
  'awsContainers.resource.copyName': async (...args) => (await import('./copyResource')).copyName(...args),
  'awsContainers.repository.create': async (...args) =>
    (await import('./createRepository')).createRepository(...args),
  'awsContainers.repository.copyUri': async (...args) =>
    (await import('./copyResource')).copyRepositoryUri(...args),
  'awsContainers.repository.delete': async (...args) =>
    (await import('./deleteRepository')).deleteRepository(...args),
  'awsContainers.image.copyUri': async (...args) => (await import('./copyResource')).copyImageUri(...args),
  'awsContainers.image.copyDigest': async (...args) =>
    (await import('./copyResource')).copyImageDigest(...args),
  'awsContainers.image.delete': async (...args) => (await import('./deleteImages')).deleteImages(...args),
  'awsContainers.cluster.create': async (...args) =>
    (await import('./clusterCommands')).createCluster(...args),
  'awsContainers.cluster.delete': async (...args) =>
    (await import('./clusterCommands')).deleteCluster(...args),
  'awsContainers.service.scale': async (...args) => (await import('./serviceCommands')).scaleService(...args),
  'awsContainers.service.delete': async (...args) =>
    (await import('./serviceCommands')).deleteService(...args),
  'awsContainers.deployment.compare': async (...args) =>
    (await import('./serviceParts')).compareDeployment(...args),
  'awsContainers.event.copy': async (...args) => (await import('./serviceParts')).copyEvent(...args),
  'awsContainers.task.forget': async (...args) => (await import('./forgetTasks')).forgetTasks(...args),
  'awsContainers.task.stop': async (...args) => (await import('./stopTask')).stopTask(...args),
} satisfies Record<string, Handler>;

export type ResourceCommandId = keyof typeof resourceCommands;
