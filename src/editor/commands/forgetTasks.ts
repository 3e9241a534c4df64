import * as vscode from 'vscode';
import { resourceName } from '../../aws/arn';
import type { ServicePlace } from '../../explorer/stoppedTaskMemory';
import type { Services } from '../services';
import { readArguments, readNode } from './commandArguments';
import { readService, type ServiceAnswers } from './serviceCommands';

export interface ForgetTasksAnswers extends ServiceAnswers {
  /** ARN of the only one to forget. */
  readonly task?: string;
}

/**
 * "Forget": a stopped task of a service that ECS no longer knows, or all of a service's. Accepts
 * `ForgetTasksAnswers`; resolves to how many it was. Nothing changes in AWS.
 */
export async function forgetTasks(services: Services, argument?: unknown): Promise<{ forgotten: number }> {
  const { task, ...place } = await readPlace(services, argument);
  const forgotten = services.stoppedTasks.forget(place, task);
  void services.trees.refreshMatching(
    place.context,
    (node) =>
      node.kind === 'taskGroup' && node.stoppedOf === place.service && node.clusterArn === place.clusterArn,
  );
  return { forgotten };
}

async function readPlace(services: Services, argument: unknown): Promise<ServicePlace & { task?: string }> {
  const node = readNode(argument, 'task', 'taskGroup');
  const service = node?.kind === 'task' ? node.serviceName : node?.stoppedOf;
  if (node && service !== undefined) {
    const place = { context: node.context, clusterArn: node.clusterArn, service };
    return node.kind === 'task' ? { ...place, task: node.arn } : place;
  }
  const answers = readArguments<ForgetTasksAnswers>(argument);
  const title = vscode.l10n.t('Forget Stopped Tasks of Which Service?');
  const chosen = await readService(services, argument, answers, title);
  const { clusterArn = '' } = await services.sessions.get(chosen.context).ecs.cluster(chosen.cluster);
  return {
    context: chosen.context,
    clusterArn,
    service: resourceName(chosen.service),
    ...(answers.task === undefined ? {} : { task: answers.task }),
  };
}
