import type { Handler } from '../services';
import { createCluster, deleteCluster } from './clusterCommands';
import { copyArn, copyImageDigest, copyImageUri, copyName, copyRepositoryUri } from './copyResource';
import { createRepository } from './createRepository';
import { deleteImages } from './deleteImages';
import { deleteRepository } from './deleteRepository';
import { actOnMessage, refreshNode, refreshView } from './refreshCommands';
import { deleteService, scaleService } from './serviceCommands';
import { stopTask } from './stopTask';

/** The commands on what the trees show. */
export const resourceCommands = {
  'awsContainers.view.refresh': refreshView,
  'awsContainers.node.refresh': refreshNode,
  'awsContainers.message.act': actOnMessage,
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
