import * as vscode from 'vscode';
import { contextKey, type AwsContext } from '../../aws/context';
import type { SessionPool } from '../../aws/session';
import { DisposableStore } from '../../base/disposal';
import type { ExplorerSource } from '../../explorer/children';
import { viewOf, type ExplorerNode, type ExplorerView } from '../../explorer/explorerNode';
import type { ContextStore } from '../contexts/contextStore';
import { ExplorerTree } from './explorerTree';

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
        canSelectMany: view === 'registry',
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
    dispose: () => store.dispose(),
  };
}
