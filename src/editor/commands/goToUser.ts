import * as vscode from 'vscode';
import { resourceName } from '../../aws/arn';
import type { AwsContext } from '../../aws/context';
import { UserError } from '../../base/errors';
import { familyOf } from '../../deploy/revisionUse';
import type { ServiceWorkload, TaskWorkload, Workload } from '../../deploy/workloads';
import { nodeId } from '../../explorer/explorerNode';
import { taskGroupId } from '../../explorer/standaloneTasks';
import type { Services } from '../services';
import { pick, type Choice } from '../ui/prompts';
import { whereItIsLooked } from './lookForImageUse';

/** Goes to a row, or to what stands for it where there is none. */
type Journey = () => Thenable<unknown>;

/**
 * Lets the user choose one of the task definitions, services and tasks that use something, and goes to its row.
 * @throws UserError('cancelled') when dismissed
 */
export async function goToUser(
  services: Services,
  context: AwsContext,
  what: string,
  revisions: readonly string[],
  workloads: readonly Workload[],
): Promise<void> {
  if (workloads.length === 0) {
    void vscode.window.showInformationMessage(
      `${vscode.l10n.t('Nothing uses {0}.', what)} ${whereItIsLooked(context)}`,
    );
    return;
  }
  const rows = [
    ...section(
      vscode.l10n.t('Task Definitions'),
      revisions.map((arn) => revisionRow(services, context, arn)),
    ),
    ...section(
      vscode.l10n.t('Services'),
      workloads.flatMap((each) => (each.kind === 'service' ? [serviceRow(services, context, each)] : [])),
    ),
    ...section(
      vscode.l10n.t('Running Tasks'),
      workloads.flatMap((each) => (each.kind === 'task' ? [taskRow(services, context, each)] : [])),
    ),
  ];
  const placeholder = vscode.l10n.t('Go to');
  const go = await pick(rows, { title: vscode.l10n.t('{0} Is Used By', what), placeholder });
  await go();
}

function section(label: string, rows: readonly Choice<Journey>[]): readonly Choice<Journey>[] {
  const kind = vscode.QuickPickItemKind.Separator;
  return rows.length === 0 ? [] : [{ label, kind, value: () => Promise.resolve() }, ...rows];
}

function revisionRow({ trees }: Services, context: AwsContext, arn: string): Choice<Journey> {
  const ids = [nodeId(context, 'family', familyOf(arn)), nodeId(context, 'revision', arn)];
  return {
    label: resourceName(arn),
    iconPath: new vscode.ThemeIcon('git-commit'),
    // An inactive revision may have no row.
    value: () =>
      firstFound([() => trees.goTo('taskDefinitions', context, ids), () => openDefinition(context, arn)]),
  };
}

function serviceRow(
  { trees }: Services,
  context: AwsContext,
  { cluster, clusterArn, arn, name }: ServiceWorkload,
): Choice<Journey> {
  const ids = [nodeId(context, 'cluster', clusterArn), nodeId(context, 'service', arn)];
  return {
    label: name,
    description: cluster,
    iconPath: new vscode.ThemeIcon('server-process'),
    value: () => trees.goTo('clusters', context, ids),
  };
}

function taskRow(
  { trees }: Services,
  context: AwsContext,
  { cluster, clusterArn, arn, service, serviceArn, taskDefinitions, task }: TaskWorkload,
): Choice<Journey> {
  const row = nodeId(context, 'task', arn);
  const above = [
    nodeId(context, 'cluster', clusterArn),
    serviceArn === undefined
      ? nodeId(context, 'taskGroup', clusterArn)
      : nodeId(context, 'service', serviceArn),
  ];
  const goTo =
    (...below: readonly string[]): Journey =>
    () =>
      trees.goTo('clusters', context, [...above, ...below]);
  const place = service === undefined ? cluster : `${cluster}/${service}`;
  // Tasks without a service stand in groups where they are of several; one that has ended stands nowhere.
  const grouped = serviceArn === undefined ? [goTo(taskGroupId(context, clusterArn, task), row)] : [];
  return {
    label: resourceName(arn).slice(0, 8),
    description: [place, ...taskDefinitions.map(resourceName)].join(' · '),
    iconPath: new vscode.ThemeIcon('play-circle'),
    value: () => firstFound([goTo(row), ...grouped, goTo()]),
  };
}

function openDefinition(context: AwsContext, taskDefinition: string): Thenable<unknown> {
  return vscode.commands.executeCommand('awsContainers.taskDefinition.open', { taskDefinition, context });
}

/** Makes the first of some journeys that finds where it goes. */
async function firstFound([journey, ...others]: readonly Journey[]): Promise<unknown> {
  try {
    return await journey?.();
  } catch (error) {
    if (others.length > 0 && error instanceof UserError && error.reason === 'notFound') {
      return firstFound(others);
    }
    throw error;
  }
}
