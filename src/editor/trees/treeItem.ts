import type { Deployment } from '@aws-sdk/client-ecs';
import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import type { ExplorerNode, NetworkEntryNode, SectionNode } from '../../explorer/explorerNode';
import type { Tone } from '../../explorer/row';
import { describeNode } from '../../explorer/rowText';
import { isFormer } from '../../explorer/sectionText';
import { isStopped, taskFailed } from '../../explorer/taskOutcome';
import { isSandbox } from '../contexts/contextStore';

/** Theme colours, which each theme keeps readable on its own background. */
const COLOURS: Readonly<Record<Tone, string | undefined>> = {
  plain: undefined,
  good: 'testing.iconPassed',
  busy: 'charts.yellow',
  failing: 'testing.iconFailed',
  idle: 'disabledForeground',
};

/** @param now what ages are counted to */
export function treeItem(node: ExplorerNode, now: Date): vscode.TreeItem {
  const row = describeNode(node, now);
  const item = new vscode.TreeItem(
    row.label,
    row.expandable ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
  );
  item.id = node.id;
  item.description = row.description;
  item.contextValue = row.contextValue;
  item.accessibilityInformation = { label: row.accessibleLabel };
  const chosen = node.kind === 'context' ? node.context.colour : undefined;
  const colour = chosen ? `charts.${chosen}` : COLOURS[row.tone];
  item.iconPath = new vscode.ThemeIcon(iconOf(node), colour ? new vscode.ThemeColor(colour) : undefined);
  if (node.kind === 'message' && node.action) {
    item.command = {
      title: vscode.l10n.t('What to Do'),
      command: 'awsContainers.message.act',
      arguments: [node],
    };
  }
  if (node.kind === 'deployment') {
    item.command = {
      title: vscode.l10n.t('Compare'),
      command: isFormer(node) ? 'awsContainers.deployment.compare' : 'awsContainers.taskDefinition.open',
      arguments: [node],
    };
  }
  if (node.kind === 'revision') {
    item.command = {
      title: vscode.l10n.t('Open Task Definition'),
      command: 'awsContainers.taskDefinition.open',
      arguments: [node],
    };
  }
  return item;
}

function iconOfContext(context: AwsContext): string {
  switch (context.guard) {
    case 'readOnly':
      return 'lock';
    case 'protected':
      return 'shield';
    case undefined:
      return isSandbox(context) ? 'beaker' : 'account';
  }
}

const SECTION_ICONS: Readonly<Record<SectionNode['section'], string>> = {
  capacity: 'dashboard',
  deployments: 'rocket',
  events: 'history',
  networking: 'circuit-board',
  tasks: 'list-unordered',
};

const NETWORK_ICONS: Readonly<Record<NetworkEntryNode['entry'], string>> = {
  subnet: 'type-hierarchy-sub',
  securityGroup: 'shield',
  publicIp: 'globe',
  targetGroup: 'target',
  classicLoadBalancer: 'target',
  latticeTargetGroup: 'target',
  serviceRegistry: 'references',
  serviceConnect: 'plug',
};

function iconOfRollout(state: Deployment['rolloutState']): string {
  switch (state) {
    case 'COMPLETED':
      return 'pass';
    case 'IN_PROGRESS':
      return 'sync';
    case 'FAILED':
      return 'error';
    default:
      return 'rocket';
  }
}

function iconOfEvent(tone: Tone): string {
  return tone === 'failing' ? 'warning' : tone === 'good' ? 'pass' : 'circle-small';
}

export function iconOf(node: ExplorerNode): string {
  switch (node.kind) {
    case 'context':
      return iconOfContext(node.context);
    case 'repository':
      return 'repo';
    case 'image':
      return node.members ? 'layers' : 'package';
    case 'cluster':
      return 'server';
    case 'service':
      return 'server-process';
    case 'taskGroup':
      return 'list-unordered';
    case 'task':
      return taskFailed(node.task) ? 'error' : isStopped(node.task) ? 'circle-slash' : 'play-circle';
    case 'container':
      return 'vm';
    case 'section':
      return SECTION_ICONS[node.section];
    case 'capacityProvider':
      return 'chip';
    case 'deployment':
      return iconOfRollout(node.deployment.rolloutState);
    case 'event':
      return iconOfEvent(describeNode(node, new Date(0)).tone);
    case 'networkEntry':
      return NETWORK_ICONS[node.entry];
    case 'target':
      return 'circle-filled';
    case 'roles':
      return 'key';
    case 'role':
      return 'person';
    case 'family':
      return 'notebook';
    case 'revision':
      return 'git-commit';
    case 'inactiveRevisions':
      return 'archive';
    case 'message':
      return node.severity;
  }
}
