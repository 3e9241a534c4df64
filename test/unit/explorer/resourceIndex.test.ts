import assert from 'node:assert/strict';
import type { Repository } from '@aws-sdk/client-ecr';
import type { AwsContext } from '../../../src/aws/context';
import { UserError } from '../../../src/base/errors';
import { ResourceIndex, type SearchPage } from '../../../src/explorer/resourceIndex';
import { CONTEXT, fakeSource, pagesOf, type FakeGateways } from './fakeSource';

const OTHER: AwsContext = { ...CONTEXT, region: 'us-east-1' };
const arn = (resource: string): string => `arn:aws:ecs:eu-central-1:123456789012:${resource}`;

describe('The names of all resources', () => {
  let calls: string[];
  const gateways = (name: string): FakeGateways => ({
    ecr: {
      repositories: () => {
        calls.push('repositories');
        return pagesOf<Repository[]>([{ repositoryName: name }], [{ repositoryName: 'second' }]);
      },
    },
    ecs: {
      families: () => pagesOf(['family']),
      clusterArns: () => pagesOf([arn('cluster/main'), arn('cluster/test')]),
      serviceArns: (cluster) => {
        calls.push(cluster);
        return pagesOf([arn(`service/${cluster.split('/').at(-1)}/web`)]);
      },
    },
  });
  beforeEach(() => {
    calls = [];
  });

  const read = async (index: ResourceIndex): Promise<SearchPage[]> => {
    const pages: SearchPage[] = [];
    for await (const page of index.search(new AbortController().signal)) {
      pages.push(page);
    }
    return pages;
  };
  const named = (pages: readonly SearchPage[]): string[] =>
    pages
      .flatMap((page) => (page.kind === 'found' ? page.resources : []))
      .map(({ kind, name, cluster, context }) =>
        [context.region, kind, cluster, name].filter(Boolean).join(' '),
      )
      .sort();

  it('are those of every kind, cluster and context, page by page', async () => {
    const source = fakeSource([CONTEXT, OTHER], {
      [CONTEXT.region]: gateways('german'),
      [OTHER.region]: gateways('american'),
    });
    const pages = await read(new ResourceIndex(source));
    assert.ok(pages.length > 8);
    const own = ['cluster main', 'cluster test', 'family family'];
    const services = ['service main web', 'service test web'];
    assert.deepEqual(
      named(pages),
      [
        ...[...own, 'repository german', 'repository second', ...services].map(
          (each) => `eu-central-1 ${each}`,
        ),
        ...[...own, 'repository american', 'repository second', ...services].map(
          (each) => `us-east-1 ${each}`,
        ),
      ].sort(),
    );
  });

  it('are asked for once a minute', async () => {
    let now = 0;
    const index = new ResourceIndex(fakeSource([CONTEXT], { [CONTEXT.region]: gateways('web') }), () => now);
    const first = named(await read(index));
    assert.deepEqual(named(await read(index)), first);
    assert.equal(calls.filter((call) => call === 'repositories').length, 1);
    now = 61_000;
    await read(index);
    assert.equal(calls.filter((call) => call === 'repositories').length, 2);
  });

  it('are asked for again after something has changed, even while they were being asked for', async () => {
    const index = new ResourceIndex(fakeSource([CONTEXT], { [CONTEXT.region]: gateways('web') }));
    const listed = (): number => calls.filter((call) => call === 'repositories').length;
    await read(index);
    index.forget();
    const pages = index.search(new AbortController().signal);
    await pages.next();
    index.forget();
    while (!(await pages.next()).done);
    assert.equal(listed(), 2);
    await read(index);
    assert.equal(listed(), 3);
    await read(index);
    assert.equal(listed(), 3);
  });

  it('come without those that may not be listed, and with the reason, which is asked for again', async () => {
    const refused = gateways('web');
    const source = fakeSource([CONTEXT], {
      [CONTEXT.region]: {
        ...refused,
        ecs: {
          ...refused.ecs,
          families: () =>
            pagesOf<string[]>(() => {
              throw new UserError('accessDenied', 'Could not list the families.');
            }),
        },
      },
    });
    const index = new ResourceIndex(source);
    const pages = await read(index);
    assert.ok(named(pages).includes('eu-central-1 repository web'));
    assert.equal(pages.filter(({ kind }) => kind === 'failed').length, 1);
    await read(index);
    assert.equal(calls.filter((call) => call === 'repositories').length, 2);
  });

  it('are those of the other clusters where the services of one may not be listed', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const refused = arn('cluster/b');
    const { ecr, ecs } = gateways('web');
    const source = fakeSource([CONTEXT], {
      [CONTEXT.region]: {
        ecr,
        ecs: {
          ...ecs,
          clusterArns: () => pagesOf(names.map((name) => arn(`cluster/${name}`))),
          serviceArns: (cluster) =>
            pagesOf<string[]>(() => {
              if (cluster === refused) {
                throw new UserError('accessDenied', 'Could not list the services of b.');
              }
              return [arn(`service/${cluster.split('/').at(-1)}/web`)];
            }),
        },
      },
    });
    const pages = await read(new ResourceIndex(source));
    assert.deepEqual(
      named(pages).filter((name) => name.includes(' service ')),
      names.filter((name) => name !== 'b').map((name) => `eu-central-1 service ${name} web`),
    );
    const failures = pages.flatMap((page) => (page.kind === 'failed' ? [page.error] : []));
    assert.deepEqual(failures, [new UserError('accessDenied', 'Could not list the services of b.')]);
  });

  it('are of a hundred clusters at most: each takes a call of its own', async () => {
    const many = Array.from({ length: 150 }, (_, index) => arn(`cluster/c${index}`));
    const { ecr, ecs } = gateways('web');
    const source = fakeSource([CONTEXT], {
      [CONTEXT.region]: { ecr, ecs: { ...ecs, clusterArns: () => pagesOf(many) } },
    });
    const pages = await read(new ResourceIndex(source));
    assert.equal(named(pages).filter((name) => name.includes(' cluster ')).length, 150);
    assert.equal(calls.filter((call) => call.includes(':cluster/')).length, 100);
  });
});
