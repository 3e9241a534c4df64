import * as vscode from 'vscode';
import type { Handler, Services } from '../services';
import { reportError } from '../ui/reportError';
import { readArguments } from './commandArguments';
import { ecrCommands } from './ecrCommands';
import { imageCommands } from './imageCommands';
import { resourceCommands } from './resourceCommands';

/**
 * Every command by its id. What reaches into the domain is loaded when it is first run, so that activation
 * loads no more than registration needs. A test holds this table against package.json in both directions.
 */
export const COMMANDS = {
  ...resourceCommands,
  ...ecrCommands,
  ...imageCommands,
  'awsContainers.context.select': async (...args) =>
    (await import('./contextCommands')).selectContext(...args),
  'awsContainers.context.add': async (...args) => (await import('./contextCommands')).addContext(...args),
  'awsContainers.context.close': async (...args) => (await import('./contextCommands')).closeContext(...args),
  'awsContainers.context.openConfig': async () => (await import('./contextCommands')).openAwsConfig(),
  'awsContainers.context.signIn': async (...args) => (await import('./signInCommands')).signIn(...args),
  'awsContainers.context.signOut': async (...args) => (await import('./signInCommands')).signOut(...args),
  'awsContainers.context.customize': async (...args) =>
    (await import('./arrangeContexts')).customizeContext(...args),
  'awsContainers.context.moveUp': async (...args) =>
    (await import('./arrangeContexts')).moveContextUp(...args),
  'awsContainers.context.moveDown': async (...args) =>
    (await import('./arrangeContexts')).moveContextDown(...args),
  'awsContainers.engine.configure': () =>
    Promise.resolve(vscode.commands.executeCommand('workbench.action.openSettings', 'awsContainers.engine')),
  'awsContainers.log.show': (services) => Promise.resolve(services.log.show()),
  'awsContainers.sandbox.start': async (services) =>
    (await import('./sandboxCommands')).startSandbox(services),
  'awsContainers.sandbox.stop': async (services) => (await import('./sandboxCommands')).stopSandbox(services),
  'awsContainers.sandbox.reset': async (...args) => (await import('./sandboxCommands')).resetSandbox(...args),
  'awsContainers.image.push': async (...args) => (await import('./pushImage')).pushImage(...args),
  'awsContainers.service.deploy': async (...args) => (await import('./deployService')).deployService(...args),
  'awsContainers.service.rollBack': async (...args) =>
    (await import('./deployService')).rollBackService(...args),
  'awsContainers.service.create': async (...args) => (await import('./createService')).createService(...args),
  'awsContainers.image.pushAndUse': async (...args) => (await import('./pushAndUse')).pushAndUse(...args),
  'awsContainers.taskDefinition.open': async (...args) =>
    (await import('./openTaskDefinition')).openTaskDefinition(...args),
  'awsContainers.taskDefinition.compare': async (...args) =>
    (await import('./compareTaskDefinitions')).compareTaskDefinitions(...args),
  'awsContainers.taskDefinition.compareWithLive': async (...args) =>
    (await import('./compareWithLive')).compareWithLive(...args),
  'awsContainers.taskDefinition.deregister': async (...args) =>
    (await import('./deregisterTaskDefinition')).deregisterTaskDefinition(...args),
  'awsContainers.taskDefinition.deleteRevisions': async (...args) =>
    (await import('./cleanUpRevisions')).cleanUpRevisions(...args),
  'awsContainers.taskDefinition.create': async (...args) =>
    (await import('./createTaskDefinition')).createTaskDefinition(...args),
  'awsContainers.taskDefinition.register': async (...args) =>
    (await import('./registerTaskDefinition')).registerTaskDefinition(...args),
  'awsContainers.taskDefinition.verify': async (...args) =>
    (await import('./verifyTaskDefinition')).verifyTaskDefinition(...args),
  'awsContainers.repository.reveal': async (...args) =>
    (await import('./revealRepository')).revealRepository(...args),
  'awsContainers.logs.stream': async (...args) => (await import('./streamLogs')).streamLogs(...args),
  'awsContainers.logs.stop': async (...args) => (await import('./streamLogs')).stopLogs(...args),
  'awsContainers.task.openInBrowser': async (...args) =>
    (await import('./openInBrowser')).openInBrowser(...args),
} satisfies Record<string, Handler>;

export type CommandId = keyof typeof COMMANDS;

/** Registers every command behind the one error boundary. */
export function registerCommands(
  services: Services,
  commands: Readonly<Record<string, Handler>> = COMMANDS,
): vscode.Disposable {
  const registrations = Object.entries(commands).map(([id, handler]) => {
    const execute = async (...args: unknown[]): Promise<unknown> => {
      services.log.debug(`run ${id}`);
      try {
        const current = args.map((argument) => services.trees.current(argument));
        return await services.keeper.run(() => handler(services, ...current));
      } catch (error) {
        reportError(error, services.log, () => void vscode.commands.executeCommand(id, ...args));
        // Whoever called with answers learns of the failure too; VS Code shows nothing of its own for a
        // command that a person ran and that resolves.
        if (calledByProgram(args)) {
          throw error;
        }
        return undefined;
      }
    };
    return vscode.commands.registerCommand(id, execute);
  });
  return vscode.Disposable.from(...registrations);
}

/** A plain object that answers prompts comes from a program: a keybinding, a task, a test, another extension. */
function calledByProgram(args: readonly unknown[]): boolean {
  return Object.keys(readArguments<object>(args[0])).length > 0;
}
