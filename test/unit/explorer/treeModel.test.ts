import assert from 'node:assert/strict';
import type { Repository } from '@aws-sdk/client-ecr';
import type { Cluster, Service, Task } from '@aws-sdk/client-ecs';
import type { Page } from '../../../src/aws/page';
import { UserError } from '../../../src/base/errors';
import { AutoRefresh } from '../../../src/explorer/autoRefresh';
import type { ExplorerNode, ExplorerView } from '../../../src/explorer/explorerNode';
import { refreshTargets } from '../../../src/explorer/refreshTargets';
import { describeNode } from '../../../src/explorer/rowText';
import * as listing from '../../../src/explorer/listing';
import { ROOT, TreeModel } from '../../../src/explorer/treeModel';
import { TestClock } from '../../support/testClock';
import { CONTEXT, fakeSource, pagesOf, type FakeGateways } from './fakeSource';

const ACCOUNT = 'arn:aws:ecs:eu-central-1:123456789012';
const page = <T>(...items: T[]): Page<T> => ({ items, failures: [] });
const labels = (rows: readonly ExplorerNode[]): string[] =>
  rows.map((node) => describeNode(node, new Date(0)).label);
const never = new AbortController().signal;

/** A model, and what it told its listener since that was last asked. */
function modelOf(view: ExplorerView, gateways: FakeGateways) {
  const source = fakeSource([CONTEXT], { [CONTEXT.region]: gateways });
  const told: string[] = [];
  const model = new TreeModel(
    view,
    source,
    {
      branchChanged: (key) => told.push(`branch ${key}`),
      rowsChanged: () => told.push('rows'),
      loading: () => undefined,
      failed: (what) => assert.fail(what),
    },
    () => Promise.resolve(listing),
  );
  return { model, source, said: () => told.splice(0) };
}

describe('Rows that are asked for again', () => {
  let names: (string | (() => never))[];
  const repositories = (): AsyncGenerator<Repository[], void, void> =>
    pagesOf<Repository[]>(
      ...names.map((name) => (typeof name === 'string' ? [{ repositoryName: name }] : name)),
    );

  it('stay the same objects where nothing has changed, and nobody is told of another list', async () => {
    names = ['api', 'web'];
    const { model, said } = modelOf('registry', { ecr: { repositories } });
    const before = await model.seek('none').then(() => model.rows());
    said();
    assert.deepEqual(await model.reload(ROOT, never), { kind: 'unchanged' });
    const after = await model.rows();
    assert.ok(after.every((row, index) => row === before[index]));
    assert.deepEqual(said(), ['rows']);
  });

  it('come and go in one step, the others and what is below them staying', async () => {
    names = ['api', 'web'];
    const images = (): AsyncGenerator<[], void, void> => pagesOf<[]>([]);
    const { model, said } = modelOf('registry', { ecr: { repositories, images } });
    await model.seek('none');
    const [api] = await model.rows();
    const [below] = await model.rows(api);
    said();
    names = ['api', 'new'];
    assert.deepEqual(await model.reload(ROOT, never), { kind: 'changed' });
    assert.deepEqual(said(), ['branch ']);
    const rows = await model.rows();
    assert.deepEqual(labels(rows), ['api', 'new']);
    assert.equal(rows[0], api);
    assert.equal((await model.rows(api))[0], below);
  });

  it('are not taken for new where one says what it said before', async () => {
    names = ['api'];
    const { model } = modelOf('registry', { ecr: { repositories } });
    await model.seek('none');
    const [api] = await model.rows();
    assert.ok(api?.kind === 'repository');
    assert.equal(model.update([structuredClone(api)]), false);
    assert.equal((await model.rows())[0], api);
    assert.equal(model.update([{ ...api, name: 'renamed' }]), true);
  });

  it('stay as they are when asking again fails half way', async () => {
    names = ['api', 'web'];
    const { model, said } = modelOf('registry', { ecr: { repositories } });
    await model.seek('none');
    said();
    names = [
      'api',
      () => {
        throw new UserError('throttled', 'Could not list: too many calls.');
      },
    ];
    assert.deepEqual(await model.reload(ROOT, never), { kind: 'failed', reason: 'throttled' });
    assert.deepEqual(labels(await model.rows()), ['api', 'web']);
    assert.deepEqual(said(), []);
  });

  it('take the place of a failure as soon as it can be', async () => {
    names = [
      () => {
        throw new UserError('serviceUnavailable', 'Could not list: no.');
      },
    ];
    const { model } = modelOf('registry', { ecr: { repositories } });
    await model.seek('none');
    assert.deepEqual(labels(await model.rows()), ['Could not list']);
    names = ['api'];
    assert.deepEqual(await model.reload(ROOT, never), { kind: 'changed' });
    assert.deepEqual(labels(await model.rows()), ['api']);
  });
});

describe('A cluster that is shown', () => {
  const cluster: Cluster = { clusterArn: `${ACCOUNT}:cluster/main`, clusterName: 'main', status: 'ACTIVE' };
  const calm = (name: string): Service => ({
    serviceArn: `${ACCOUNT}:service/main/${name}`,
    serviceName: name,
    status: 'ACTIVE',
    desiredCount: 1,
    runningCount: 1,
    deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED' }],
  });
  const deploying = (name: string): Service => ({
    ...calm(name),
    deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }],
  });
  const running: Task = {
    taskArn: `${ACCOUNT}:task/main/aaaaaaaaaaaa`,
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
  };
  let services: Map<string, Service>;
  let tasks: Task[];
  let calls: string[];

  const ecs: FakeGateways['ecs'] = {
    clusters: () => {
      calls.push('clusters');
      return pagesOf(page(cluster));
    },
    services: () => {
      calls.push('services');
      return pagesOf(page(...services.values()));
    },
    describeServices: (_cluster, arns) => {
      calls.push(`describe ${arns.map((arn) => arn.split('/').at(-1)).join(', ')}`);
      const known = arns.map((arn) => services.get(arn.split('/').at(-1) ?? ''));
      return Promise.resolve({
        items: known.filter((found) => found !== undefined),
        failures: arns.flatMap((id, index) => (known[index] ? [] : [{ id, reason: 'MISSING' }])),
      });
    },
    tasks: (_cluster, query) => {
      calls.push(`${query?.desiredStatus} tasks`);
      return pagesOf(page(...(query?.desiredStatus === 'RUNNING' ? tasks : [])));
    },
  };

  beforeEach(() => {
    services = new Map([
      ['api', calm('api')],
      ['web', deploying('web')],
    ]);
    tasks = [running];
    calls = [];
  });

  async function open() {
    const opened = modelOf('clusters', { ecs });
    const { model, source } = opened;
    const [main] = await model.rows();
    await model.seek('none');
    await model.rows(main);
    await model.seek('none', main);
    const clock = new TestClock();
    const closed = new Set<string>();
    const refresher = new AutoRefresh(() => refreshTargets(model, source, (id) => closed.has(id)), clock);
    refresher.setAwake(true);
    opened.said();
    calls = [];
    const service = (name: string): ExplorerNode => {
      const [found] = model.findAll((node) => node.kind === 'service' && node.name === name);
      assert.ok(found);
      return found;
    };
    return { ...opened, main: main!, clock, closed, refresher, service };
  }

  it('is asked only for the services that are under way, all at once', async () => {
    services.set('new', deploying('new'));
    const { clock, said } = await open();
    services.set('web', { ...deploying('web'), pendingCount: 1 });
    await clock.pass(5000);
    assert.deepEqual(calls, ['describe new, web']);
    assert.deepEqual(said(), ['rows']);
    services.set('web', calm('web'));
    services.set('new', calm('new'));
    await clock.pass(30_000);
    assert.deepEqual(calls.slice(1), ['describe new, web']);
  });

  it('loses a service that was deleted once ECS has forgotten it, or only remembers it', async () => {
    services.set('old', { ...calm('old'), status: 'DRAINING' });
    const { model, main, clock } = await open();
    assert.ok(labels(await model.rows(main)).includes('old'));
    services.set('old', { ...calm('old'), status: 'INACTIVE' });
    services.delete('web');
    await clock.pass(5000);
    assert.deepEqual(labels(await model.rows(main)), ['api', 'Tasks without a service']);
  });

  it('has the tasks of a service listed again while that is under way, and one of them is coming', async () => {
    const { model, clock, refresher, service } = await open();
    await model.rows(service('web'));
    await model.seek('none', service('web'));
    refresher.replan();
    calls = [];
    tasks = [running, { ...running, taskArn: `${ACCOUNT}:task/main/bbbbbbbbbbbb`, lastStatus: 'PENDING' }];
    await clock.pass(6000);
    assert.deepEqual(calls.sort(), ['RUNNING tasks', 'STOPPED tasks', 'describe web']);
    assert.deepEqual(labels(await model.rows(service('web'))), ['aaaaaaaa', 'bbbbbbbb', 'Deployments']);
  });

  it('is not asked for what is folded away', async () => {
    const { clock, closed, main, refresher } = await open();
    closed.add(main.id);
    refresher.replan();
    await clock.pass(60_000);
    assert.deepEqual(new Set(calls), new Set(['clusters']));
  });

  it('is left alone for longer and longer while AWS limits the rate', async () => {
    const { clock } = await open();
    const describe = ecs.describeServices;
    ecs.describeServices = () => {
      calls.push('refused');
      return Promise.reject(new UserError('throttled', 'Too many calls.'));
    };
    try {
      await clock.pass(300_000);
      assert.equal(calls.filter((call) => call === 'refused').length, 4);
      assert.ok(calls.includes('services'), 'what is not refused goes on');
    } finally {
      ecs.describeServices = describe;
    }
  });
});
