import { children, type Branch, type ExplorerSource } from '../src/explorer/children';
import { nodeId, type ContextNode, type ExplorerNode, type ExplorerView } from '../src/explorer/explorerNode';
import { countCalls, describeCalls, totalOf, type CallCounts } from './countCalls';
import { makeScene, OPENED, SCENE } from './explorerScene';
import { type Figure, inMilliseconds, median } from './figure';
import { measureOpenWindow } from './openWindow';
import { type SandboxSession, withDataDir, withSandbox } from './withSandbox';

const LATENCY = 50;
const ROUNDS = 5;

/** A branch that is opened, and what it may cost. */
interface Work {
  readonly name: string;
  readonly rows: number;
  readonly open: Branch;
  readonly maxCalls: number;
  /** Calls that can only be made one after another: a page's token comes with the page before it. */
  readonly steps: number;
  readonly maxTimes: number;
}

interface Opening {
  readonly firstRows: number;
  readonly allRows: number;
  readonly calls: CallCounts;
}

/** What the trees cost at the sizes of a large account: calls, and time as a multiple of what paging allows. */
export function measureExplorer(say: (text: string) => void): Promise<Figure[]> {
  return withDataDir(async (dataDir) => {
    await withSandbox({ dataDir }, (session) => makeScene(session, say));
    return withSandbox({ dataDir, latency: LATENCY }, async (session) => [
      ...(await measureListings(session, say)),
      ...(await measureOpenWindow(session, say)),
    ]);
  });
}

async function measureListings(session: SandboxSession, say: (text: string) => void): Promise<Figure[]> {
  const source: ExplorerSource = { contexts: () => [session.context], gateways: () => session };
  const figures: Figure[] = [];
  for (const work of await worksOf(session, source)) {
    say(`${work.name}, ${ROUNDS} times at ${LATENCY} ms a call`);
    const openings: Opening[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      openings.push(await open(work, source));
    }
    figures.push(...figuresOf(work, openings));
  }
  return figures;
}

async function worksOf(session: SandboxSession, source: ExplorerSource): Promise<Work[]> {
  const { context } = session;
  const root = (view: ExplorerView): ContextNode => ({
    kind: 'context',
    id: nodeId(context, 'context', view),
    context,
    view,
  });
  const named = async (branch: Branch, name: string): Promise<ExplorerNode> => {
    const rows = await rowsOf(branch, source);
    const found = rows.find(
      (row) => ('name' in row && row.name === name) || ('family' in row && row.family === name),
    );
    if (!found) {
      throw new Error(`${name} is not among ${rows.length} rows`);
    }
    return found;
  };
  return [
    {
      name: `${SCENE.repositories} repositories`,
      rows: SCENE.repositories,
      open: 'registry',
      maxCalls: 5,
      steps: 5,
      maxTimes: 1.2,
    },
    {
      name: `One repository, ${SCENE.images} images`,
      rows: SCENE.images,
      open: await named('registry', OPENED.repository),
      maxCalls: 10,
      steps: 10,
      maxTimes: 1.2,
    },
    {
      name: `${SCENE.clusters} clusters`,
      rows: SCENE.clusters,
      open: root('clusters'),
      maxCalls: 4,
      steps: 3,
      maxTimes: 1.2,
    },
    {
      name: `One cluster, ${SCENE.services} services`,
      // And the tasks that no service runs.
      rows: SCENE.services + 1,
      open: await named('clusters', OPENED.cluster),
      maxCalls: 110,
      steps: 11,
      maxTimes: 1.25,
    },
    {
      name: `One service, ${SCENE.tasks} tasks running`,
      rows: SCENE.tasks,
      open: await named(await named('clusters', OPENED.crowdedCluster), OPENED.crowdedService),
      maxCalls: 10,
      steps: 6,
      maxTimes: 1.25,
    },
    {
      name: `${SCENE.families} families`,
      rows: SCENE.families,
      open: 'taskDefinitions',
      maxCalls: 20,
      steps: 20,
      maxTimes: 1.2,
    },
    {
      name: `One family, ${SCENE.revisions} revisions`,
      rows: SCENE.revisions,
      open: await named('taskDefinitions', OPENED.family),
      maxCalls: 10,
      steps: 10,
      maxTimes: 1.2,
    },
  ];
}

async function rowsOf(branch: Branch, source: ExplorerSource): Promise<readonly ExplorerNode[]> {
  let rows: readonly ExplorerNode[] = [];
  for await (rows of children(branch, source, new AbortController().signal));
  return rows;
}

async function open(work: Work, source: ExplorerSource): Promise<Opening> {
  const began = performance.now();
  const { result, calls } = await countCalls(async () => {
    let firstRows: number | undefined;
    let count = 0;
    for await (const rows of children(work.open, source, new AbortController().signal)) {
      firstRows ??= performance.now() - began;
      count = rows.length;
    }
    return { firstRows: firstRows ?? NaN, allRows: performance.now() - began, count };
  });
  if (result.count < work.rows) {
    throw new Error(`${result.count} of ${work.rows} rows came: ${work.name}`);
  }
  return { ...result, calls };
}

function figuresOf(work: Work, openings: readonly Opening[]): Figure[] {
  const calls = openings[0]?.calls ?? new Map<string, number>();
  const least = work.steps * LATENCY;
  const all = median(openings.map(({ allRows }) => allRows));
  const first = median(openings.map(({ firstRows }) => firstRows));
  return [
    {
      name: work.name,
      seen: `${totalOf(calls)} calls (${describeCalls(calls)})`,
      goal: `at most ${work.maxCalls}`,
    },
    {
      name: 'all rows',
      seen: `${inMilliseconds(all)}, ${(all / least).toFixed(2)} times the least; the first in ${inMilliseconds(first)}`,
      goal: `at most ${work.maxTimes} times ${least} ms`,
    },
  ];
}
