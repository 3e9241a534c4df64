import * as vscode from 'vscode';
import { contextKey, type AwsContext } from '../../aws/context';
import type { SessionPool } from '../../aws/session';
import { poll } from '../../base/delay';
import { DisposableStore } from '../../base/disposal';
import { UserError } from '../../base/errors';
import type { ExplorerSource } from '../../explorer/children';
import { nodeId, viewOf, type ExplorerNode, type ExplorerView } from '../../explorer/explorerNode';
import type { ContextStore } from '../contexts/contextStore';
import { ExplorerTree } from './explorerTree';

/** A listing of thousands of repositories takes some seconds. */
const LISTING_MILLISECONDS = 30_000;

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
   * Opens the ECR view and selects a repository of an open context, once the listing has come to it.
   * @throws UserError('notFound') when that takes too long
   */
  revealRepository(context: AwsContext, name: string): Promise<void>;
}

export interface TreesDependencies {
  readonly contexts: ContextStore;
  readonly sessions: SessionPool;
  readonly log: vscode.LogOutputChannel;
}

export function registerTrees({ contexts, sessions, log }: TreesDependencies): Trees {
  const store = new DisposableStore();
  const source: ExplorerSource = {
    contexts: () => contexts.all(),
    gateways: (context) => sessions.get(context),
  };
  const create = (view: ExplorerView): { tree: ExplorerTree; treeView: vscode.TreeView<ExplorerNode> } => {
    const tree = store.add(new ExplorerTree(view, source, log));
    const treeView = store.add(
      vscode.window.createTreeView(`awsContainers.${view}`, {
        treeDataProvider: tree,
        showCollapseAll: true,
        canSelectMany: view !== 'clusters',
      }),
    );
    return { tree, treeView };
  };
  const views = {
    registry: create('registry'),
    clusters: create('clusters'),
    taskDefinitions: create('taskDefinitions'),
  };
  const holding = (id: string): (typeof views)[ExplorerView] | undefined =>
    Object.values(views).find(({ tree }) => tree.find(id));
  const refreshAll = async (): Promise<void> => {
    await Promise.all(Object.values(views).map(({ tree }) => tree.refresh()));
  };
  store.add(contexts.onDidChange(() => void refreshAll()));

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
      await tree?.refresh(tree.find(id));
    },
    async refreshMatching(context, matches) {
      const key = contextKey(context);
      const own = (node: ExplorerNode): boolean => contextKey(node.context) === key && matches(node);
      await Promise.all(
        Object.values(views).flatMap(({ tree }) => tree.findAll(own).map((node) => tree.refresh(node))),
      );
    },
    refreshListing: (view, context) => views[view].tree.refreshListing(context),
    async reveal(node) {
      const found = holding(node.id);
      const shown = found?.tree.find(node.id);
      if (found && shown) {
        await found.treeView.reveal(shown, { select: true, focus: false, expand: true });
      }
    },
    async revealRepository(context, name) {
      await vscode.commands.executeCommand('awsContainers.registry.focus');
      const { tree, treeView } = views.registry;
      const id = nodeId(context, 'repository', name);
      const listed = async (): Promise<ExplorerNode | undefined> => {
        const roots = await tree.getChildren();
        const parent = roots.find(({ id: root }) => root === nodeId(context, 'context', 'registry'));
        await (parent && tree.getChildren(parent));
        return tree.find(id);
      };
      const signal = AbortSignal.timeout(LISTING_MILLISECONDS);
      const node = await poll(listed, { interval: 200, signal }).catch(() => undefined);
      if (!node) {
        throw new UserError(
          'notFound',
          vscode.l10n.t('The repository is not among those that the ECR view shows. Refresh it: {0}', name),
        );
      }
      await treeView.reveal(node, { select: true, focus: true, expand: true });
    },
    dispose: () => store.dispose(),
  };
}
