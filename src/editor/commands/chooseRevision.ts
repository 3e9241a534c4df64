import * as vscode from 'vscode';
import { resourceName } from '../../aws/arn';
import type { AwsContext } from '../../aws/context';
import { collect } from '../../aws/page';
import { UserError } from '../../base/errors';
import { familyOf, revisionOf } from '../../deploy/revisionUse';
import type { DeploymentNode, ServiceNode, TaskNode } from '../../explorer/explorerNode';
import type { WithContext } from '../contexts/contextOfAnswers';
import { parseRevisionUri } from '../revisions/revisionUri';
import type { Services } from '../services';
import { pick, type Choice } from '../ui/prompts';
import { readArguments, readNode } from './commandArguments';
import { readOrPickNode } from './pickNode';
import { readContext } from './readContext';

export interface RevisionAnswers extends WithContext {
  /** `family` for its newest active revision, `family:revision`, or an ARN. */
  readonly taskDefinition?: string;
}

export interface ChosenRevision {
  readonly context: AwsContext;
  /** As `RevisionAnswers.taskDefinition`. */
  readonly id: string;
}

/**
 * The revision that a command was called on: itself, its file, or what a service, deployment or task of the tree runs,
 * or what its answers name, else one that the user picks.
 */
export async function chooseRevision(
  services: Services,
  argument: unknown,
  title: string,
): Promise<ChosenRevision> {
  const { taskDefinition } = readArguments<RevisionAnswers>(argument);
  if (taskDefinition !== undefined) {
    return { context: await readContext(services, argument), id: taskDefinition };
  }
  const file = argument instanceof vscode.Uri ? parseRevisionUri(argument) : undefined;
  if (file) {
    return { context: await readContext(services, argument), id: file.name };
  }
  const node = readNode(argument, 'service', 'deployment', 'task');
  const id = node && runBy(node);
  if (node && id !== undefined) {
    return { context: node.context, id };
  }
  const { context, arn } = await readOrPickNode(services, argument, 'revision', title);
  return { context, id: arn };
}

function runBy(node: ServiceNode | DeploymentNode | TaskNode): string | undefined {
  switch (node.kind) {
    case 'service':
      return node.service.taskDefinition;
    case 'deployment':
      return node.deployment.taskDefinition;
    case 'task':
      return node.task.taskDefinitionArn;
  }
}

/**
 * Lets the user pick another active revision of the same family, newest first; Enter takes the one before.
 * @param id of a revision, with its number
 * @returns an ARN
 * @throws UserError('notFound') when there is no other
 */
export async function pickOtherRevision(
  services: Services,
  { context, id }: ChosenRevision,
  title: string,
): Promise<string> {
  const { ecs } = services.sessions.get(context);
  const others = (await collect(ecs.revisions(familyOf(id), 'ACTIVE'))).filter(
    (arn) => resourceName(arn) !== resourceName(id),
  );
  if (others.length === 0) {
    throw new UserError(
      'notFound',
      vscode.l10n.t('There is no other active revision to compare with: {0}', resourceName(id)),
    );
  }
  const before = others.find((arn) => revisionOf(arn) < revisionOf(id));
  const choices = others.map((arn): Choice<string> => ({
    label: resourceName(arn),
    ...(arn === before ? { description: vscode.l10n.t('the one before') } : {}),
    iconPath: new vscode.ThemeIcon('git-commit'),
    value: arn,
  }));
  return pick(choices, { title, active: (value) => value === before });
}
