import type { Handler } from '../services';

/** The commands on images: tags, deletion, clean-up, what uses them, pulling. Each is loaded when it is first run. */
export const imageCommands = {
  'awsContainers.repository.cleanUp': async (...args) =>
    (await import('./cleanUpImages')).cleanUpImages(...args),
  'awsContainers.image.addTag': async (...args) => (await import('./tagCommands')).addTag(...args),
  'awsContainers.image.moveTag': async (...args) => (await import('./tagCommands')).moveTag(...args),
  'awsContainers.image.removeTag': async (...args) => (await import('./removeTag')).removeTag(...args),
  'awsContainers.image.pull': async (...args) => (await import('./pullImage')).pullImage(...args),
  'awsContainers.image.copyPullCommand': async (...args) =>
    (await import('./pullImage')).copyPullCommand(...args),
  'awsContainers.image.usedBy': async (...args) => (await import('./usedBy')).showUsersOfImage(...args),
  'awsContainers.taskDefinition.usedBy': async (...args) =>
    (await import('./usedBy')).showUsersOfRevision(...args),
} satisfies Record<string, Handler>;
