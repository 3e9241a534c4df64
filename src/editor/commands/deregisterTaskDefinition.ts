import * as vscode from 'vscode';
import { resourceName } from '../../aws/arn';
import type { AwsContext } from '../../aws/context';
import type { WithContext } from '../contexts/contextOfAnswers';
import type { Services } from '../services';
import { confirm } from '../ui/prompts';
import { readArguments } from './commandArguments';
import { readOrPickNode } from './pickNode';
import { readContext } from './readContext';

export interface DeregisterAnswers extends WithContext {
  /** `family:revision` or an ARN. */
  readonly taskDefinition?: string;
  /** True stands for the user's yes. */
  readonly confirm?: boolean;
}

/** "Deregister Revision...": accepts `DeregisterAnswers`; resolves to `{taskDefinition}`, as `family:revision`. */
export async function deregisterTaskDefinition(
  services: Services,
  argument?: unknown,
): Promise<{ taskDefinition: string }> {
  const answers = readArguments<DeregisterAnswers>(argument);
  const { context, id } = await readRevision(services, argument, answers.taskDefinition);
  const name = resourceName(id);
  if (answers.confirm !== true) {
    await confirm(
      vscode.l10n.t('Deregister the task definition {0}?', name),
      vscode.l10n.t('Deregister'),
      vscode.l10n.t('What runs with it goes on running. Nothing new can be started with it.'),
    );
  }
  await services.sessions.get(context).ecs.deregisterTaskDefinition(id);
  services.trees.refreshListing('taskDefinitions', context);
  const family = name.replace(/:\d+$/, '');
  void services.trees.refreshMatching(context, (node) => node.kind === 'family' && node.family === family);
  return { taskDefinition: name };
}

async function readRevision(
  services: Services,
  argument: unknown,
  taskDefinition: string | undefined,
): Promise<{ context: AwsContext; id: string }> {
  if (taskDefinition !== undefined) {
    return { context: await readContext(services, argument), id: taskDefinition };
  }
  const title = vscode.l10n.t('Deregister Revision');
  const { context, arn } = await readOrPickNode(services, argument, 'revision', title);
  return { context, id: arn };
}
