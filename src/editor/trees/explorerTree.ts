import * as vscode from 'vscode';
import { contextKey, type AwsContext } from '../../aws/context';
import { messageOf } from '../../base/errors';
import { children, holdsItsRows, type ExplorerSource } from '../../explorer/children';
import { nodeId, type ExplorerNode, type ExplorerView } from '../../explorer/explorerNode';
import { reloadNode } from '../../explorer/reloadNode';
import { resolveTreeItem, treeItem } from './treeItem';

/** Key of a view's root among the branches; a node's id is never empty. */
const ROOT = '';

/** Rows that arrive within this many milliseconds are shown together. */
const BATCH_MILLISECONDS = 100;

/** The rows below one node, loaded or being loaded. */
interface LoadedBranch {
  readonly controller: AbortController;
  rows: readonly ExplorerNode[];
  /** Settles when there is something to show, or nothing more to come. */
  readonly shown: Promise<void>;
}

/** Shows one view of the explorer: keeps what was loaded by node, and shows rows as their pages arrive. */
export class ExplorerTree implements vscode.TreeDataProvider<ExplorerNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<ExplorerNode[] | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly branches = new Map<string, LoadedBranch>();
  /** Each node that is in a branch, with the key of that branch. */
  private readonly nodes = new Map<string, { readonly node: ExplorerNode; readonly branch: string }>();
  private readonly stale = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly view: ExplorerView,
    private readonly source: ExplorerSource,
    private readonly log: Pick<vscode.LogOutputChannel, 'error'>,
  ) {}

  getTreeItem(node: ExplorerNode): vscode.TreeItem {
    return treeItem(node, new Date());
  }

  resolveTreeItem(item: vscode.TreeItem, node: ExplorerNode): vscode.TreeItem {
    return resolveTreeItem(item, node);
  }

  getParent(node: ExplorerNode): ExplorerNode | undefined {
    const held = this.nodes.get(node.id);
    return held && this.find(held.branch);
  }

  async getChildren(node?: ExplorerNode): Promise<ExplorerNode[]> {
    const key = node?.id ?? ROOT;
    for (;;) {
      if (node && !this.isOpen(node.context)) {
        return [];
      }
      const branch = this.branches.get(key) ?? this.load(key, node);
      await branch.shown;
      if (!branch.controller.signal.aborted) {
        return [...branch.rows];
      }
    }
  }

  /** The node of this id, if a branch that was loaded has it. */
  find(id: string): ExplorerNode | undefined {
    return this.nodes.get(id)?.node;
  }

  /** The nodes that match, among all that were loaded. */
  findAll(matches: (node: ExplorerNode) => boolean): ExplorerNode[] {
    return [...this.nodes.values()].map(({ node }) => node).filter(matches);
  }

  /**
   * Loads anew a node's row and all below it, or the whole view. A node that came with its parent's rows is
   * loaded by loading those.
   */
  async refresh(node?: ExplorerNode): Promise<void> {
    const target = node && this.loadedWith(this.find(node.id) ?? node);
    if (!target) {
      this.forgetAll();
      this.changed.fire(undefined);
      return;
    }
    if (!holdsItsRows(target)) {
      this.forgetBelow(target.id);
      this.announce(target.id);
    }
    try {
      const { ecs } = this.source.gateways(target.context);
      const fresh = await reloadNode(target, ecs, new AbortController().signal);
      if (fresh !== target) {
        this.replace(fresh);
      }
    } catch {
      // It is gone, or cannot be read: the listing that it stands in says which.
      this.refreshListing(target.context, this.nodes.get(target.id)?.branch);
    }
  }

  /** Loads anew which rows a branch has (by default the context's top rows), and leaves alone what is below them. */
  refreshListing(
    context: AwsContext,
    id: string | undefined = this.find(nodeId(context, 'context', this.view))?.id,
  ): void {
    const key = id ?? ROOT;
    const branch = this.branches.get(key);
    if (branch) {
      branch.controller.abort();
      this.load(key, this.find(key), branch.rows);
      this.announce(key);
    }
  }

  dispose(): void {
    this.forgetAll();
    this.changed.dispose();
  }

  private load(
    key: string,
    node: ExplorerNode | undefined,
    before: readonly ExplorerNode[] = [],
  ): LoadedBranch {
    let onShown = (): void => undefined;
    const branch: LoadedBranch = {
      controller: new AbortController(),
      rows: before,
      shown: new Promise((resolve) => (onShown = resolve)),
    };
    this.branches.set(key, branch);
    const filled = this.fill(key, node, branch, onShown);
    if (!node || !holdsItsRows(node)) {
      void vscode.window.withProgress({ location: { viewId: `awsContainers.${this.view}` } }, () => filled);
    }
    return branch;
  }

  private async fill(
    key: string,
    node: ExplorerNode | undefined,
    branch: LoadedBranch,
    onShown: () => void,
  ): Promise<void> {
    const { signal } = branch.controller;
    signal.addEventListener('abort', onShown);
    let shown = false;
    try {
      for await (const rows of children(node ?? this.view, this.source, signal)) {
        if (signal.aborted) {
          return;
        }
        this.adopt(key, branch, rows);
        if (shown) {
          this.announce(key);
        } else if (rows.length > 0) {
          shown = true;
          onShown();
        }
      }
    } catch (error) {
      if (!signal.aborted) {
        this.log.error(`The rows of ${node?.id ?? this.view} could not be loaded: ${messageOf(error)}`);
      }
    } finally {
      onShown();
    }
  }

  /** Takes rows in the place of those that a branch had, and forgets what was below rows that are gone. */
  private adopt(key: string, branch: LoadedBranch, rows: readonly ExplorerNode[]): void {
    const kept = new Set(rows.map(({ id }) => id));
    for (const { id } of branch.rows) {
      if (!kept.has(id)) {
        this.forgetBelow(id);
        this.nodes.delete(id);
      }
    }
    for (const node of rows) {
      if (holdsItsRows(node) && this.find(node.id) !== node) {
        this.forgetBelow(node.id);
      }
      this.nodes.set(node.id, { node, branch: key });
    }
    branch.rows = rows;
  }

  private replace(fresh: ExplorerNode): void {
    const key = this.nodes.get(fresh.id)?.branch;
    const branch = key === undefined ? undefined : this.branches.get(key);
    if (key !== undefined && branch) {
      this.adopt(
        key,
        branch,
        branch.rows.map((node) => (node.id === fresh.id ? fresh : node)),
      );
      this.announce(key);
    }
  }

  /** The nearest node, this one or above it, whose own loading brings this node's data; undefined for the root. */
  private loadedWith(node: ExplorerNode): ExplorerNode | undefined {
    switch (node.kind) {
      case 'image':
      case 'container':
      case 'revision':
      case 'message': {
        const parent = this.getParent(node);
        return parent && this.loadedWith(parent);
      }
      default:
        return node;
    }
  }

  private forgetBelow(id: string): void {
    const branch = this.branches.get(id);
    if (branch) {
      this.branches.delete(id);
      branch.controller.abort();
      for (const node of branch.rows) {
        this.forgetBelow(node.id);
        this.nodes.delete(node.id);
      }
    }
  }

  private forgetAll(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.stale.clear();
    for (const branch of this.branches.values()) {
      branch.controller.abort();
    }
    this.branches.clear();
    this.nodes.clear();
  }

  /** Has the editor ask again for the rows of a branch, soon, together with others. */
  private announce(key: string): void {
    this.stale.add(key);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const keys = [...this.stale];
      this.stale.clear();
      const nodes = keys.flatMap((id) => this.find(id) ?? []);
      this.changed.fire(keys.includes(ROOT) ? undefined : nodes);
    }, BATCH_MILLISECONDS);
  }

  private isOpen(context: AwsContext): boolean {
    const key = contextKey(context);
    return this.source.contexts().some((open) => contextKey(open) === key);
  }
}
