import assert from 'node:assert/strict';
import type { Repository } from '@aws-sdk/client-ecr';
import * as vscode from 'vscode';
import type { AwsContext } from '../../src/aws/context';
import type { EcrGateway } from '../../src/aws/ecrGateway';
import type { EcsGateway } from '../../src/aws/ecsGateway';
import { throwIfCancelled } from '../../src/base/errors';
import { poll } from '../../src/base/delay';
import { ExplorerTree } from '../../src/editor/trees/explorerTree';
import * as rowTooltip from '../../src/editor/trees/rowTooltip';
import type { ExplorerSource } from '../../src/explorer/children';
import type { ExplorerNode } from '../../src/explorer/explorerNode';
import * as listing from '../../src/explorer/listing';

const context = (profile: string): AwsContext => ({
  label: profile,
  source: { kind: 'profile', profile },
  region: 'eu-central-1',
});

/** A registry whose pages come when the test lets them. */
class StagedRegistry implements ExplorerSource {
  open = [context('work')];
  pages: string[][] = [];
  /** Signals of the listings, in the order in which they were begun. */
  readonly listings: AbortSignal[] = [];
  private gate = (): void => undefined;

  contexts(): readonly AwsContext[] {
    return this.open;
  }

  gateways(from: AwsContext): { ecr: EcrGateway; ecs: EcsGateway } {
    const list = async function* (this: StagedRegistry, signal?: AbortSignal): AsyncGenerator<Repository[]> {
      if (signal) {
        this.listings.push(signal);
      }
      for (const [index, names] of this.pages.entries()) {
        if (index > 0) {
          await new Promise<void>((resolve) => {
            this.gate = resolve;
            signal?.addEventListener('abort', () => resolve());
          });
          throwIfCancelled(signal);
        }
        yield names.map((name) => ({ repositoryName: `${name}-of-${from.label}` }));
      }
    };
    return {
      ecr: { repositories: list.bind(this), images: () => list.call(this) } as unknown as EcrGateway,
      ecs: {} as EcsGateway,
    };
  }

  /** Of the listing that was begun last. */
  letNextPageCome(): void {
    this.gate();
  }
}

describe('A view of the explorer', () => {
  let registry: StagedRegistry;
  let tree: ExplorerTree;
  let changes: (ExplorerNode[] | undefined)[];

  beforeEach(() => {
    registry = new StagedRegistry();
    tree = new ExplorerTree(
      'registry',
      registry,
      { error: (text) => assert.fail(String(text)) },
      {
        listing: () => Promise.resolve(listing),
        tooltip: () => Promise.resolve(rowTooltip),
      },
    );
    changes = [];
    tree.onDidChangeTreeData((nodes) => changes.push(nodes));
  });
  afterEach(() => tree.dispose());

  const labels = async (node?: ExplorerNode): Promise<unknown[]> =>
    (await tree.getChildren(node)).map((child) => tree.getTreeItem(child).label);
  const changed = (count: number): Promise<true> =>
    poll(() => Promise.resolve(changes.length >= count ? true : undefined), {
      interval: 5,
      signal: AbortSignal.timeout(5000),
    });

  it('shows the first page at once, and has the editor ask again when the next has come', async () => {
    registry.pages = [['api'], ['web']];
    assert.deepEqual(await labels(), ['api-of-work']);
    assert.equal(changes.length, 0);
    registry.letNextPageCome();
    await changed(1);
    assert.deepEqual(changes, [undefined]);
    assert.deepEqual(await labels(), ['api-of-work', 'web-of-work']);
    assert.equal(registry.listings.length, 1);
  });

  it('asks only once for what it has, until it is refreshed', async () => {
    registry.pages = [['api']];
    await labels();
    await labels();
    assert.equal(registry.listings.length, 1);
    registry.pages = [['web']];
    await tree.refresh();
    assert.deepEqual(changes, [undefined]);
    assert.deepEqual(await labels(), ['web-of-work']);
    assert.equal(registry.listings.length, 2);
  });

  it('ends a listing that is under way when it is refreshed', async () => {
    registry.pages = [['api'], ['web']];
    await labels();
    await tree.refresh();
    assert.equal(registry.listings[0]?.aborted, true);
    registry.pages = [['new']];
    assert.deepEqual(await labels(), ['new-of-work']);
  });

  it('shows no row of a context that is no longer open', async () => {
    registry.pages = [['api'], ['web']];
    const [before] = await tree.getChildren();
    registry.open = [context('play')];
    await tree.refresh();
    assert.deepEqual(await labels(before), []);
    assert.deepEqual(await labels(), ['api-of-play']);
    registry.letNextPageCome();
    await changed(2);
    assert.deepEqual(await labels(), ['api-of-play', 'web-of-play']);
  });

  it('refreshes one node without asking for the others again', async () => {
    registry.pages = [['api', 'web']];
    const [api, web] = await tree.getChildren();
    assert.ok(api && web);
    await labels(api);
    await labels(web);
    await tree.refresh(api);
    await changed(1);
    assert.deepEqual(changes, [[api]]);
    assert.equal(registry.listings.length, 1);
    assert.equal(tree.getParent((await tree.getChildren(api))[0]!), api);
  });

  it('loads a listing anew without forgetting what is below its rows', async () => {
    registry.pages = [['api']];
    const [api] = await tree.getChildren();
    const [image] = await tree.getChildren(api);
    registry.pages = [['api', 'web']];
    tree.refreshListing(context('work'));
    await changed(1);
    assert.deepEqual(await labels(), ['api-of-work', 'web-of-work']);
    assert.equal((await tree.getChildren(api))[0], image);
  });

  it('gives each context a row where several are open', async () => {
    registry.open = [context('work'), context('play')];
    registry.pages = [['api']];
    const roots = await tree.getChildren();
    assert.deepEqual(await labels(), ['work', 'play']);
    assert.deepEqual(await labels(roots[0]), ['api-of-work']);
    assert.deepEqual(await labels(roots[1]), ['api-of-play']);
    const [api] = await tree.getChildren(roots[1]);
    assert.equal(api && tree.getParent(api), roots[1]);
  });

  it('changes a row in place: VS Code is told of that row alone, by the object that it knows', async () => {
    registry.pages = [['api', 'web']];
    const [api, web] = await tree.getChildren();
    assert.ok(api && web?.kind === 'repository');
    tree.getTreeItem(api);
    tree.getTreeItem(web);
    const fresh: ExplorerNode = { ...web, name: 'renamed' };
    tree.model.update([fresh]);
    await changed(1);
    assert.deepEqual(changes, [[web]]);
    assert.equal(changes[0]?.[0], web);
    assert.equal(tree.getTreeItem(web).label, 'renamed');
    assert.equal((await tree.getChildren())[1], web);
    assert.equal(tree.current(web), fresh);
    assert.equal(registry.listings.length, 1);
  });

  it('tells nobody of what was asked for again and says the same', async () => {
    registry.pages = [['api', 'web']];
    for (const node of await tree.getChildren()) {
      tree.getTreeItem(node);
    }
    await tree.model.seek('none');
    const outcome = await tree.model.reload('', new AbortController().signal);
    assert.deepEqual(outcome, { kind: 'unchanged' });
    await new Promise((resolve) => tree.onDidLoad(resolve));
    assert.deepEqual(changes, []);
  });

  it('shows the first thousand of a long list, how many more there are, and all when asked', async () => {
    registry.pages = [Array.from({ length: 2500 }, (_, index) => `r${index}`)];
    const rows = await tree.getChildren();
    assert.equal(rows.length, 1001);
    const more = rows.at(-1);
    assert.ok(more?.kind === 'message');
    const item = tree.getTreeItem(more);
    assert.equal(item.label, '1,500 more');
    assert.equal(item.description, 'click to show them');
    assert.equal(item.command?.command, 'awsContainers.message.act');
    // Something else changes before the row is clicked.
    const [first] = rows;
    assert.ok(first?.kind === 'repository');
    tree.getTreeItem(first);
    tree.model.update([{ ...first, name: 'renamed' }]);
    await changed(1);
    assert.ok(tree.owns(more));
    tree.showAll(more);
    await changed(2);
    assert.equal((await tree.getChildren()).length, 2500);
    assert.equal(registry.listings.length, 1);
  });

  it('filters by name, says how many rows that leaves out, and shows them again', async () => {
    registry.pages = [['team/web', 'team/api', 'cron']];
    await labels();
    tree.setFilter('TEAM');
    await changed(1);
    assert.deepEqual(await labels(), ['team/api-of-work', 'team/web-of-work', '1 filtered out']);
    tree.setFilter('cron');
    await changed(2);
    assert.deepEqual(await labels(), ['cron-of-work', '2 filtered out']);
    tree.setFilter('');
    await changed(3);
    assert.equal((await labels()).length, 3);
    assert.equal(registry.listings.length, 1);
  });

  it('takes nothing from AWS as markup', async () => {
    registry.pages = [['[x](command:evil)<b>**bold**']];
    const [node] = await tree.getChildren();
    assert.ok(node);
    const { token } = new vscode.CancellationTokenSource();
    const tooltip = (await tree.resolveTreeItem(tree.getTreeItem(node), node, token))?.tooltip;
    assert.ok(tooltip instanceof vscode.MarkdownString);
    assert.equal(tooltip.isTrusted, false);
    assert.ok(!tooltip.supportHtml);
    assert.ok(tooltip.value.includes('\\[x\\]\\(command:evil\\)'), tooltip.value);
    assert.ok(!tooltip.value.includes('<b>'), tooltip.value);
  });
});
