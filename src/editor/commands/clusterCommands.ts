import * as vscode from 'vscode';
import { UserError } from '../../base/errors';
import type { Services } from '../services';
import { confirm, input } from '../ui/prompts';
import { readArguments } from './commandArguments';
import { readOrPickNode } from './pickNode';
import { readContext } from './readContext';

/** "Create Cluster...": accepts `{name}`; resolves to `{name, arn}`. */
export async function createCluster(
  services: Services,
  argument?: unknown,
): Promise<{ name: string; arn: string }> {
  const answers = readArguments<{ name: string }>(argument);
  const context = await readContext(services, argument);
  const name =
    answers.name ??
    (await input({
      title: vscode.l10n.t('Create Cluster'),
      prompt: vscode.l10n.t('Name of the cluster'),
      validate: clusterNameProblem,
    }));
  const problem = clusterNameProblem(name);
  if (problem !== undefined) {
    throw new UserError('invalidInput', `${problem} ${name}`);
  }
  const cluster = await services.sessions.get(context).ecs.createCluster({ clusterName: name });
  services.trees.refreshListing('clusters', context);
  return { name, arn: cluster.clusterArn ?? '' };
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html clusterName */
function clusterNameProblem(name: string): string | undefined {
  return /^[\w-]{1,255}$/.test(name)
    ? undefined
    : vscode.l10n.t('A cluster name has up to 255 letters, digits, hyphens and underscores.');
}

/**
 * "Delete Cluster...": ECS deletes only one that is empty. Accepts `{cluster, confirm?}`; resolves to
 * `{cluster}`.
 */
export async function deleteCluster(services: Services, argument?: unknown): Promise<{ cluster: string }> {
  const answers = readArguments<{ cluster: string; confirm: boolean }>(argument);
  const { context, name } =
    answers.cluster === undefined
      ? await readOrPickNode(services, argument, 'cluster', vscode.l10n.t('Delete Cluster'))
      : { context: await readContext(services, argument), name: answers.cluster };
  if (answers.confirm !== true) {
    await confirm(
      vscode.l10n.t('Delete the cluster {0}?', name),
      vscode.l10n.t('Delete'),
      vscode.l10n.t('It is deleted only while it has no services and no tasks.'),
    );
  }
  await services.sessions.get(context).ecs.deleteCluster(name);
  services.trees.refreshListing('clusters', context);
  return { cluster: name };
}
