import { setMaxListeners } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { contextKey, type AwsContext } from '../aws/context';
import { isCancellation, UserError, type ErrorReason } from '../base/errors';
import type { ExplorerSource } from './children';
import { holdsItsRows, nodeId, type ExplorerNode, type ExplorerView } from './explorerNode';
import type * as Listing from './listing';
import { withSections } from './withSections';

/** Key of a view's root among the branches; a node's id is never empty. */
export const ROOT = '';

/** Is told what happens to a model. Branches are named by the id of the node that they are below, or `ROOT`. */
export interface TreeModelListener {
  /** Other rows than before are below a node, or others in their place. */
  branchChanged(key: string): void;
  /** The same rows as before are below a node; what they say may have changed. */
  rowsChanged(rows: readonly ExplorerNode[]): void;
  /** Rows are being loaded because somebody asked for them. */
  loading(work: Promise<void>): void;
  failed(what: string, error: unknown): void;
}

/** Loads what lists rows. */
export type LoadListing = () => Promise<typeof Listing>;

/** The rows below one node, loaded or being loaded. */
interface LoadedBranch {
  readonly controller: AbortController;
  rows: readonly ExplorerNode[];
  /** Settles when there is something to show, or nothing more to come. */
  readonly shown: Promise<void>;
  /** Settles when nothing more is to come. */
  filled: Promise<void>;
  complete: boolean;
}

/** A branch with all its rows. */
export interface CompleteBranch {
  readonly key: string;
  /** What it is below; `undefined` for the root. */
  readonly node: ExplorerNode | undefined;
  readonly rows: readonly ExplorerNode[];
}

/** What came of asking again for what is shown. */
export type ReloadOutcome =
  | { readonly kind: 'changed' | 'unchanged' | 'superseded' }
  | { readonly kind: 'failed'; readonly reason: ErrorReason };

/** What is loaded of one view: the rows of each branch that was asked for, as they arrive and change. */
export class TreeModel {
  private readonly branches = new Map<string, LoadedBranch>();
  /** Each node that is in a branch, with the key of that branch. */
  private readonly nodes = new Map<string, { readonly node: ExplorerNode; readonly branch: string }>();

  constructor(
    readonly view: ExplorerView,
    private readonly source: ExplorerSource,
    private readonly listener: TreeModelListener,
    private readonly listing: LoadListing,
  ) {}

  /** The rows below a node, or the root's, as far as they have arrived; loads them when nobody has yet. */
  async rows(node?: ExplorerNode): Promise<readonly ExplorerNode[]> {
    const key = node?.id ?? ROOT;
    for (;;) {
      if (node && !this.isOpen(node.context)) {
        return [];
      }
      const branch = this.branches.get(key) ?? this.load(key, node && (this.find(node.id) ?? node));
      await branch.shown;
      if (!branch.controller.signal.aborted) {
        return branch.rows;
      }
    }
  }

  /** The row of this id below a node, or at the root, once it has come; `undefined` when all have come without it. */
  async seek(id: string, below?: ExplorerNode): Promise<ExplorerNode | undefined> {
    await this.rows(below);
    if (!this.find(id)) {
      await this.branches.get(below?.id ?? ROOT)?.filled;
    }
    return this.find(id);
  }

  /** The node of this id as it was last read, if a branch that was loaded has it. */
  find(id: string): ExplorerNode | undefined {
    return this.nodes.get(id)?.node;
  }

  /** The nodes that match, among all that were loaded. */
  findAll(matches: (node: ExplorerNode) => boolean): ExplorerNode[] {
    return [...this.nodes.values()].map(({ node }) => node).filter(matches);
  }

  parentOf(node: ExplorerNode): ExplorerNode | undefined {
    const held = this.nodes.get(node.id);
    return held && this.find(held.branch);
  }

  /** Rows of a branch that was loaded, as far as they have arrived. */
  loadedRows(key: string): readonly ExplorerNode[] | undefined {
    return this.branches.get(key)?.rows;
  }

  /** The branches whose rows are all there. */
  completeBranches(): CompleteBranch[] {
    return [...this.branches].flatMap(([key, { rows, complete }]) =>
      complete ? [{ key, node: this.find(key), rows }] : [],
    );
  }

  /**
   * Loads anew a node's row and all below it, or the whole view. A node that came with its parent's rows is
   * loaded by loading those.
   */
  async refresh(node?: ExplorerNode): Promise<void> {
    const target = node && this.loadedWith(this.find(node.id) ?? node);
    if (!target) {
      this.clear();
      this.listener.branchChanged(ROOT);
      return;
    }
    if (!holdsItsRows(target)) {
      this.forgetBelow(target.id);
      this.listener.branchChanged(target.id);
    }
    try {
      const { reloadNode } = await this.listing();
      const { ecs } = this.source.gateways(target.context);
      const fresh = await reloadNode(target, ecs, new AbortController().signal);
      if (fresh !== target) {
        this.update([fresh]);
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
      this.listener.branchChanged(key);
    }
  }

  /**
   * Asks again for the rows of a branch while those that are there stay, and takes them once all have come.
   * When that fails, what is there stays as it is.
   */
  async reload(key: string, signal: AbortSignal): Promise<ReloadOutcome> {
    const branch = this.branches.get(key);
    if (!branch?.complete) {
      return { kind: 'superseded' };
    }
    const ended = forManyCalls(AbortSignal.any([signal, branch.controller.signal]));
    let rows: readonly ExplorerNode[] = [];
    try {
      const { completeChildren } = await this.listing();
      for await (rows of completeChildren(this.find(key) ?? this.view, this.source, ended));
    } catch (error) {
      return ended.aborted || isCancellation(error)
        ? { kind: 'superseded' }
        : { kind: 'failed', reason: error instanceof UserError ? error.reason : 'internal' };
    }
    if (ended.aborted || this.branches.get(key) !== branch) {
      return { kind: 'superseded' };
    }
    const changed = this.take(key, branch, withSections(this.find(key), rows));
    return { kind: changed ? 'changed' : 'unchanged' };
  }

  /** Takes what single rows say now. A row that has left its branch meanwhile is left out. */
  update(fresh: readonly ExplorerNode[]): boolean {
    return this.edit(fresh, (rows, byId) => rows.map((row) => byId.get(row.id) ?? row));
  }

  /** Takes rows out of their branches: what they stood for is gone. */
  remove(gone: readonly ExplorerNode[]): boolean {
    return this.edit(gone, (rows, byId) => rows.filter(({ id }) => !byId.has(id)));
  }

  clear(): void {
    for (const branch of this.branches.values()) {
      branch.controller.abort();
    }
    this.branches.clear();
    this.nodes.clear();
  }

  private edit(
    nodes: readonly ExplorerNode[],
    change: (
      rows: readonly ExplorerNode[],
      byId: ReadonlyMap<string, ExplorerNode>,
    ) => readonly ExplorerNode[],
  ): boolean {
    const byId = new Map(nodes.map((node) => [node.id, node]));
    let changed = false;
    for (const key of new Set(nodes.map(({ id }) => this.nodes.get(id)?.branch))) {
      const branch = key === undefined ? undefined : this.branches.get(key);
      if (key !== undefined && branch) {
        changed = this.take(key, branch, change(branch.rows, byId)) || changed;
      }
    }
    return changed;
  }

  /** Takes the rows of a branch, and tells of what is different; false when nothing is. */
  private take(key: string, branch: LoadedBranch, fresh: readonly ExplorerNode[]): boolean {
    const before = branch.rows;
    const rows = keepUnchanged(before, fresh);
    const sameRows = rows.length === before.length && rows.every(({ id }, index) => id === before[index]?.id);
    const changed = !sameRows || rows.some((row, index) => row !== before[index]);
    if (changed) {
      this.adopt(key, branch, rows);
    }
    if (sameRows) {
      // Ages are part of what rows say: they may have changed where nothing else has.
      this.listener.rowsChanged(rows);
    } else {
      this.listener.branchChanged(key);
    }
    return changed;
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
      filled: Promise.resolve(),
      complete: false,
    };
    this.branches.set(key, branch);
    branch.filled = this.fill(key, node, branch, onShown);
    if (!node || !holdsItsRows(node)) {
      this.listener.loading(branch.filled);
    }
    return branch;
  }

  private async fill(
    key: string,
    node: ExplorerNode | undefined,
    branch: LoadedBranch,
    onShown: () => void,
  ): Promise<void> {
    const signal = forManyCalls(branch.controller.signal);
    signal.addEventListener('abort', onShown);
    let shown = false;
    try {
      const { children } = await this.listing();
      for await (const rows of children(node ?? this.view, this.source, signal)) {
        if (signal.aborted) {
          return;
        }
        this.adopt(key, branch, withSections(this.find(key), rows));
        if (shown) {
          this.listener.branchChanged(key);
        } else if (rows.length > 0) {
          shown = true;
          onShown();
        }
      }
      branch.complete = true;
    } catch (error) {
      if (!signal.aborted) {
        this.listener.failed(node?.id ?? this.view, error);
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
    branch.rows = rows;
    for (const node of rows) {
      const before = this.find(node.id);
      if (before !== node && holdsItsRows(node)) {
        this.forgetBelow(node.id);
      }
      this.nodes.set(node.id, { node, branch: key });
      if (before && before !== node) {
        this.renewSections(node);
      }
    }
  }

  /** What a node itself says in the rows below it is what it says now. */
  private renewSections(node: ExplorerNode): void {
    const below = this.branches.get(node.id);
    if (below && below.rows.length > 0) {
      const rows = withSections(node, below.rows);
      if (rows !== below.rows) {
        this.take(node.id, below, rows);
      }
    }
  }

  /** The nearest node, this one or above it, whose own loading brings this node's data; undefined for the root. */
  private loadedWith(node: ExplorerNode): ExplorerNode | undefined {
    switch (node.kind) {
      case 'image':
      case 'container':
      case 'section':
      case 'capacityProvider':
      case 'deployment':
      case 'event':
      case 'target':
      case 'role':
      case 'revision':
      case 'message': {
        const parent = this.parentOf(node);
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

  private isOpen(context: AwsContext): boolean {
    const key = contextKey(context);
    return this.source.contexts().some((open) => contextKey(open) === key);
  }
}

/** Each call listens to the signal, and many are under way at once: that is no leak, of which Node would warn. */
function forManyCalls(signal: AbortSignal): AbortSignal {
  setMaxListeners(0, signal);
  return signal;
}

/** The new rows, those that say what they said before being the objects of before. */
function keepUnchanged(
  before: readonly ExplorerNode[],
  after: readonly ExplorerNode[],
): readonly ExplorerNode[] {
  const known = new Map(before.map((node) => [node.id, node]));
  return after.map((node) => {
    const old = known.get(node.id);
    return old !== undefined && (old === node || isDeepStrictEqual(old, node)) ? old : node;
  });
}
