import * as vscode from 'vscode';
import { resourceName } from '../../aws/arn';
import type { AwsContext } from '../../aws/context';
import type { WithContext } from '../contexts/contextOfAnswers';
import type { Services } from '../services';
import { confirm } from '../ui/prompts';
import { readArguments } from './commandArguments';
import { readOrPickNode } from './pickNode';
import { readContext } from './readContext';

export interface StopTaskAnswers extends WithContext {
  readonly cluster?: string;
  /** Id or ARN. */
  readonly task?: string;
  /** What ECS then gives as the reason; a general one by default. */
  readonly reason?: string;
  /** True stands for the user's yes. */
  readonly confirm?: boolean;
}

interface TaskAddress {
  readonly context: AwsContext;
  readonly cluster: string;
  readonly task: string;
  readonly serviceName?: string;
}

/** "Stop Task...": accepts `StopTaskAnswers`; resolves to `{task}`, its id, once ECS has begun to stop it. */
export async function stopTask(services: Services, argument?: unknown): Promise<{ task: string }> {
  const answers = readArguments<StopTaskAnswers>(argument);
  const { context, cluster, task, serviceName } = await readTask(services, argument, answers);
  const id = resourceName(task);
  if (answers.confirm !== true) {
    await confirm(
      vscode.l10n.t('Stop the task {0}?', id),
      vscode.l10n.t('Stop Task'),
      serviceName === undefined
        ? undefined
        : vscode.l10n.t('The service {0} will start another in its place.', serviceName),
    );
  }
  const reason = answers.reason ?? vscode.l10n.t('Stopped by a user of AWS Containers');
  await services.sessions.get(context).ecs.stopTask(cluster, task, reason);
  void services.trees.refreshMatching(
    context,
    (node) => node.kind === 'task' && resourceName(node.arn) === id,
  );
  return { task: id };
}

async function readTask(
  services: Services,
  argument: unknown,
  { cluster, task }: StopTaskAnswers,
): Promise<TaskAddress> {
  if (cluster !== undefined && task !== undefined) {
    return { context: await readContext(services, argument), cluster, task };
  }
  const node = await readOrPickNode(services, argument, 'task', vscode.l10n.t('Stop Task'));
  const address = { context: node.context, cluster: node.clusterArn, task: node.arn };
  return node.serviceName === undefined ? address : { ...address, serviceName: node.serviceName };
}
