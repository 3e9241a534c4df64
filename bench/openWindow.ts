import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ExplorerSource } from '../src/explorer/children';
import type { ExplorerNode, ExplorerView } from '../src/explorer/explorerNode';
import { refreshTargets } from '../src/explorer/refreshTargets';
import { describeNode } from '../src/explorer/rowText';
import { FIRST_ROWS, shownRows } from '../src/explorer/shownRows';
import * as listing from '../src/explorer/listing';
import { TreeModel } from '../src/explorer/treeModel';
import { refreshOnClock } from '../test/support/clockedRefresh';
import { countCalls, describeCalls, totalOf } from './countCalls';
import { OPENED } from './explorerScene';
import { type Figure, inMilliseconds, median } from './figure';
import type { SandboxSession } from './withSandbox';

const TEN_MINUTES = 600_000;
const VIEWS: readonly ExplorerView[] = ['registry', 'clusters', 'taskDefinitions'];

/** What a window costs that is left open with everything in it: calls, memory, and the time to open a node again. */
export async function measureOpenWindow(
  session: SandboxSession,
  say: (text: string) => void,
): Promise<Figure[]> {
  say('leaving a window open for ten minutes of its own clock');
  const source: ExplorerSource = {
    contexts: () => [session.context],
    gateways: () => session,
    knownIndexes: new Map(),
  };
  const before = usedMemory();
  const models = VIEWS.map(
    (view) =>
      new TreeModel(
        view,
        source,
        {
          branchChanged: () => undefined,
          rowsChanged: () => undefined,
          loading: () => undefined,
          failed: (what, error) => {
            throw new Error(`${what} could not be loaded`, { cause: error });
          },
        },
        () => Promise.resolve(listing),
      ),
  );
  const opened = await openAll(models);
  const memory = usedMemory() - before;
  const rows = models.reduce((sum, model) => sum + model.findAll(() => true).length, 0);
  const hidden = await countCalls(() => leaveOpen(models, source, false));
  const visible = await countCalls(() => leaveOpen(models, source, true));
  const expansions: number[] = [];
  for (const [model, node] of opened) {
    expansions.push(await timeToOpen(model, node));
  }
  return [
    {
      name: 'A window left open for ten minutes, view hidden',
      seen: `${totalOf(hidden.calls)} calls`,
      goal: 'none',
    },
    {
      name: 'the same, visible, nothing changing',
      seen: `${totalOf(visible.calls)} calls (${describeCalls(visible.calls)})`,
      goal: 'at most 20',
    },
    {
      name: `Memory for ${rows} loaded rows`,
      seen: `${(memory / 2 ** 20).toFixed(0)} MiB`,
    },
    {
      name: 'Opening a node that is loaded, the slowest',
      seen: inMilliseconds(Math.max(...expansions)),
      goal: 'at most 16 ms',
    },
  ];
}

/** Opens every view, and in each what is largest in it. */
async function openAll(models: readonly TreeModel[]): Promise<(readonly [TreeModel, ExplorerNode])[]> {
  const [registry, clusters, families] = models as [TreeModel, TreeModel, TreeModel];
  const open = async (
    model: TreeModel,
    name: string,
    below?: ExplorerNode,
  ): Promise<readonly [TreeModel, ExplorerNode]> => {
    // No row has this id: that is known once all have come.
    await model.seek('none', below);
    const named = (node: ExplorerNode): boolean =>
      ('name' in node && node.name === name) || (node.kind === 'family' && node.family === name);
    const node = (await model.rows(below)).find(named);
    if (!node) {
      throw new Error(`${name} is not there`);
    }
    await model.seek('none', node);
    return [model, node];
  };
  const crowded = await open(clusters, OPENED.crowdedCluster);
  return [
    await open(registry, OPENED.repository),
    await open(clusters, OPENED.cluster),
    crowded,
    await open(clusters, OPENED.crowdedService, crowded[1]),
    await open(families, OPENED.family),
  ];
}

async function leaveOpen(
  models: readonly TreeModel[],
  source: ExplorerSource,
  visible: boolean,
): Promise<void> {
  const refresh = refreshOnClock(() => models.flatMap((model) => refreshTargets(model, source, () => false)));
  refresh.setAwake(visible);
  await refresh.pass(TEN_MINUTES);
  refresh.dispose();
}

/** What VS Code asks for when a node is opened: its rows, and what each of those that are shown says. */
async function timeToOpen(model: TreeModel, node: ExplorerNode): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 25; round++) {
    const began = performance.now();
    const { rows } = shownRows(await model.rows(node), {
      filter: '',
      order: 'name',
      limit: FIRST_ROWS,
      below: ({ id }) => model.loadedRows(id),
      insideMatch: false,
    });
    const now = new Date();
    rows.forEach((row) => describeNode(row, now));
    times.push(performance.now() - began);
  }
  return median(times);
}

function usedMemory(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
