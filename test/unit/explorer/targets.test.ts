import assert from 'node:assert/strict';
import type { TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Service } from '@aws-sdk/client-ecs';
import type { LoadBalancersGateway } from '../../../src/aws/loadBalancersGateway';
import { UserError } from '../../../src/base/errors';
import type { RefreshTarget } from '../../../src/explorer/autoRefresh';
import type { ExplorerSource } from '../../../src/explorer/children';
import { nodeId, type ExplorerNode, type NetworkEntryNode } from '../../../src/explorer/explorerNode';
import { refreshTargets } from '../../../src/explorer/refreshTargets';
import { detailsOf } from '../../../src/explorer/rowDetails';
import { describeNode } from '../../../src/explorer/rowText';
import * as listing from '../../../src/explorer/listing';
import { TreeModel } from '../../../src/explorer/treeModel';
import { CONTEXT, fakeSource, pagesOf, rowsOf, type FakeGateways } from './fakeSource';

const ARN = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0123456789abcdef';
const GROUP: NetworkEntryNode = {
  kind: 'networkEntry',
  id: nodeId(CONTEXT, 'networkEntry', 'web', ARN),
  context: CONTEXT,
  entry: 'targetGroup',
  name: 'web',
  arn: ARN,
};
const target = (
  Id: string,
  TargetHealth: TargetHealthDescription['TargetHealth'],
): TargetHealthDescription => ({ Target: { Id, Port: 8080 }, TargetHealth });

describe('The targets of a target group', () => {
  const sourceOf = (
    targetHealth: LoadBalancersGateway['targetHealth'],
    gateways: FakeGateways = {},
  ): ExplorerSource => {
    const source = fakeSource([CONTEXT], { [CONTEXT.region]: gateways });
    return {
      ...source,
      gateways: (context) => ({
        ...source.gateways(context),
        loadBalancers: { targetHealth } as LoadBalancersGateway,
      }),
    };
  };
  const health = [
    target('10.0.0.10', { State: 'healthy' }),
    target('10.0.0.9', {
      State: 'unhealthy',
      Reason: 'Target.FailedHealthChecks',
      Description: 'Health checks failed',
    }),
    target('10.0.0.11', { State: 'draining', Description: 'Target deregistration is in progress' }),
  ];

  it('are rows by address, with their health and why', async () => {
    const asked: string[] = [];
    const source = sourceOf((arn) => {
      asked.push(arn);
      return Promise.resolve(health);
    });
    assert.equal(describeNode(GROUP, new Date(0)).expandable, true);
    const rows = await rowsOf(GROUP, source);
    assert.deepEqual(asked, [ARN]);
    const texts = rows.map((node) => describeNode(node, new Date(0)));
    assert.deepEqual(
      texts.map(({ label, description, tone }) => [label, description, tone]),
      [
        ['10.0.0.9:8080', 'unhealthy · Health checks failed', 'failing'],
        ['10.0.0.10:8080', 'healthy', 'good'],
        ['10.0.0.11:8080', 'draining · Target deregistration is in progress', 'busy'],
      ],
    );
    assert.equal(new Map(detailsOf(rows[0]!).facts).get('Reason'), 'Target.FailedHealthChecks');
  });

  it('are rows of their own where two have one address', async () => {
    const twice = [target('127.0.0.1', { State: 'healthy' }), target('127.0.0.1', { State: 'initial' })];
    const rows = await rowsOf(
      GROUP,
      sourceOf(() => Promise.resolve(twice)),
    );
    assert.equal(new Set(rows.map(({ id }) => id)).size, 2);
  });

  it('are said to be none, or why they could not be read', async () => {
    const [none] = await rowsOf(
      GROUP,
      sourceOf(() => Promise.resolve([])),
    );
    assert.equal(describeNode(none!, new Date(0)).label, 'No targets are registered');
    const denied = new UserError('accessDenied', 'Could not read the health of the targets: not allowed.');
    const [message] = await rowsOf(
      GROUP,
      sourceOf(() => Promise.reject(denied)),
    );
    assert.equal(describeNode(message!, new Date(0)).label, 'Could not read the health of the targets');
  });

  it('are asked for often while one is on its way, and else rarely', async () => {
    let now = health;
    const cluster = 'arn:aws:ecs:eu-central-1:123456789012:cluster/main';
    const service: Service = {
      serviceArn: 'arn:aws:ecs:eu-central-1:123456789012:service/main/web',
      serviceName: 'web',
      loadBalancers: [{ targetGroupArn: ARN, containerName: 'app', containerPort: 8080 }],
    };
    const ecs: FakeGateways['ecs'] = {
      clusters: () => pagesOf({ items: [{ clusterArn: cluster, clusterName: 'main' }], failures: [] }),
      services: () => pagesOf({ items: [service], failures: [] }),
      tasks: () => pagesOf({ items: [], failures: [] }),
    };
    const source = sourceOf(() => Promise.resolve(now), { ecs });
    const model = new TreeModel(
      'clusters',
      source,
      {
        branchChanged: () => undefined,
        rowsChanged: () => undefined,
        loading: () => undefined,
        failed: (what) => assert.fail(what),
      },
      () => Promise.resolve(listing),
    );
    let node: ExplorerNode | undefined;
    for (const kind of ['cluster', 'service', 'section', 'networkEntry']) {
      node = (await model.rows(node)).find((row) => row.kind === kind);
      assert.ok(node, kind);
    }
    await model.rows(node);
    await model.seek('none', node);
    const need = (): RefreshTarget | undefined =>
      refreshTargets(model, source, () => false).find(({ key }) => key.includes('networkEntry'));
    assert.deepEqual([need()?.changing, need()?.calls], [true, 1]);
    now = health.slice(0, 1);
    await need()?.refresh(new AbortController().signal);
    assert.equal(need()?.changing, false);
  });
});
