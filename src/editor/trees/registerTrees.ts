import * as vscode from 'vscode';
import { contextKey, type AwsContext } from '../../aws/context';
import type { SessionPool } from '../../aws/session';
import { poll } from '../../base/delay';
import { DisposableStore } from '../../base/disposal';
import { UserError } from '../../base/errors';
import type { ExplorerSource } from '../../explorer/children';
import {
  nodeId,
  viewOf,
  type ExplorerNode,
  type ExplorerView,
  type MessageNode,
} from '../../explorer/explorerNode';
import { usesRevision } from '../../explorer/serviceState';
import type { RowOrder } from '../../explorer/shownRows';
import type { StoppedTaskMemory } from '../../explorer/stoppedTaskMemory';
import type { ContextStore } from '../contexts/contextStore';
import { ExplorerTree, type TreeParts } from './explorerTree';
import { showFailureBadge } from './failureBadge';
import type { View } from './view';

/** The three views of the sidebar. */
export interface Trees extends vscode.Disposable {
  /** Loads anew a node with all below it, or everything. */
  refresh(node?: ExplorerNode): Promise<void>;
  refreshView(view: ExplorerView): Promise<void>;
  /** Loads anew the node of this id (see `nodeId`), where it is shown. */
  refreshId(id: string): Promise<void>;
  /** Loads anew the nodes of a context that match, where they are shown. */
  refreshMatching(context: AwsContext, matches: (node: ExplorerNode) => boolean): Promise<void>;
  /** Loads anew which repositories, clusters or families a context has, and leaves alone what is below them. */
  refreshListing(view: ExplorerView, context: AwsContext): void;
  /** Selects a node that is shown, opening what it stands in. */
  reveal(node: ExplorerNode): Promise<void>;
  /**
   * Opens a view and selects what the last of these ids names in an open context, each being below the one
   * before, once the listings have come to it.
   * @throws UserError('notFound') when they end without it
   */
  goTo(view: ExplorerView, context: AwsContext, ids: readonly string[]): Promise<ExplorerNode>;
  /** A command's argument as VS Code gave it, its nodes with what is known of them now. */
  current(argument: unknown): unknown;
  /** Shows what the message row that was clicked says is not shown. */
  uncover(message: MessageNode): Promise<void>;
  filterOf(view: ExplorerView): string;
  /** Shows only rows whose names have these words; all with an empty text. */
  setFilter(view: ExplorerView, filter: string): Promise<void>;
  orderOf(view: ExplorerView): RowOrder;
  setOrder(view: ExplorerView, order: RowOrder): Promise<void>;
}

export interface TreesDependencies {
  readonly contexts: ContextStore;
  readonly sessions: SessionPool;
  readonly log: vscode.LogOutputChannel;
  readonly stoppedTasks: StoppedTaskMemory;
  /** Remembers in which order each view shows its rows. */
  readonly memory: vscode.Memento;
}

/** In which a view draws the rows that have been loaded. */
const DRAWING_MILLISECONDS = 5000;

const orderKey = (view: ExplorerView): string => `order.${view}`;

export function registerTrees({ contexts, sessions, log, stoppedTasks, memory }: TreesDependencies): Trees {
  const store = new DisposableStore();
  const source: ExplorerSource = {
    contexts: () => contexts.all(),
    gateways: (context) => sessions.get(context),
    knownIndexes: new Map(),
    stoppedTasks,
  };
  const parts: TreeParts = {
    listing: () => import('../../explorer/listing'),
    tooltip: () => import('./rowTooltip'),
  };
  const usedBy = (node: ExplorerNode): string[] => {
    if (node.kind !== 'revision') {
      return [];
    }
    const key = contextKey(node.context);
    const users = views.clusters.tree.model.findAll(
      (other) =>
        other.kind === 'service' &&
        contextKey(other.context) === key &&
        usesRevision(other.service, node.arn),
    );
    return users.flatMap((user) => (user.kind === 'service' ? [user.name] : []));
  };
  const create = (view: ExplorerView): View => {
    const tree = store.add(new ExplorerTree(view, source, log, parts, usedBy));
    tree.setOrder(memory.get<RowOrder>(orderKey(view), 'name'));
    const treeView = store.add(
      vscode.window.createTreeView(`awsContainers.${view}`, {
        treeDataProvider: tree,
        showCollapseAll: true,
        canSelectMany: view !== 'clusters',
      }),
    );
    const closed = new Set<string>();
    store.add(treeView.onDidCollapseElement(({ element }) => closed.add(element.id)));
    store.add(treeView.onDidExpandElement(({ element }) => closed.delete(element.id)));
    return { tree, treeView, closed };
  };
  const views: Readonly<Record<ExplorerView, View>> = {
    registry: create('registry'),
    clusters: create('clusters'),
    taskDefinitions: create('taskDefinitions'),
  };
  const holding = (id: string): View | undefined =>
    Object.values(views).find(({ tree }) => tree.model.find(id));
  const refreshAll = async (): Promise<void> => {
    await Promise.all(Object.values(views).map(({ tree }) => tree.refresh()));
  };
  store.add(contexts.onDidChange(() => void refreshAll()));
  // There is nothing to keep up to date before something has been loaded.
  const starting = Object.values(views).map(({ tree }) =>
    tree.onDidLoad(() => {
      if (!tree.model.completeBranches().some(({ rows }) => rows.length > 0)) {
        return;
      }
      starting.splice(0).forEach((listener) => void listener.dispose());
      void import('./keepUpToDate').then(({ keepUpToDate }) =>
        store.add(keepUpToDate(Object.values(views), source)),
      );
    }),
  );
  store.add(views.clusters.tree.onDidLoad(() => showFailureBadge(views.clusters)));

  const current = (argument: unknown): unknown =>
    Array.isArray(argument)
      ? argument.map((each: unknown) => current(each))
      : isElement(argument)
        ? (holding(argument.id)?.tree.current(argument) ?? argument)
        : argument;
  const setFilter = async (view: ExplorerView, filter: string): Promise<void> => {
    const { tree, treeView } = views[view];
    tree.setFilter(filter);
    treeView.message = tree.filter === '' ? undefined : vscode.l10n.t('Filtered: {0}', tree.filter);
    const key = `awsContainers.${view}.filtered`;
    await vscode.commands.executeCommand('setContext', key, tree.filter !== '');
  };
  const goTo = async (
    view: ExplorerView,
    context: AwsContext,
    ids: readonly string[],
  ): Promise<ExplorerNode> => {
    const { tree, treeView } = views[view];
    await vscode.commands.executeCommand(`awsContainers.${view}.focus`);
    const roots = contexts.all().length > 1 ? [nodeId(context, 'context', view)] : [];
    let node: ExplorerNode | undefined;
    for (const id of [...roots, ...ids]) {
      node = await tree.model.seek(id, node);
      if (!node) {
        break;
      }
      if (tree.isHidden(node)) {
        await setFilter(view, '');
      }
    }
    if (!node) {
      throw new UserError(
        'notFound',
        vscode.l10n.t('It is not among the rows of the view. Refresh the view: {0}', lastName(ids)),
      );
    }
    tree.uncover(node);
    const row = tree.elementOf(node);
    const show = async (): Promise<true> => {
      await treeView.reveal(row, { select: true, focus: true, expand: true });
      return true;
    };
    // A view that was just opened may not have drawn its rows yet, and then knows no such node.
    const drawn = poll(() => show().catch(() => undefined), {
      interval: 100,
      signal: AbortSignal.timeout(DRAWING_MILLISECONDS),
    });
    await drawn.catch(show);
    return node;
  };

  return {
    async refresh(node) {
      if (!node) {
        return refreshAll();
      }
      const view = viewOf(node);
      const tree = view ? views[view].tree : holding(node.id)?.tree;
      await tree?.refresh(node);
    },
    refreshView: (view) => views[view].tree.refresh(),
    async refreshId(id) {
      const tree = holding(id)?.tree;
      await tree?.refresh(tree.model.find(id));
    },
    async refreshMatching(context, matches) {
      const key = contextKey(context);
      const own = (node: ExplorerNode): boolean => contextKey(node.context) === key && matches(node);
      await Promise.all(
        Object.values(views).flatMap(({ tree }) => tree.model.findAll(own).map((node) => tree.refresh(node))),
      );
    },
    refreshListing: (view, context) => views[view].tree.refreshListing(context),
    async reveal(node) {
      const found = holding(node.id);
      const shown = found?.tree.model.find(node.id);
      if (found && shown) {
        found.tree.uncover(shown);
        await found.treeView.reveal(found.tree.elementOf(shown), {
          select: true,
          focus: false,
          expand: true,
        });
      }
    },
    goTo,
    current,
    async uncover(message) {
      for (const [view, { tree }] of Object.entries(views) as [ExplorerView, View][]) {
        if (tree.owns(message)) {
          await (message.action === 'clearFilter' ? setFilter(view, '') : tree.showAll(message));
        }
      }
    },
    filterOf: (view) => views[view].tree.filter,
    setFilter,
    orderOf: (view) => views[view].tree.order,
    async setOrder(view, order) {
      views[view].tree.setOrder(order);
      await memory.update(orderKey(view), order);
    },
    dispose: () => store.dispose(),
  };
}

/** What the last id names, as `nodeId` wrote it. */
function lastName(ids: readonly string[]): string {
  return decodeURIComponent(ids.at(-1)?.split('/').at(-1) ?? '');
}

function isElement(argument: unknown): argument is ExplorerNode {
  return typeof argument === 'object' && argument !== null && 'id' in argument && 'kind' in argument;
}
