import assert from 'node:assert/strict';
import type { Service, TaskDefinition } from '@aws-sdk/client-ecs';
import type { Page } from '../../../src/aws/page';
import { UserError } from '../../../src/base/errors';
import { toClusterNode, toServiceNode } from '../../../src/explorer/clustersBranch';
import type { ExplorerNode, SectionNode } from '../../../src/explorer/explorerNode';
import { formatMoment } from '../../../src/explorer/moment';
import type { Row } from '../../../src/explorer/row';
import { detailsOf } from '../../../src/explorer/rowDetails';
import { describeNode } from '../../../src/explorer/rowText';
import { withSections } from '../../../src/explorer/withSections';
import * as listing from '../../../src/explorer/listing';
import { TreeModel } from '../../../src/explorer/treeModel';
import { CONTEXT, fakeSource, pagesOf, rowsOf, type FakeGateways } from './fakeSource';

const ACCOUNT = 'arn:aws:ecs:eu-central-1:123456789012';
const NOW = new Date(2026, 10, 21, 14, 0, 0);
const minutesAgo = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000);
const definition = (revision: number): string => `${ACCOUNT}:task-definition/web:${revision}`;

const SERVICE: Service = {
  serviceArn: `${ACCOUNT}:service/main/web`,
  serviceName: 'web',
  clusterArn: `${ACCOUNT}:cluster/main`,
  status: 'ACTIVE',
  desiredCount: 2,
  runningCount: 2,
  taskDefinition: definition(3),
  deployments: [
    {
      id: 'ecs-svc/2',
      status: 'PRIMARY',
      rolloutState: 'IN_PROGRESS',
      rolloutStateReason: 'ECS deployment ecs-svc/2 in progress.',
      taskDefinition: definition(3),
      desiredCount: 2,
      runningCount: 1,
      pendingCount: 1,
      failedTasks: 3,
      createdAt: minutesAgo(5),
    },
    {
      id: 'ecs-svc/1',
      status: 'ACTIVE',
      rolloutState: 'COMPLETED',
      taskDefinition: definition(2),
      desiredCount: 1,
      runningCount: 1,
      createdAt: minutesAgo(24 * 60),
    },
  ],
  events: [
    { id: 'e', createdAt: minutesAgo(1), message: '(service web) has reached a steady state.' },
    { id: 'd', createdAt: minutesAgo(60), message: '(service web) has reached a steady state.' },
    { id: 'c', createdAt: minutesAgo(24 * 60), message: '(service web) has reached a steady state.' },
    { id: 'b', createdAt: minutesAgo(25 * 60), message: '(service web) was unable to place a task.' },
    { id: 'a', createdAt: minutesAgo(26 * 60), message: '(service web) has reached a steady state.' },
  ],
};

function sectionOf(service: Service, section: SectionNode['section']): SectionNode | undefined {
  const node = toServiceNode({ context: CONTEXT, arn: service.clusterArn ?? '' }, service);
  return withSections(node, []).find(
    (row): row is SectionNode => row.kind === 'section' && row.section === section,
  );
}

function textsOf(rows: readonly ExplorerNode[] = []): Pick<Row, 'label' | 'description'>[] {
  return rows.map((node) => {
    const { label, description } = describeNode(node, NOW);
    return description === undefined ? { label } : { label, description };
  });
}

describe('The deployments of a service', () => {
  it('are rows with revision, state, counts and age; the one that is replaced can be compared', () => {
    const section = sectionOf(SERVICE, 'deployments');
    assert.deepEqual(textsOf(section && [section]), [
      { label: 'Deployments', description: '2 · in progress' },
    ]);
    assert.deepEqual(textsOf(section?.rows), [
      {
        label: 'web:3',
        description: 'primary · 1/2 running · 1 pending · 3 failed · in progress · 5m ago',
      },
      { label: 'web:2', description: 'active · 1/1 running · completed · 1d ago' },
    ]);
    assert.deepEqual(
      section?.rows.map((row) => describeNode(row, NOW).contextValue),
      ['deployment', 'deployment.former'],
    );
    assert.deepEqual(
      section?.rows.map((row) => describeNode(row, NOW).tone),
      ['busy', 'good'],
    );
  });

  it('say why one failed', () => {
    const failed = { ...SERVICE.deployments?.[0], rolloutState: 'FAILED' as const };
    const rolloutStateReason = 'ECS deployment circuit breaker: tasks failed to start.';
    const section = sectionOf(
      { ...SERVICE, deployments: [{ ...failed, rolloutStateReason }] },
      'deployments',
    );
    assert.match(textsOf(section?.rows)[0]?.description ?? '', /circuit breaker: tasks failed to start/);
  });

  it('have the whole story in the tooltip', () => {
    const [primary] = sectionOf(SERVICE, 'deployments')?.rows ?? [];
    assert.ok(primary);
    const facts = new Map(detailsOf(primary).facts);
    assert.equal(facts.get('Because'), 'ECS deployment ecs-svc/2 in progress.');
    assert.equal(facts.get('Id'), 'ecs-svc/2');
  });
});

describe('The events of a service', () => {
  it('are newest first with their local time, what is repeated being one row', () => {
    const section = sectionOf(SERVICE, 'events');
    assert.deepEqual(textsOf(section && [section]), [{ label: 'Events', description: '1m ago' }]);
    assert.deepEqual(textsOf(section?.rows), [
      { label: formatMoment(minutesAgo(1), NOW), description: '×3 · has reached a steady state.' },
      { label: formatMoment(minutesAgo(25 * 60), NOW), description: 'was unable to place a task.' },
      { label: formatMoment(minutesAgo(26 * 60), NOW), description: 'has reached a steady state.' },
    ]);
    assert.equal(formatMoment(minutesAgo(1), NOW), '13:59:00');
    assert.equal(formatMoment(minutesAgo(25 * 60), NOW), 'Nov 20, 13:00');
  });

  it('have the whole text, and since when it was said, in the tooltip', () => {
    const [newest] = sectionOf(SERVICE, 'events')?.rows ?? [];
    assert.ok(newest);
    const { facts, text } = detailsOf(newest);
    assert.equal(text, 'has reached a steady state.');
    assert.match(new Map(facts).get('Said') ?? '', /^3 times since .*20/);
  });

  it('are the same row when the newest one is said once more', () => {
    const [before] = sectionOf(SERVICE, 'events')?.rows ?? [];
    const again = { id: 'f', createdAt: NOW, message: '(service web) has reached a steady state.' };
    const [after] =
      sectionOf({ ...SERVICE, events: [again, ...(SERVICE.events ?? [])] }, 'events')?.rows ?? [];
    assert.equal(after?.id, before?.id);
    assert.match(textsOf(after && [after])[0]?.description ?? '', /^×4 ·/);
  });

  it('show trouble as such', () => {
    const tones = sectionOf(SERVICE, 'events')?.rows.map((row) => describeNode(row, NOW).tone);
    assert.deepEqual(tones, ['good', 'failing', 'good']);
  });
});

describe('The networking of a service', () => {
  const TARGET_GROUP =
    'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web-blue/0123456789abcdef';
  const REGISTRY = 'arn:aws:servicediscovery:eu-central-1:123456789012:service/srv-0123456789abcdef';

  it('is a row for each thing that connects it, with what of it is behind', () => {
    const section = sectionOf(
      {
        ...SERVICE,
        loadBalancers: [
          { targetGroupArn: TARGET_GROUP, containerName: 'web', containerPort: 80 },
          { loadBalancerName: 'old', containerName: 'web', containerPort: 8080 },
        ],
        serviceRegistries: [{ registryArn: REGISTRY, containerName: 'web', containerPort: 80 }],
        networkConfiguration: {
          awsvpcConfiguration: { subnets: ['subnet-a'], securityGroups: ['sg-a'], assignPublicIp: 'ENABLED' },
        },
        deployments: [
          {
            status: 'PRIMARY',
            serviceConnectConfiguration: {
              enabled: true,
              services: [{ portName: 'http', clientAliases: [{ dnsName: 'web.local', port: 80 }] }],
            },
          },
        ],
      },
      'networking',
    );
    assert.deepEqual(textsOf(section && [section]), [
      { label: 'Networking', description: '1 target group · 1 subnet · 1 security group' },
    ]);
    assert.deepEqual(textsOf(section?.rows), [
      { label: 'web-blue', description: 'target group · web:80' },
      { label: 'old', description: 'classic load balancer · web:8080' },
      { label: 'srv-0123456789abcdef', description: 'service registry · web:80' },
      { label: 'web.local:80', description: 'Service Connect · http' },
      { label: 'subnet-a', description: 'subnet' },
      { label: 'sg-a', description: 'security group' },
      { label: 'Public IP address', description: 'assigned' },
    ]);
    assert.deepEqual(
      section?.rows.map((row) => describeNode(row, NOW).contextValue.replace('networkEntry', '')),
      ['.named.arn.page.targets', '.named', '.named.arn', '.named', '.named.page', '.named.page', ''],
    );
  });

  it('is left out where the service says nothing of it', () => {
    assert.equal(sectionOf(SERVICE, 'networking'), undefined);
  });
});

describe('The roles of a service', () => {
  const node = toServiceNode({ context: CONTEXT, arn: SERVICE.clusterArn ?? '' }, SERVICE);
  const folded = withSections(node, []).find(({ kind }) => kind === 'roles');
  const rowsWith = (
    taskDefinition: TaskDefinition,
    asked: string[] = [],
  ): Promise<readonly ExplorerNode[]> => {
    const ecs: FakeGateways['ecs'] = {
      taskDefinition: (id) => {
        asked.push(id);
        return Promise.resolve({ taskDefinition, tags: [] });
      },
    };
    assert.ok(folded);
    return rowsOf(folded, fakeSource([CONTEXT], { [CONTEXT.region]: { ecs } }));
  };

  it('are read when they are opened: what the containers act as, and what ECS does', async () => {
    const asked: string[] = [];
    const role = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;
    const roles = { taskRoleArn: role('app/web'), executionRoleArn: role('ecsTaskExecutionRole') };
    const rows = await rowsWith(roles, asked);
    assert.deepEqual(asked, [definition(3)]);
    assert.deepEqual(textsOf(rows), [
      { label: 'web', description: 'task role' },
      { label: 'ecsTaskExecutionRole', description: 'execution role' },
    ]);
    assert.equal(describeNode(rows[0]!, NOW).contextValue, 'role.named.arn.page');
  });

  it('are said to be none', async () => {
    assert.deepEqual(textsOf(await rowsWith({})), [{ label: 'No roles are named' }]);
  });
});

describe('The capacity providers of a cluster', () => {
  it('are rows in the order of the cluster, with their part in its default strategy', () => {
    const node = toClusterNode(
      { context: CONTEXT },
      {
        clusterArn: `${ACCOUNT}:cluster/main`,
        capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
        defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1, base: 2 }],
      },
    );
    const [section] = withSections(node, []);
    assert.deepEqual(textsOf(section && [section]), [
      { label: 'Capacity providers', description: 'FARGATE, FARGATE_SPOT' },
    ]);
    assert.deepEqual(textsOf(section?.kind === 'section' ? section.rows : []), [
      { label: 'FARGATE', description: 'default · weight 1 · base 2' },
      { label: 'FARGATE_SPOT' },
    ]);
  });

  it('are left out where there is none', () => {
    const node = toClusterNode({ context: CONTEXT }, { clusterArn: `${ACCOUNT}:cluster/main` });
    assert.deepEqual(withSections(node, []), []);
  });
});

describe('A service that is open', () => {
  let service: Service;
  let calls: string[];
  const page = <T>(...items: T[]): Page<T> => ({ items, failures: [] });
  const ecs: FakeGateways['ecs'] = {
    clusters: () => pagesOf(page({ clusterArn: SERVICE.clusterArn, clusterName: 'main' })),
    services: () => pagesOf(page(service)),
    tasks: (_cluster, query) => {
      calls.push(`${query?.desiredStatus} tasks`);
      return pagesOf(page({ taskArn: `${ACCOUNT}:task/main/aaaaaaaa`, lastStatus: 'RUNNING' }));
    },
  };

  beforeEach(() => {
    service = SERVICE;
    calls = [];
  });

  async function open() {
    const told: string[] = [];
    const source = fakeSource([CONTEXT], { [CONTEXT.region]: { ecs } });
    const model = new TreeModel(
      'clusters',
      source,
      {
        branchChanged: (key) => told.push(key),
        rowsChanged: () => undefined,
        loading: () => undefined,
        failed: (what) => assert.fail(what),
      },
      () => Promise.resolve(listing),
    );
    const [main] = await model.rows();
    const [web] = await model.rows(main);
    assert.ok(main && web);
    await model.seek('none', web);
    const section = (name: SectionNode['section']): SectionNode => {
      const [found] = model.findAll((node) => node.kind === 'section' && node.section === name);
      assert.ok(found?.kind === 'section');
      return found;
    };
    told.splice(0);
    calls = [];
    return { model, main, web, section, told };
  }

  it('shows what it says now below it, in the same rows and without a call, once it was described anew', async () => {
    const { model, web, section, told } = await open();
    const [before] = await model.rows(section('deployments'));
    const ids = (await model.rows(web)).map(({ id }) => id);
    service = {
      ...SERVICE,
      deployments: [{ ...SERVICE.deployments?.[0], rolloutState: 'COMPLETED', runningCount: 2 }],
    };
    model.update([toServiceNode({ context: CONTEXT, arn: SERVICE.clusterArn ?? '' }, service)]);
    assert.deepEqual(
      (await model.rows(web)).map(({ id }) => id),
      ids,
    );
    const rows = await model.rows(section('deployments'));
    assert.equal(rows.length, 1);
    assert.equal(rows[0]?.id, before?.id);
    assert.match(textsOf(rows)[0]?.description ?? '', /^primary · 2\/2 running · .*completed/);
    assert.deepEqual(told, [], 'nobody is told that rows have come or gone');
    assert.deepEqual(calls, []);
  });

  it('keeps what was read last when its tasks are listed meanwhile', async () => {
    const { model, main, web, section } = await open();
    const listing = model.reload(web.id, new AbortController().signal);
    service = { ...SERVICE, events: [] };
    model.update([toServiceNode({ context: CONTEXT, arn: SERVICE.clusterArn ?? '' }, service)]);
    await listing;
    assert.deepEqual(
      model.findAll((node) => node.kind === 'section').map((node) => describeNode(node, NOW).label),
      ['Deployments'],
    );
    service = SERVICE;
    await model.reload(main.id, new AbortController().signal);
    assert.equal(section('events').rows.length, 3);
  });

  it('shows what is known of it where its tasks may not be listed', async () => {
    const denied = (): never => {
      throw new UserError('accessDenied', 'Could not list the tasks: not allowed.');
    };
    const web = toServiceNode({ context: CONTEXT, arn: SERVICE.clusterArn ?? '' }, SERVICE);
    const source = fakeSource([CONTEXT], {
      [CONTEXT.region]: { ecs: { tasks: () => pagesOf<Page<never>>(denied) } },
    });
    assert.deepEqual(
      textsOf(await rowsOf(web, source)).map(({ label }) => label),
      ['Could not list the tasks', 'Deployments', 'Events', 'Roles'],
    );
  });
});
