import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import { messageOf } from '../../base/errors';
import type { ExplorerSource } from '../../explorer/children';
import {
  holdsItsRows,
  type ExplorerNode,
  type ExplorerView,
  type MessageNode,
} from '../../explorer/explorerNode';
import { describeNode } from '../../explorer/rowText';
import {
  branchOfMoreRow,
  filteredRow,
  filterName,
  FIRST_ROWS,
  moreRow,
  passesFilter,
  shownRows,
  type RowOrder,
  type Shown,
} from '../../explorer/shownRows';
import { ROOT, TreeModel, type LoadListing } from '../../explorer/treeModel';
import type * as RowTooltip from './rowTooltip';
import { treeItem } from './treeItem';

/** What happens within this many milliseconds is shown together. */
const BATCH_MILLISECONDS = 100;

/** For so long a tooltip waits for what takes a call to know. */
const DETAILS_MILLISECONDS = 3000;

/** A row as VS Code has it. */
interface ShownRow {
  /** The object that VS Code was given: it knows rows by it, so it stays the same while what it says changes. */
  readonly element: ExplorerNode;
  /** What the row showed when VS Code last asked. */
  text?: string;
  node?: ExplorerNode;
}

/** What a tree needs only once it is looked at. */
export interface TreeParts {
  readonly listing: LoadListing;
  readonly tooltip: () => Promise<typeof RowTooltip>;
}

/** Shows one view of the explorer: rows as they arrive, changes in place, filtered and cut for the eye. */
export class ExplorerTree implements vscode.TreeDataProvider<ExplorerNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<ExplorerNode[] | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly loaded = new vscode.EventEmitter<void>();
  /** Other rows than before are loaded, or they say something else. */
  readonly onDidLoad = this.loaded.event;
  readonly model: TreeModel;
  private readonly shown = new Map<string, ShownRow>();
  private readonly staleBranches = new Set<string>();
  private readonly staleRows = new Set<string>();
  private readonly limits = new Map<string, number>();
  private words = '';
  private rowOrder: RowOrder = 'name';
  private timer: NodeJS.Timeout | undefined;

  constructor(
    view: ExplorerView,
    private readonly source: ExplorerSource,
    private readonly log: Pick<vscode.LogOutputChannel, 'error'>,
    private readonly parts: TreeParts,
    /** Names of the services that use what a row stands for, as far as they are known. */
    private readonly usedBy: (node: ExplorerNode) => readonly string[] = () => [],
  ) {
    this.model = new TreeModel(
      view,
      source,
      {
        branchChanged: (key) => this.announce(this.staleBranches, [key]),
        rowsChanged: (rows) =>
          this.announce(
            this.staleRows,
            rows.map(({ id }) => id),
          ),
        loading: (work) => {
          void vscode.window.withProgress({ location: { viewId: `awsContainers.${view}` } }, () => work);
          void work.then(() => this.loaded.fire());
        },
        failed: (what, error) =>
          this.log.error(`The rows of ${what} could not be loaded: ${messageOf(error)}`),
      },
      parts.listing,
    );
  }

  get filter(): string {
    return this.words;
  }

  setFilter(filter: string): void {
    this.words = filter.trim();
    this.showAnew();
  }

  get order(): RowOrder {
    return this.rowOrder;
  }

  setOrder(order: RowOrder): void {
    this.rowOrder = order;
    this.showAnew();
  }

  /** Shows all of a branch of which only the first rows are shown. */
  showAll(row: MessageNode): void {
    const key = branchOfMoreRow(row);
    if (key !== undefined) {
      this.limits.set(key, Infinity);
      this.announce(this.staleBranches, [key]);
    }
  }

  getTreeItem(element: ExplorerNode): vscode.TreeItem {
    const node = this.current(element);
    const row = this.shown.get(element.id) ?? { element };
    row.text = textOf(node);
    row.node = node;
    this.shown.set(element.id, row);
    return treeItem(node, new Date());
  }

  async resolveTreeItem(
    item: vscode.TreeItem,
    element: ExplorerNode,
    token: vscode.CancellationToken,
  ): Promise<vscode.TreeItem> {
    const node = this.current(element);
    const { rowTooltip } = await this.parts.tooltip();
    const stop = new AbortController();
    const subscription = token.onCancellationRequested(() => stop.abort());
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(DETAILS_MILLISECONDS)]);
    try {
      item.tooltip = await rowTooltip(node, {
        ecr: () => this.source.gateways(node.context).ecr,
        usedBy: this.usedBy(node),
        signal,
      });
    } finally {
      subscription.dispose();
    }
    return item;
  }

  getParent(element: ExplorerNode): ExplorerNode | undefined {
    const parent = this.model.parentOf(element);
    return parent && this.elementOf(parent);
  }

  async getChildren(element?: ExplorerNode): Promise<ExplorerNode[]> {
    const key = element?.id ?? ROOT;
    await this.model.rows(element && this.current(element));
    return this.rowsToShow(key).map((node) => this.elementOf(node));
  }

  /** A node with what is known of it now; itself when it is not among what is loaded. */
  current(node: ExplorerNode): ExplorerNode {
    return this.model.find(node.id) ?? node;
  }

  /** The object by which VS Code knows a node. */
  elementOf(node: ExplorerNode): ExplorerNode {
    // What stands for rows that are not shown is made anew each time, with their number as it then is.
    const row = (standsForRows(node) ? undefined : this.shown.get(node.id)) ?? { element: node };
    this.shown.set(node.id, row);
    return row.element;
  }

  /** True when the filter leaves out a node that is loaded. */
  isHidden(node: ExplorerNode): boolean {
    const key = this.model.parentOf(node)?.id ?? ROOT;
    return !this.shownOf(key, Infinity).rows.some(({ id }) => id === node.id);
  }

  /** Has a node shown that is loaded, however long its list is. */
  uncover(node: ExplorerNode): void {
    const key = this.model.parentOf(node)?.id ?? ROOT;
    if (!this.rowsToShow(key).some(({ id }) => id === node.id)) {
      this.limits.set(key, Infinity);
      this.announce(this.staleBranches, [key]);
    }
  }

  /** True for a message row of this view that stands for rows that are not shown. */
  owns(message: MessageNode): boolean {
    return this.shown.get(message.id)?.element === message;
  }

  async refresh(node?: ExplorerNode): Promise<void> {
    if (!node) {
      this.shown.clear();
      this.limits.clear();
    }
    await this.model.refresh(node);
    if (!node) {
      this.flush();
    }
  }

  refreshListing(context: AwsContext): void {
    this.model.refreshListing(context);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.model.clear();
    this.changed.dispose();
    this.loaded.dispose();
  }

  private rowsToShow(key: string): readonly ExplorerNode[] {
    const { rows, more, filtered } = this.shownOf(key, this.limits.get(key) ?? FIRST_ROWS);
    const first = this.model.loadedRows(key)?.[0];
    return [
      ...rows,
      ...(first && more > 0 ? [moreRow(key, first, more)] : []),
      ...(first && filtered > 0 ? [filteredRow(key, first, filtered)] : []),
    ];
  }

  private shownOf(key: string, limit: number): Shown {
    return shownRows(this.model.loadedRows(key) ?? [], {
      filter: this.words,
      order: this.rowOrder,
      limit,
      below: ({ id }) => this.model.loadedRows(id),
      insideMatch: this.isInsideMatch(this.model.find(key)),
    });
  }

  private isInsideMatch(parent: ExplorerNode | undefined): boolean {
    for (let above = parent; above; above = this.model.parentOf(above)) {
      const name = filterName(above);
      if (name !== undefined && passesFilter(name, this.words)) {
        return true;
      }
    }
    return false;
  }

  private showAnew(): void {
    this.announce(this.staleBranches, [ROOT]);
  }

  /** Has the editor ask again for what has changed, soon, together with other changes. */
  private announce(stale: Set<string>, ids: readonly string[]): void {
    ids.forEach((id) => stale.add(id));
    this.timer ??= setTimeout(() => this.flush(), BATCH_MILLISECONDS);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.loaded.fire();
    const branches = [...this.staleBranches];
    const rows = [...this.staleRows].filter((id) => this.isOutdated(id));
    this.staleBranches.clear();
    this.staleRows.clear();
    for (const [id, { element }] of this.shown) {
      if (!this.model.find(id) && !standsForRows(element)) {
        this.shown.delete(id);
      }
    }
    // A row that says something else may stand elsewhere by its state, and its parent may count it.
    if (branches.includes(ROOT) || (rows.length > 0 && this.rowOrder === 'state')) {
      this.changed.fire(undefined);
      return;
    }
    const elements = [...branches, ...rows].flatMap((id) => this.shown.get(id)?.element ?? []);
    if (elements.length > 0) {
      this.changed.fire([...new Set(elements)]);
    }
  }

  /** True when a row that is shown says something else by now. */
  private isOutdated(id: string): boolean {
    const row = this.shown.get(id);
    const node = this.model.find(id);
    if (!node || row?.text === undefined) {
      return false;
    }
    return textOf(node) !== row.text || (holdsItsRows(node) && node !== row.node);
  }
}

function standsForRows(node: ExplorerNode): boolean {
  return node.kind === 'message' && (node.action === 'showMore' || node.action === 'clearFilter');
}

/** All that a row shows. */
function textOf(node: ExplorerNode): string {
  return JSON.stringify(describeNode(node, new Date()));
}
