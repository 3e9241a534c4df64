import type * as vscode from 'vscode';
import type { ExplorerNode } from '../../explorer/explorerNode';
import type { ExplorerTree } from './explorerTree';

/** One of the views of the sidebar: what it shows, and how much of it is open. */
export interface View {
  readonly tree: ExplorerTree;
  readonly treeView: vscode.TreeView<ExplorerNode>;
  /** Ids of nodes whose rows are folded away. */
  readonly closed: Set<string>;
}
