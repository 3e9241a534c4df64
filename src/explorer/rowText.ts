import { resourceName } from '../aws/arn';
import { describeCounts } from '../ecr/severity';
import type {
  ClusterNode,
  ContainerNode,
  ExplorerNode,
  ImageNode,
  MessageNode,
  RowAction,
  ServiceNode,
  TaskNode,
} from './explorerNode';
import { isIndex } from './imageIndex';
import { publishedPorts } from './publishedPorts';
import { formatAge, formatSize } from './quantity';
import { countOf, inWords, join, row, type Row, type Tone } from './row';
import { describeRole } from './roles';
import {
  describeCapacityProvider,
  describeDeployment,
  describeEvent,
  describeNetworkEntry,
  describeSection,
} from './sectionText';
import { isDraining, isFailing, primaryDeployment } from './serviceState';
import { describeTarget } from './targets';
import { containerFailed, isSimulated, isStopped, scheduleOf, taskFailed } from './taskOutcome';

/** @param now what ages are counted to */
export function describeNode(node: ExplorerNode, now: Date): Row {
  switch (node.kind) {
    case 'context':
      return row({
        label: node.context.label,
        description: join(node.context.region, GUARDS[node.context.guard ?? 'none']),
        spoken: 'Context',
        tokens: ['context'],
        expandable: true,
      });
    case 'repository':
      return row({
        label: node.name,
        spoken: 'Repository',
        tokens: ['repository'],
        expandable: true,
      });
    case 'image':
      return describeImage(node, now);
    case 'cluster':
      return describeCluster(node);
    case 'service':
      return describeService(node);
    case 'taskGroup':
      return row({
        label: node.stoppedOf === undefined ? 'Tasks without a service' : 'Stopped tasks',
        spoken: 'Group',
        tokens: ['taskGroup', node.stoppedOf !== undefined && 'remembering'],
        expandable: true,
      });
    case 'task':
      return describeTask(node, now);
    case 'container':
      return describeContainer(node);
    case 'section':
      return describeSection(node, now);
    case 'capacityProvider':
      return describeCapacityProvider(node);
    case 'deployment':
      return describeDeployment(node, now);
    case 'event':
      return describeEvent(node, now);
    case 'networkEntry':
      return describeNetworkEntry(node);
    case 'target':
      return describeTarget(node);
    case 'roles':
      return row({ label: 'Roles', spoken: 'Group', tokens: ['roles'], expandable: true });
    case 'role':
      return describeRole(node);
    case 'family':
      return row({ label: node.family, spoken: 'Family', tokens: ['family'], expandable: true });
    case 'revision':
      return row({
        label: `${node.family}:${node.revision}`,
        description: join(node.latest && 'latest'),
        spoken: node.inactive ? 'Inactive revision' : 'Revision',
        tokens: ['revision', node.inactive ? 'inactive' : 'active'],
        ...(node.inactive ? { tone: 'idle' as const } : {}),
      });
    case 'inactiveRevisions':
      return row({
        label: 'Inactive',
        spoken: 'Group',
        tokens: ['inactiveRevisions'],
        expandable: true,
      });
    case 'message':
      return describeMessage(node);
  }
}

function describeImage(node: ImageNode, now: Date): Row {
  const { image, tags, platform, members } = node;
  const index = isIndex(image);
  const untagged = platform ?? `‹untagged› ${shortDigest(node.digest)}`;
  const size = sizeOf(node);
  return row({
    label: tags.length > 0 ? tags.join(', ') : untagged,
    description: join(
      platform !== undefined && (tags.length > 0 ? platform : shortDigest(node.digest)),
      index && 'multi-platform',
      worstOf(node),
      size !== undefined && size > 0 && formatSize(size),
      image.imagePushedAt && formatAge(image.imagePushedAt, now),
    ),
    spoken: 'Image',
    tokens: [
      'image',
      tags.length > 0 ? 'tagged' : 'untagged',
      tags.length > 1 && 'severalTags',
      index && 'index',
      platform !== undefined && 'member',
    ],
    tone: toneOfImage(node),
    expandable: (members?.length ?? 0) > 0,
  });
}

/** "2 critical, 5 high": of what its scan has found, as far as the listing says, the two worst severities. */
function worstOf({ image }: ImageNode): string {
  return describeCounts(image.imageScanFindingsSummary?.findingSeverityCounts ?? {})
    .slice(0, 2)
    .join(', ');
}

function toneOfImage({ image, tags, platform }: ImageNode): Tone {
  const { CRITICAL = 0, HIGH = 0 } = image.imageScanFindingsSummary?.findingSeverityCounts ?? {};
  if (CRITICAL > 0) {
    return 'failing';
  }
  if (HIGH > 0) {
    return 'busy';
  }
  return tags.length > 0 || platform !== undefined ? 'plain' : 'idle';
}

/** Bytes of an image; of an index those of its images, since its own are the few of a list. */
export function sizeOf({ image, members }: ImageNode): number | undefined {
  return members
    ? members.reduce((sum, member) => sum + (member.image.imageSizeInBytes ?? 0), 0)
    : image.imageSizeInBytes;
}

/** Enough of a digest to tell images apart, as engines show it. */
export function shortDigest(digest: string): string {
  const [algorithm = '', hash = ''] = digest.split(':');
  return `${algorithm}:${hash.slice(0, 12)}`;
}

function describeCluster({ name, cluster }: ClusterNode): Row {
  const active = cluster.status === undefined || cluster.status === 'ACTIVE';
  return row({
    label: name,
    description: join(
      !active && inWords(cluster.status),
      countOf(cluster.activeServicesCount, 'service'),
      countOf(cluster.runningTasksCount, 'running task'),
    ),
    spoken: 'Cluster',
    tokens: ['cluster'],
    tone: active ? 'plain' : 'idle',
    expandable: true,
  });
}

function describeService(node: ServiceNode): Row {
  const { service } = node;
  const rollout = primaryDeployment(service)?.rolloutState;
  const failing = isFailing(service);
  const draining = isDraining(service);
  const deploying = rollout === 'IN_PROGRESS';
  const { runningCount = 0, desiredCount = 0, pendingCount = 0 } = service;
  const settled: Tone = desiredCount === 0 ? 'idle' : 'good';
  return row({
    label: node.name,
    description: join(
      `${runningCount}/${desiredCount} running`,
      pendingCount > 0 && `${pendingCount} pending`,
      service.schedulingStrategy === 'DAEMON' && 'daemon',
      draining && inWords(service.status),
      deploying && 'rollout in progress',
      rollout === 'FAILED' && 'rollout failed',
      failing && rollout !== 'FAILED' && 'tasks are failing',
    ),
    spoken: 'Service',
    tokens: ['service', failing && 'failing', deploying && 'deploying', draining && 'draining'],
    tone: failing ? 'failing' : deploying || draining || runningCount !== desiredCount ? 'busy' : settled,
    expandable: true,
  });
}

function describeTask(node: TaskNode, now: Date): Row {
  const { task } = node;
  const stopped = isStopped(task);
  const failed = taskFailed(task);
  const since = stopped ? task.stoppedAt : (task.startedAt ?? task.createdAt);
  const [family = '', revision = ''] = resourceName(task.taskDefinitionArn ?? '').split(':');
  // The sidebar has room for some 30 characters: those that tell tasks apart come first.
  const describe = (definition: string, style: 'long' | 'narrow'): string =>
    join(
      node.remembered && 'from memory',
      isSimulated(task) && 'simulated',
      inWords(task.lastStatus),
      healthInWords(task.healthStatus),
      definition,
      scheduleOf(task) !== undefined && 'scheduled',
      stopped && task.stoppedReason,
      since && formatAge(since, now, style),
    );
  return row({
    label: resourceName(node.arn).slice(0, 8),
    // The family of a service's tasks is mostly the service's own; the tooltip says it.
    description: describe(
      node.serviceName === undefined ? `${family}:${revision}` : `rev. ${revision}`,
      'narrow',
    ),
    spokenDescription: describe(`${family}, revision ${revision}`, 'long'),
    spoken: 'Task',
    tokens: [
      'task',
      stopped ? 'stopped' : 'running',
      failed && 'failing',
      publishedPorts(task.containers).length > 0 && 'reachable',
      node.remembered === true && 'remembered',
    ],
    tone: runTone(task.lastStatus, task.healthStatus, failed),
    expandable: true,
  });
}

function describeContainer({ name, container, task }: ContainerNode): Row {
  const stopped = container.lastStatus === 'STOPPED';
  const failed =
    stopped && containerFailed(container) && (isStopped(task.task) ? taskFailed(task.task) : true);
  return row({
    label: name,
    description: join(
      isSimulated(task.task) && 'simulated',
      inWords(container.lastStatus),
      healthInWords(container.healthStatus),
      container.exitCode !== undefined && `exit code ${container.exitCode}`,
      container.reason,
    ),
    spoken: 'Container',
    tokens: [
      'container',
      stopped ? 'stopped' : 'running',
      failed && 'failing',
      publishedPorts([container]).length > 0 && 'reachable',
    ],
    tone: runTone(container.lastStatus, container.healthStatus, failed),
  });
}

function runTone(status: string | undefined, health: string | undefined, failed: boolean): Tone {
  if (failed || health === 'UNHEALTHY') {
    return 'failing';
  }
  switch (status) {
    case 'RUNNING':
      return 'good';
    case 'STOPPED':
      return 'idle';
    default:
      return 'busy';
  }
}

const GUARDS = { none: undefined, readOnly: 'read-only', protected: 'protected' } as const;

/** What a click on a message row does. */
const HINTS: Readonly<Record<RowAction, string>> = {
  openLog: 'click for the log',
  selectContext: 'click to select another profile',
  signIn: 'click to sign in',
  customizeContext: 'click to change that',
  openAwsConfig: 'click to open the AWS config file',
  startSandbox: 'click to start the local sandbox',
  selectEngine: 'click for the engine settings',
  createRepository: 'click to create one',
  chooseTag: 'click to choose another tag',
  retry: 'click to retry',
  showMore: 'click to show them',
  clearFilter: 'click to clear the filter',
};

function describeMessage(node: MessageNode): Row {
  const spoken = { info: 'Note', warning: 'Warning', error: 'Error' }[node.severity];
  const tone = { info: 'plain', warning: 'busy', error: 'failing' } as const;
  return row({
    label: node.text,
    description: join(node.note, node.action && HINTS[node.action]),
    spoken,
    tokens: ['message', node.action !== undefined && 'actionable', node.action === 'retry' && 'retry'],
    tone: tone[node.severity],
  });
}

/** UNKNOWN is what a container without a health check says: that is no news. */
function healthInWords(health: string | undefined): string | undefined {
  return health === 'UNKNOWN' ? undefined : inWords(health);
}
