import type { AwsContext } from '../aws/context';
import type { EcrGateway } from '../aws/ecrGateway';
import type { EcsGateway } from '../aws/ecsGateway';
import type { LoadBalancersGateway } from '../aws/loadBalancersGateway';
import { isCancellation, UserError } from '../base/errors';
import type { RowStream } from './accumulate';
import {
  containersOf,
  listClusters,
  listServices,
  listServiceTasks,
  listStandaloneTasks,
  listStoppedTasks,
} from './clustersBranch';
import { contextNode, type ContextNode, type ExplorerNode, type ExplorerView } from './explorerNode';
import type { IndexMember } from './imageIndex';
import { emptyMessage, failureMessage } from './messages';
import { listImages, listRepositories } from './registryBranch';
import { listRoles } from './roles';
import { withSections } from './withSections';
import type { StoppedTaskMemory } from './stoppedTaskMemory';
import { isStopped } from './taskOutcome';
import { listTargets } from './listTargets';
import { listFamilies, listInactiveRevisions, listRevisions } from './taskDefinitionsBranch';

/** Where rows come from: the open contexts, and the gateways of each. */
export interface ExplorerSource {
  contexts(): readonly AwsContext[];
  gateways(context: AwsContext): {
    readonly ecr: EcrGateway;
    readonly ecs: EcsGateway;
    readonly loadBalancers?: LoadBalancersGateway;
  };
  /** Keeps how tasks ended that were shown; without it, ECS alone does. */
  readonly stoppedTasks?: StoppedTaskMemory;
  /** Images of indexes that were read, by the index's digest: a digest always stands for the same bytes. */
  readonly knownIndexes?: Map<string, readonly IndexMember[]>;
}

/** What has rows below it: a node, or a view's root. */
export type Branch = ExplorerNode | ExplorerView;

/**
 * The rows of a branch as they become known. Each value is the whole branch so far and replaces the one
 * before; the last one is complete. A listing that fails keeps what came, and a message row says why.
 * At the root, one open context is shown as its content, and several as a row each.
 *
 * @throws only when the signal is aborted
 */
export async function* children(branch: Branch, source: ExplorerSource, signal: AbortSignal): RowStream {
  const parent = parentOf(branch, source);
  yield* Array.isArray(parent)
    ? rootsOf(parent)
    : sectioned(
        parent,
        withFailures(parent, remembering(parent, source, rowsOf(parent, source, signal)), signal),
      );
}

/**
 * The same for who has rows already and wants all or nothing.
 * @throws UserError why the listing ended before its end
 */
export async function* completeChildren(
  branch: Branch,
  source: ExplorerSource,
  signal: AbortSignal,
): RowStream {
  const parent = parentOf(branch, source);
  yield* Array.isArray(parent)
    ? rootsOf(parent)
    : sectioned(parent, remembering(parent, source, rowsOf(parent, source, signal)));
}

/** Keeps how the tasks among the rows ended. */
async function* remembering(
  { context }: ExplorerNode,
  { stoppedTasks }: ExplorerSource,
  rows: RowStream,
): RowStream {
  for await (const some of rows) {
    const ended = some.flatMap((node) =>
      node.kind === 'task' && isStopped(node.task) && !node.remembered ? [node.task] : [],
    );
    if (ended.length > 0) {
      stoppedTasks?.remember(context, ended);
    }
    yield some;
  }
}

async function* sectioned(parent: ExplorerNode, rows: RowStream): RowStream {
  for await (const some of rows) {
    yield withSections(parent, some);
  }
}

/** What rows are below: the branch itself, or at the root the only open context, or a list of contexts. */
function parentOf(branch: Branch, source: ExplorerSource): ExplorerNode | ContextNode[] {
  if (typeof branch !== 'string') {
    return branch;
  }
  const roots = source.contexts().map((context) => contextNode(context, branch));
  return roots.length === 1 && roots[0] ? roots[0] : roots;
}

async function* rootsOf(roots: readonly ContextNode[]): RowStream {
  yield await Promise.resolve(roots);
}

async function* rowsOf(node: ExplorerNode, source: ExplorerSource, signal: AbortSignal): RowStream {
  const { ecr, ecs, loadBalancers } = source.gateways(node.context);
  switch (node.kind) {
    case 'context':
      yield* rowsOfContext(node, ecr, ecs, signal);
      break;
    case 'repository':
      yield* listImages(node, ecr, signal, source.knownIndexes);
      break;
    case 'image':
      yield node.members ?? [];
      break;
    case 'cluster':
      yield* listServices(node, ecs, signal);
      break;
    case 'service':
      yield* listServiceTasks(node, ecs, signal);
      break;
    case 'taskGroup':
      yield* node.stoppedOf === undefined
        ? listStandaloneTasks(node, ecs, signal)
        : listStoppedTasks(node, node.stoppedOf, ecs, signal, source.stoppedTasks);
      break;
    case 'task': {
      const containers = containersOf(node);
      yield containers.length > 0 ? containers : [emptyMessage(node, 'No containers yet')];
      break;
    }
    case 'section':
      yield node.rows;
      break;
    case 'roles':
      yield* listRoles(node, ecs, signal);
      break;
    case 'networkEntry':
      yield* node.entry === 'targetGroup' && loadBalancers
        ? listTargets(node, loadBalancers, signal)
        : none();
      break;
    case 'family':
      yield* listRevisions(node, ecs, signal);
      break;
    case 'inactiveRevisions':
      yield* listInactiveRevisions(node, ecs, signal);
      break;
    case 'container':
    case 'capacityProvider':
    case 'deployment':
    case 'event':
    case 'target':
    case 'role':
    case 'revision':
    case 'message':
      yield [];
      break;
  }
}

async function* none(): RowStream {
  yield await Promise.resolve([]);
}

function rowsOfContext(node: ContextNode, ecr: EcrGateway, ecs: EcsGateway, signal: AbortSignal): RowStream {
  switch (node.view) {
    case 'registry':
      return listRepositories(node, ecr, signal);
    case 'clusters':
      return listClusters(node, ecs, signal);
    case 'taskDefinitions':
      return listFamilies(node, ecs, signal);
  }
}

async function* withFailures(node: ExplorerNode, rows: RowStream, signal: AbortSignal): RowStream {
  let last: readonly ExplorerNode[] = [];
  try {
    for await (last of rows) {
      yield last;
    }
  } catch (error) {
    if (signal.aborted || isCancellation(error)) {
      throw error;
    }
    // Said once: on the context's own row, in the place of whatever was below it.
    if (error instanceof UserError && error.action === 'signIn') {
      yield node.kind === 'context' ? [failureMessage(node, error)] : last;
      return;
    }
    yield [...last, failureMessage(node, error)];
  }
}
