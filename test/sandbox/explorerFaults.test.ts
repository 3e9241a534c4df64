import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { AwsContext } from '../../src/aws/context';
import { SessionPool } from '../../src/aws/session';
import { poll } from '../../src/base/delay';
import { children, type Branch, type ExplorerSource } from '../../src/explorer/children';
import type { ExplorerNode } from '../../src/explorer/explorerNode';
import { refreshTargets } from '../../src/explorer/refreshTargets';
import { describeNode } from '../../src/explorer/rowText';
import * as listing from '../../src/explorer/listing';
import { TreeModel } from '../../src/explorer/treeModel';
import { useSandbox } from '../support/sandboxClients';
import { refreshOnClock } from '../support/clockedRefresh';
import { sandboxContext } from '../support/sandboxContext';

const SERVICES = 250;

describe('The explorer where AWS fails it', function () {
  this.timeout(60_000);
  const sandbox = useSandbox();
  const sessions = new SessionPool();
  const names = Array.from({ length: SERVICES }, (_, index) => `s${String(index).padStart(3, '0')}`);
  let context: AwsContext;
  let source: ExplorerSource;
  let requests = 0;
  const count = (): void => void requests++;

  before(async () => {
    context = sandboxContext(sandbox.endpoint, 'eu-west-3');
    source = { contexts: () => [context], gateways: (from) => sessions.get(from) };
    const { ecs } = sessions.get(context);
    await ecs.createCluster({ clusterName: 'main' });
    const containerDefinitions = [{ name: 'app', image: 'busybox', memory: 64 }];
    await ecs.registerTaskDefinition({ family: 'web', containerDefinitions });
    for (const serviceName of names) {
      await ecs.createService({ cluster: 'main', serviceName, taskDefinition: 'web', desiredCount: 0 });
    }
    subscribe('http.client.request.start', count);
  });
  after(() => {
    unsubscribe('http.client.request.start', count);
    sessions.dispose();
  });
  beforeEach(() => {
    requests = 0;
  });
  afterEach(() => sandbox.control('DELETE', 'faults'));

  const fault = (given: object): Promise<unknown> => sandbox.control('POST', 'faults', given);
  /** Waits until a request has met the last fault. */
  const taken = (): Promise<unknown> =>
    poll(
      async () => {
        const { faults } = (await sandbox.control('GET', 'info')) as { faults: unknown[] };
        return faults.length === 0 ? true : undefined;
      },
      { interval: 20, signal: AbortSignal.timeout(20_000) },
    );
  const load = async (branch: Branch, from = source): Promise<readonly ExplorerNode[]> => {
    let rows: readonly ExplorerNode[] = [];
    for await (rows of children(branch, from, new AbortController().signal));
    return rows;
  };
  const services = async (): Promise<readonly ExplorerNode[]> => {
    const [cluster] = await load('clusters');
    assert.ok(cluster);
    requests = 0;
    return load(cluster);
  };
  const ofKind = (rows: readonly ExplorerNode[], kind: ExplorerNode['kind']): ExplorerNode[] =>
    rows.filter((node) => node.kind === kind);

  it('shows every service while a third of the describes are throttled, and asks again for just these', async () => {
    // Ten are under way before any of them asks again: none can have six of twelve refusals, where the client gives up.
    await fault({ operation: 'DescribeServices', kind: 'throttle', count: 12 });
    const rows = await services();
    assert.equal(ofKind(rows, 'service').length, SERVICES);
    assert.deepEqual(ofKind(rows, 'message'), []);
    // 3 pages, 25 describes, and one more for each refusal.
    assert.equal(requests, 40);
  });

  it('keeps the pages before one that fails, and says why the others are not there', async () => {
    await services();
    await fault({ operation: 'ListServices', kind: 'accessDenied', skip: 1 });
    const rows = await services();
    assert.equal(ofKind(rows, 'service').length, 100);
    const [message] = ofKind(rows, 'message');
    assert.ok(message?.kind === 'message');
    assert.match(message.detail ?? '', /Could not list the services of cluster main .*ecs:ListServices/);
    await sandbox.control('DELETE', 'faults');
    assert.equal(ofKind(await services(), 'service').length, SERVICES);
  });

  it('shows the names of what may be listed and not described, with a note', async () => {
    await fault({ operation: 'DescribeServices', kind: 'accessDenied' });
    const rows = ofKind(await services(), 'message');
    assert.deepEqual(
      rows.map((node) => describeNode(node, new Date()).label),
      names,
    );
    assert.ok(rows.every((node) => node.kind === 'message' && node.note?.startsWith('not described: ')));
    // What is not permitted will not be so the second time.
    assert.equal(requests, 28);
  });

  it('leaves out what was deleted between list and describe', async () => {
    const { ecs } = sessions.get(context);
    await ecs.createCluster({ clusterName: 'short-lived' });
    await fault({ operation: 'DescribeClusters', kind: 'delay', delayMs: 2000, count: 1 });
    const loading = load('clusters');
    await taken();
    await ecs.deleteCluster('short-lived');
    const rows = await loading;
    assert.deepEqual(
      ofKind(rows, 'cluster').map((node) => describeNode(node, new Date()).label),
      ['main'],
    );
  });

  it('gets over connections that are dropped', async () => {
    await fault({ operation: 'ListServices', kind: 'drop', count: 1 });
    await fault({ operation: 'DescribeServices', kind: 'drop', when: 'during', count: 2 });
    const rows = await services();
    assert.equal(ofKind(rows, 'service').length, SERVICES);
    assert.deepEqual(ofKind(rows, 'message'), []);
  });

  describe('beside an endpoint that hangs', () => {
    let hanging: Server;
    const sockets = new Set<Socket>();
    before(async () => {
      hanging = createServer((socket) => sockets.add(socket));
      await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
    });
    after(async () => {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => hanging.close(resolve));
    });

    it('shows the context that works as quickly as alone', async () => {
      const { port } = hanging.address() as AddressInfo;
      const far: AwsContext = { ...context, label: 'far', endpoint: `http://127.0.0.1:${port}` };
      const both: ExplorerSource = { ...source, contexts: () => [far, context] };
      const [hangs, works] = await load('clusters', both);
      assert.ok(hangs && works);
      const stop = new AbortController();
      const waiting = assert.rejects(children(hangs, both, stop.signal).next(), { reason: 'cancelled' });
      const began = performance.now();
      assert.equal(ofKind(await load(works, both), 'cluster').length, 1);
      assert.ok(performance.now() - began < 5000);
      stop.abort();
      await waiting;
    });
  });

  it('keeps what is shown while asking again is refused, and goes on by itself after', async () => {
    const { ecs } = sessions.get(context);
    await ecs.updateService({ cluster: 'main', service: 's000', desiredCount: 1 });
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
    await model.seek('none');
    const [main] = await model.rows();
    await model.seek('none', main);
    const refresh = refreshOnClock(() =>
      refreshTargets(model, source, () => false).map((target) => ({ ...target, changing: true })),
    );
    const shown = async (): Promise<number> => ofKind(await model.rows(main), 'service').length;
    try {
      refresh.setAwake(true);
      await fault({ operation: 'ListServices', kind: 'accessDenied' });
      await fault({ operation: 'DescribeServices', kind: 'accessDenied' });
      await refresh.pass(120_000);
      assert.equal(await shown(), SERVICES);
      assert.deepEqual(ofKind(await model.rows(main), 'message'), []);
      await sandbox.control('DELETE', 'faults');
      await ecs.createService({
        cluster: 'main',
        serviceName: 'new',
        taskDefinition: 'web',
        desiredCount: 0,
      });
      await refresh.pass(600_000);
      assert.equal(await shown(), SERVICES + 1);
    } finally {
      refresh.dispose();
      model.clear();
    }
  });
});
