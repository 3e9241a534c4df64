import assert from 'node:assert/strict';
import type { Service } from '@aws-sdk/client-ecs';
import type {
  ClusterNode,
  ExplorerNode,
  RepositoryNode,
  ServiceNode,
} from '../../../src/explorer/explorerNode';
import { describeNode } from '../../../src/explorer/rowText';
import { branchOfMoreRow, moreRow, shownRows, type ShownOptions } from '../../../src/explorer/shownRows';
import { CONTEXT } from './fakeSource';

const repository = (name: string, created = 0): RepositoryNode => ({
  kind: 'repository',
  id: `repository/${name}`,
  context: CONTEXT,
  name,
  uri: name,
  repository: { createdAt: new Date(created) },
});
const cluster = (name: string): ClusterNode => ({
  kind: 'cluster',
  id: `cluster/${name}`,
  context: CONTEXT,
  name,
  arn: name,
  cluster: {},
});
const service = (name: string, data: Service = {}): ServiceNode => ({
  kind: 'service',
  id: `service/${name}`,
  context: CONTEXT,
  name,
  arn: name,
  clusterArn: 'main',
  service: data,
});
const group: ExplorerNode = { kind: 'taskGroup', id: 'group', context: CONTEXT, clusterArn: 'main' };
const ALL: ShownOptions = {
  filter: '',
  order: 'name',
  limit: 1000,
  below: () => undefined,
  insideMatch: false,
};
const names = (rows: readonly ExplorerNode[]): string[] =>
  rows.map((node) => describeNode(node, new Date()).label);

describe('What is shown of a long list', () => {
  const services = Array.from({ length: 1500 }, (_, index) => service(`web-${index}`));

  it('is the first thousand, with what stands after the list, and how many more there are', () => {
    const { rows, more } = shownRows([...services, group], ALL);
    assert.equal(rows.length, 1001);
    assert.deepEqual(names(rows.slice(-2)), ['web-999', 'Tasks without a service']);
    assert.equal(more, 500);
    const row = moreRow('cluster/main', services[0]!, 4500);
    assert.equal(describeNode(row, new Date()).label, '4,500 more');
    assert.equal(describeNode(row, new Date()).description, 'click to show them');
    assert.equal(branchOfMoreRow(row), 'cluster/main');
  });

  it('is all of it once that was asked for', () => {
    const { rows, more } = shownRows(services, { ...ALL, limit: Infinity });
    assert.equal(rows.length, 1500);
    assert.equal(more, 0);
  });
});

describe('What a filter leaves', () => {
  it('has each of its words in the name, in any case and order', () => {
    const rows = ['team/web-api', 'team/web', 'API-for-web', 'cron'].map((name) => repository(name));
    const shown = shownRows(rows, { ...ALL, filter: 'api WEB' });
    assert.deepEqual(names(shown.rows), ['team/web-api', 'API-for-web']);
    assert.equal(shown.filtered, 2);
  });

  it('includes messages and groups, which are not looked for by name', () => {
    const shown = shownRows([service('web'), group], { ...ALL, filter: 'api' });
    assert.deepEqual(names(shown.rows), ['Tasks without a service']);
  });

  it('includes a cluster for the services in it, and all services of a cluster by its own name', () => {
    const below = ({ id }: ExplorerNode): ExplorerNode[] | undefined =>
      ({ 'cluster/main': [service('web')], 'cluster/test': [service('cron')] })[id];
    const shown = shownRows([cluster('main'), cluster('test')], { ...ALL, filter: 'web', below });
    assert.deepEqual(names(shown.rows), ['main']);
    const inside = shownRows([service('cron')], { ...ALL, filter: 'main', insideMatch: true });
    assert.deepEqual(names(inside.rows), ['cron']);
  });

  it('includes clusters that were never opened where no cluster has the name', () => {
    const clusters = [cluster('main'), cluster('test')];
    assert.equal(shownRows(clusters, { ...ALL, filter: 'web' }).rows.length, 2);
    assert.equal(shownRows(clusters, { ...ALL, filter: 'main' }).rows.length, 1);
  });
});

describe('The order of rows', () => {
  it('is by age where that was chosen, the newest first', () => {
    const rows = [repository('a', 1), repository('b', 3), repository('c', 2)];
    assert.deepEqual(names(shownRows(rows, { ...ALL, order: 'newest' }).rows), ['b', 'c', 'a']);
  });

  it('is by state where that was chosen: what fails, what is under way, and the rest by name', () => {
    const rows = [
      service('calm'),
      service('deploying', { deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }] }),
      service('failing', { deployments: [{ status: 'PRIMARY', rolloutState: 'FAILED' }] }),
      service('10'),
      service('9'),
      group,
    ];
    assert.deepEqual(names(shownRows(rows, { ...ALL, order: 'state' }).rows), [
      'failing',
      'deploying',
      '9',
      '10',
      'calm',
      'Tasks without a service',
    ]);
  });
});
