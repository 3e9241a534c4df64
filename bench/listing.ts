import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import type { EcsGateway } from '../src/aws/ecsGateway';
import { collect } from '../src/aws/page';
import { type Figure, inMilliseconds, median } from './figure';
import { withDataDir, withSandbox } from './withSandbox';

const SERVICES = 1000;
const LATENCY = 50;
const ROUNDS = 9;
/** Names that one ListServices call gives at most, by the API reference. */
const NAMES_A_PAGE = 100;

interface Listing {
  readonly firstRows: number;
  readonly allRows: number;
  readonly calls: ReadonlyMap<string, number>;
}

/** How long the services of a large cluster take to be there, with a call that takes 50 ms. */
export function measureListing(say: (text: string) => void): Promise<Figure[]> {
  return withDataDir(async (dataDir) => {
    say(`creating ${SERVICES} services`);
    await withSandbox({ dataDir }, ({ ecs }) => createServices(ecs));
    say(`listing them ${ROUNDS} times at ${LATENCY} ms a call`);
    const listings = await withSandbox({ dataDir, latency: LATENCY }, async ({ ecs }) => {
      // As in the tree, whose clusters come before their services: the client and a connection are there.
      await collect(asItems(ecs.clusters()));
      const measured: Listing[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        measured.push(await listServices(ecs));
      }
      return measured;
    });
    const calls = listings[0]?.calls ?? new Map<string, number>();
    // Pages can only be asked for one after another; the last one's services are then described at once.
    const least = (Math.ceil(SERVICES / NAMES_A_PAGE) + 1) * LATENCY;
    const all = median(listings.map(({ allRows }) => allRows));
    const first = median(listings.map(({ firstRows }) => firstRows));
    return [
      {
        name: `First rows of ${SERVICES} services, ${LATENCY} ms a call`,
        seen: inMilliseconds(first),
        goal: `one page listed and described: ${2 * LATENCY} ms at least`,
      },
      {
        name: `All ${SERVICES} rows`,
        seen: `${inMilliseconds(all)}, ${(all / least).toFixed(2)} times the least that paging allows`,
        goal: `at most 1.25 times ${least} ms`,
      },
      {
        name: 'Calls for them',
        seen: [...calls].map(([operation, count]) => `${count} ${operation}`).join(', '),
      },
    ];
  });
}

async function createServices(ecs: EcsGateway): Promise<void> {
  await ecs.createCluster({ clusterName: 'main' });
  await ecs.registerTaskDefinition({
    family: 'web',
    containerDefinitions: [{ name: 'web', image: 'public.example/web:1', memory: 64 }],
  });
  for (let index = 0; index < SERVICES; index++) {
    await ecs.createService({
      cluster: 'main',
      serviceName: `web-${index}`,
      taskDefinition: 'web',
      desiredCount: 0,
    });
  }
}

async function listServices(ecs: EcsGateway): Promise<Listing> {
  const calls = new Map<string, number>();
  const count = (message: unknown): void => {
    const { request } = message as { readonly request: ClientRequest };
    const operation = String(request.getHeader('x-amz-target')).split('.').at(-1) ?? '';
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
  };
  subscribe('http.client.request.start', count);
  try {
    const began = performance.now();
    let firstRows: number | undefined;
    let rows = 0;
    for await (const { items } of ecs.services('main')) {
      firstRows ??= performance.now() - began;
      rows += items.length;
    }
    const allRows = performance.now() - began;
    if (rows !== SERVICES) {
      throw new Error(`${rows} of ${SERVICES} services were listed`);
    }
    return { firstRows: firstRows ?? NaN, allRows, calls };
  } finally {
    unsubscribe('http.client.request.start', count);
  }
}

async function* asItems<T>(
  pages: AsyncIterable<{ readonly items: readonly T[] }>,
): AsyncGenerator<readonly T[]> {
  for await (const { items } of pages) {
    yield items;
  }
}
