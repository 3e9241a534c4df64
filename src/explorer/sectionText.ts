import { resourceName } from '../aws/arn';
import type {
  CapacityProviderNode,
  DeploymentNode,
  EventNode,
  ExplorerNode,
  NetworkEntryNode,
  SectionNode,
} from './explorerNode';
import { formatMoment } from './moment';
import { formatAge } from './quantity';
import { countOf, inWords, join, row, type Row, type Tone } from './row';

export function describeSection(node: SectionNode, now: Date): Row {
  return row({
    label: node.label,
    description: summaryOf(node, now),
    spoken: 'Group',
    tokens: ['section'],
    expandable: true,
  });
}

function summaryOf({ section, origin, rows }: SectionNode, now: Date): string | undefined {
  const entries = (entry: NetworkEntryNode['entry']): number | undefined =>
    rows.filter((row) => row.kind === 'networkEntry' && row.entry === entry).length || undefined;
  switch (section) {
    case 'capacity':
      return rows.flatMap((row) => (row.kind === 'capacityProvider' ? [row.name] : [])).join(', ');
    case 'deployments': {
      const [newest] = rows;
      return newest?.kind === 'deployment'
        ? join(rows.length > 1 && String(rows.length), inWords(newest.deployment.rolloutState))
        : undefined;
    }
    case 'events': {
      const [newest] = rows;
      return newest?.kind === 'event' && newest.at ? formatAge(newest.at, now, 'narrow') : undefined;
    }
    case 'networking':
      return join(
        countOf(entries('targetGroup'), 'target group'),
        countOf(entries('subnet'), 'subnet'),
        countOf(entries('securityGroup'), 'security group'),
      );
    case 'tasks':
      return join(origin, countOf(rows.length, 'task'));
  }
}

export function describeCapacityProvider({ name, byDefault }: CapacityProviderNode): Row {
  return row({
    label: name,
    description: byDefault
      ? join('default', `weight ${byDefault.weight}`, byDefault.base > 0 && `base ${byDefault.base}`)
      : undefined,
    spoken: 'Capacity provider',
    tokens: ['capacityProvider', 'named'],
  });
}

/** True for a deployment of another revision than the service has now. */
export function isFormer({ deployment, present }: DeploymentNode): boolean {
  return present !== undefined && deployment.taskDefinition !== present;
}

export function describeDeployment(node: DeploymentNode, now: Date): Row {
  const { deployment } = node;
  const { runningCount = 0, desiredCount = 0, pendingCount = 0, failedTasks = 0 } = deployment;
  const failed = deployment.rolloutState === 'FAILED';
  const describe = (style: 'long' | 'narrow'): string =>
    join(
      inWords(deployment.status),
      `${runningCount}/${desiredCount} running`,
      pendingCount > 0 && `${pendingCount} pending`,
      failedTasks > 0 && `${failedTasks} failed`,
      inWords(deployment.rolloutState),
      failed && deployment.rolloutStateReason,
      deployment.createdAt && formatAge(deployment.createdAt, now, style),
    );
  return row({
    label: resourceName(deployment.taskDefinition ?? ''),
    description: describe('narrow'),
    spokenDescription: describe('long'),
    spoken: 'Deployment',
    tokens: ['deployment', isFormer(node) && 'former'],
    tone: rolloutTone(deployment.rolloutState),
  });
}

function rolloutTone(state: string | undefined): Tone {
  switch (state) {
    case 'COMPLETED':
      return 'good';
    case 'IN_PROGRESS':
      return 'busy';
    case 'FAILED':
      return 'failing';
    default:
      return 'plain';
  }
}

/** What the developer guide's page "Service event messages" says of trouble. */
const TROUBLE =
  /\b(unable|failed|unhealthy|throttled|rolling back|no space|insufficient|not found|timed out|error)\b/i;
const WELL = /\b(reached a steady state|deployment completed)\b/i;

export function describeEvent({ message, count, at }: EventNode, now: Date): Row {
  // Which deployment it was takes the room of what came of it; the tooltip says both.
  const said = join(count > 1 && `×${count}`, message.replace(/^\(deployment \S+\) /, ''));
  return row({
    label: at ? formatMoment(at, now) : message,
    ...(at ? { description: said } : {}),
    spokenDescription: join(count > 1 && `${count} times`, at && message),
    spoken: 'Event',
    tokens: ['event'],
    tone: TROUBLE.test(message) ? 'failing' : WELL.test(message) ? 'good' : 'plain',
  });
}

const ENTRIES: Readonly<Record<NetworkEntryNode['entry'], string>> = {
  subnet: 'subnet',
  securityGroup: 'security group',
  publicIp: 'public IP address',
  targetGroup: 'target group',
  classicLoadBalancer: 'classic load balancer',
  serviceRegistry: 'service registry',
  serviceConnect: 'Service Connect',
  latticeTargetGroup: 'VPC Lattice target group',
};

/** What an entry is called in words. */
export function entryInWords({ entry }: Pick<NetworkEntryNode, 'entry'>): string {
  return ENTRIES[entry];
}

/** Entries that the AWS console has a page for. */
export const ENTRIES_WITH_PAGE: ReadonlySet<NetworkEntryNode['entry']> = new Set([
  'subnet',
  'securityGroup',
  'targetGroup',
]);

export function describeNetworkEntry(node: NetworkEntryNode): Row {
  const { entry, name, arn, target } = node;
  const words = entryInWords(node);
  // It has no name of its own: what it is comes first.
  const publicIp = entry === 'publicIp';
  return row({
    label: publicIp ? 'Public IP address' : name,
    description: publicIp ? name : join(words, target),
    spoken: publicIp ? 'Setting' : 'Network',
    tokens: [
      'networkEntry',
      !publicIp && 'named',
      arn !== undefined && 'arn',
      ENTRIES_WITH_PAGE.has(entry) && 'page',
      entry === 'targetGroup' && 'targets',
    ],
    expandable: entry === 'targetGroup',
  });
}

/** The rows of a section among other rows in its place. */
export function unfolded(rows: readonly ExplorerNode[]): readonly ExplorerNode[] {
  return rows.flatMap((row) => (row.kind === 'section' && row.section === 'tasks' ? row.rows : [row]));
}
