import * as vscode from 'vscode';
import type { ExplorerNode, ExplorerView } from '../../explorer/explorerNode';
import type { Services } from '../services';
import { actionCommand } from '../ui/reportError';
import { readArguments, readNode } from './commandArguments';

/** Loads a view anew, or all of them. Accepts `{view}`. */
export async function refreshView(services: Services, argument?: unknown): Promise<void> {
  const { view } = readArguments<{ view: ExplorerView }>(argument);
  await (view ? services.trees.refreshView(view) : services.trees.refresh());
}

/** Loads a node anew with all below it. */
export async function refreshNode(services: Services, argument?: unknown): Promise<void> {
  await services.trees.refresh(argument as ExplorerNode | undefined);
}

/** Takes the way out that a message row offers. */
export async function actOnMessage(services: Services, argument?: unknown): Promise<void> {
  const message = readNode(argument, 'message');
  if (!message?.action) {
    return;
  }
  switch (message.action) {
    case 'retry':
      return services.trees.refresh(message);
    case 'showMore':
    case 'clearFilter':
      return services.trees.uncover(message);
    default:
      await vscode.commands.executeCommand(actionCommand(message.action), message);
  }
}
