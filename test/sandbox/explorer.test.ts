import assert from 'node:assert/strict';
import type { AwsContext } from '../../src/aws/context';
import { SessionPool } from '../../src/aws/session';
import { poll } from '../../src/base/delay';
import { children, type Branch, type ExplorerSource } from '../../src/explorer/children';
import type { ExplorerNode } from '../../src/explorer/explorerNode';
import { reloadNode } from '../../src/explorer/reloadNode';
import { describeNode } from '../../src/explorer/rowText';
import { useSandbox } from '../support/sandboxClients';
import { sandboxContext } from '../support/sandboxContext';
import { TinyImages } from '../support/tinyImage';

describe('The explorer against the sandbox', () => {
  const sandbox = useSandbox();
  const sessions = new SessionPool();
  after(() => sessions.dispose());

  const context = (region: string): AwsContext => sandboxContext(sandbox.endpoint, region);
  const source = (...regions: string[]): ExplorerSource => ({
    contexts: () => regions.map(context),
    gateways: (from) => sessions.get(from),
  });
  const load = async (branch: Branch, from: ExplorerSource): Promise<readonly ExplorerNode[]> => {
    let rows: readonly ExplorerNode[] = [];
    for await (rows of children(branch, from, new AbortController().signal));
    return rows;
  };
  const labels = (rows: readonly ExplorerNode[]): string[] =>
    rows.map((node) => describeNode(node, new Date()).label);
  const named = (rows: readonly ExplorerNode[], label: string): ExplorerNode => {
    const found = rows.find((node) => describeNode(node, new Date()).label === label);
    assert.ok(found, `${label} is among ${labels(rows).join(', ')}`);
    return found;
  };

  it('shows repositories and their images, a multi-platform image as one row', async () => {
    const { ecr } = sessions.get(context('eu-west-1'));
    await ecr.createRepository({ repositoryName: 'team/web' });
    await ecr.createRepository({ repositoryName: 'api' });
    const images = new TinyImages(await ecr.authorization(), 'team/web');
    await images.push('first', 'v1');
    await images.push('moved away', 'v2');
    await images.push('second', 'v2', 'latest');
    const amd64 = await images.push('for amd64');
    const arm64 = await images.push('for arm64');
    await images.pushIndex({ amd64, arm64 }, 'multi');

    const from = source('eu-west-1');
    const repositories = await load('registry', from);
    assert.deepEqual(labels(repositories), ['api', 'team/web']);
    const rows = await load(named(repositories, 'team/web'), from);
    assert.equal(rows.length, 4);
    assert.ok(labels(rows).some((label) => label.startsWith('‹untagged› sha256:')));
    named(rows, 'latest, v2');
    named(rows, 'v1');
    const members = await load(named(rows, 'multi'), from);
    assert.deepEqual(labels(members), ['linux/amd64', 'linux/arm64']);
    assert.deepEqual(labels(await load(named(repositories, 'api'), from)), ['No images']);
  });

  it('shows one region nothing of another', async () => {
    const from = source('eu-west-1', 'ap-south-1');
    const [first, second] = await load('registry', from);
    assert.ok(first && second);
    await sessions.get(context('ap-south-1')).ecr.createRepository({ repositoryName: 'elsewhere' });
    assert.deepEqual(labels(await load(first, from)), ['api', 'team/web']);
    assert.deepEqual(labels(await load(second, from)), ['elsewhere']);
  });

  it('shows clusters, services, tasks and containers, and the tasks that no service runs', async () => {
    const { ecs } = sessions.get(context('eu-west-1'));
    await ecs.createCluster({ clusterName: 'main' });
    const family = {
      family: 'job',
      containerDefinitions: [{ name: 'app', image: 'busybox', memory: 64 }],
    };
    await ecs.registerTaskDefinition(family);
    await ecs.registerTaskDefinition(family);
    await ecs.createService({
      cluster: 'main',
      serviceName: 'web',
      taskDefinition: 'job',
      desiredCount: 2,
    });
    await ecs.runTask({ cluster: 'main', taskDefinition: 'job:1' });

    const from = source('eu-west-1');
    const cluster = named(await load('clusters', from), 'main');
    const rows = await load(cluster, from);
    assert.deepEqual(labels(rows), ['web', 'Tasks without a service']);
    const service = await poll(
      async () => {
        const fresh = await reloadNode(named(rows, 'web'), ecs, new AbortController().signal);
        return describeNode(fresh, new Date()).description?.startsWith('2/2 running') ? fresh : undefined;
      },
      { interval: 50, signal: AbortSignal.timeout(15_000) },
    );
    const below = await load(service, from);
    const tasks = below.filter(({ kind }) => kind === 'task');
    assert.equal(tasks.length, 2);
    assert.deepEqual(labels(below.slice(-3)), ['Deployments', 'Events', 'Roles']);
    const deployments = await load(named(below, 'Deployments'), from);
    assert.deepEqual(labels(deployments), ['job:2']);
    const events = await load(named(below, 'Events'), from);
    assert.match(describeNode(events.at(-1)!, new Date()).description ?? '', /^has started 2 tasks: /);
    for (const task of tasks) {
      assert.equal(task.kind, 'task');
      assert.deepEqual(labels(await load(task, from)), ['app']);
    }
    const standalone = await load(named(rows, 'Tasks without a service'), from);
    assert.equal(standalone.length, 1);
    const ids = [cluster, ...rows, ...below, ...deployments, ...events, ...standalone].map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);

    const families = await load('taskDefinitions', from);
    assert.deepEqual(labels(families), ['job']);
    assert.deepEqual(labels(await load(named(families, 'job'), from)), ['job:2', 'job:1', 'Inactive']);
  });

  it('says in a row that a listing was refused, and why', async () => {
    await sandbox.control('POST', 'faults', { operation: 'ListClusters', kind: 'error', count: 10 });
    const rows = await load('clusters', source('eu-west-1'));
    await sandbox.control('DELETE', 'faults');
    assert.deepEqual(
      rows.map((node) => [node.kind, node.kind === 'message' && node.reason]),
      [['message', 'serviceUnavailable']],
    );
  });
});
