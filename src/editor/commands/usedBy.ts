import * as vscode from 'vscode';
import { resourceName } from '../../aws/arn';
import { usesOf, type ImageUse } from '../../deploy/imageUse';
import { findWorkloadsOf } from '../../deploy/revisionUse';
import { findStoredImage } from '../../image/repositoryImages';
import type { WithContext } from '../contexts/contextOfAnswers';
import type { Services } from '../services';
import { withProgress } from '../ui/progress';
import { readArguments } from './commandArguments';
import { chooseRevision, type RevisionAnswers } from './chooseRevision';
import { nameOfImage } from './confirmImageDeletion';
import { imageIdOf, noSuchImage } from './readTaggedImage';
import { goToUser } from './goToUser';
import { showImageUse } from './lookForImageUse';
import { readOrPickNode } from './pickNode';
import { readContext } from './readContext';

export interface ImageUsedByAnswers extends WithContext {
  readonly repository?: string;
  /** A tag or a digest. */
  readonly image?: string;
}

/** What uses an image or a revision. */
export interface User {
  readonly kind: 'taskDefinition' | 'service' | 'task';
  readonly arn: string;
}

export interface UsedByResult {
  readonly usedBy: readonly User[];
}

/**
 * "Used By" of an image: the services and running tasks that use it, and the task definitions by which they do, to go
 * to one of them. With `ImageUsedByAnswers` it goes nowhere. A task definition that nothing uses is not looked at.
 */
export async function showUsersOfImage(services: Services, argument?: unknown): Promise<UsedByResult> {
  const answers = readArguments<ImageUsedByAnswers>(argument);
  const { repository, image } = answers;
  if (repository !== undefined && image !== undefined) {
    const context = await readContext(services, argument);
    const { ecr } = services.sessions.get(context);
    const { repositoryUri: uri = '' } = await ecr.repository(repository);
    const stored = await findStoredImage(ecr, repository, imageIdOf(image));
    if (!stored) {
      throw noSuchImage(repository, image);
    }
    return {
      usedBy: usersOf(usesOf(await showImageUse(services, context, { name: repository, uri }), stored)),
    };
  }
  const node = await readOrPickNode(services, argument, 'image', vscode.l10n.t('Used By'));
  const { context, repositoryName: name, repositoryUri: uri, digest } = node;
  const members = node.members?.map((member) => member.digest) ?? [];
  const uses = usesOf(await showImageUse(services, context, { name, uri }), { digest, members });
  const revisions = [...new Set(uses.map(({ taskDefinition }) => taskDefinition))].sort();
  const what = `${name}:${nameOfImage(node)}`;
  const workloads = [...new Set(uses.map(({ workload }) => workload))];
  await goToUser(services, context, what, revisions, workloads);
  return { usedBy: usersOf(uses) };
}

/**
 * "Used By" of a task definition revision: its services and running tasks, to go to one of them. With
 * `RevisionAnswers` it goes nowhere.
 */
export async function showUsersOfRevision(services: Services, argument?: unknown): Promise<UsedByResult> {
  const { taskDefinition } = readArguments<RevisionAnswers>(argument);
  const { context, id } = await chooseRevision(services, argument, vscode.l10n.t('Used By'));
  const { ecs } = services.sessions.get(context);
  const title = vscode.l10n.t('Looking for what uses {0}', resourceName(id));
  const workloads = await withProgress(title, async (report, signal) => {
    const found = await ecs.taskDefinition(id, signal);
    return findWorkloadsOf(ecs, found.taskDefinition.taskDefinitionArn ?? id, signal, report);
  });
  if (taskDefinition === undefined) {
    await goToUser(services, context, resourceName(id), [], workloads);
  }
  return { usedBy: workloads.map(({ kind, arn }) => ({ kind, arn })) };
}

function usersOf(uses: readonly ImageUse[]): User[] {
  const revisions = uses.map(({ taskDefinition }): User => ({ kind: 'taskDefinition', arn: taskDefinition }));
  const workloads = uses.map(({ workload: { kind, arn } }): User => ({ kind, arn }));
  return [...new Map([...revisions, ...workloads].map((user) => [user.arn, user])).values()];
}
