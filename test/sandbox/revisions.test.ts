import assert from 'node:assert/strict';
import type { AwsContext } from '../../src/aws/context';
import type { EcsGateway } from '../../src/aws/ecsGateway';
import { collect } from '../../src/aws/page';
import { createSession, type AwsSession } from '../../src/aws/session';
import { resourceName } from '../../src/aws/arn';
import { UserError } from '../../src/base/errors';
import { describeChanges } from '../../src/deploy/describeChanges';
import { normalise, toRegisterInput } from '../../src/deploy/registerInput';
import { planCleanUp, removeRevisions } from '../../src/deploy/removeRevisions';
import { findRevisionUse, findServicesOf } from '../../src/deploy/revisionUse';
import { formatTaskDefinition } from '../../src/taskdef/formatTaskDefinition';
import { readTaskDefinition } from '../../src/taskdef/readTaskDefinition';
import { useSandbox } from '../support/sandboxClients';
import { sandboxContext } from '../support/sandboxContext';
import { FIXTURES } from '../unit/taskdef/rules/fixtures';

describe('Revisions of task definitions against the sandbox', () => {
  const sandbox = useSandbox();
  let session: AwsSession;
  let ecs: EcsGateway;
  before(() => {
    const context: AwsContext = sandboxContext(sandbox.endpoint);
    session = createSession(context);
    ({ ecs } = session);
  });
  after(() => session.dispose());

  const register = async (family: string, count: number): Promise<void> => {
    for (let made = 0; made < count; made += 1) {
      await ecs.registerTaskDefinition({
        family,
        containerDefinitions: [{ name: 'app', image: '127.0.0.1:1/none:none', memory: 64 }],
      });
    }
  };
  const names = async (family: string, status: 'ACTIVE' | 'INACTIVE'): Promise<string[]> =>
    (await collect(ecs.revisions(family, status))).map(resourceName);

  describe('as text', () => {
    /** What the rules call right, as far as the sandbox registers it. */
    const definitions = async function* (): AsyncGenerator<{ file: string; live: string }> {
      for (const { passes } of FIXTURES) {
        const text = typeof passes === 'string' ? passes : JSON.stringify(passes);
        try {
          const input = readTaskDefinition(text, 'fixture');
          const { taskDefinitionArn = '' } = await ecs.registerTaskDefinition({ ...input, family: 'texts' });
          yield { file: JSON.stringify({ ...input, family: 'texts' }), live: taskDefinitionArn };
        } catch (error) {
          assert.ok(error instanceof UserError && error.reason !== 'internal', String(error));
        }
      }
    };

    it('register again as the same definition, and then read the same', async function () {
      this.timeout(60_000);
      let count = 0;
      for await (const { live } of definitions()) {
        const before = await ecs.taskDefinition(live);
        const text = formatTaskDefinition(toRegisterInput(before));
        const again = await ecs.registerTaskDefinition(readTaskDefinition(text, 'live'));
        const after = await ecs.taskDefinition(again.taskDefinitionArn ?? '');
        assert.equal(formatTaskDefinition(toRegisterInput(after)), text);
        const { taskDefinitionArn: _a, revision: _r, registeredAt: _t, ...first } = before.taskDefinition;
        const { taskDefinitionArn: _b, revision: _s, registeredAt: _u, ...second } = after.taskDefinition;
        // Lists that were empty are left out, and nothing else.
        assert.equal(formatTaskDefinition(second), formatTaskDefinition(first));
        assert.deepEqual(after.tags, before.tags);
        count += 1;
      }
      assert.ok(count > 60, `${count} definitions were registered`);
    });

    it('do not differ from the file that was registered, whatever ECS added', async function () {
      this.timeout(60_000);
      for await (const { file, live } of definitions()) {
        const registered = normalise(toRegisterInput(await ecs.taskDefinition(live)));
        assert.deepEqual(describeChanges(normalise(readTaskDefinition(file, 'file')), registered), [], file);
      }
    });
  });

  describe('that are cleaned up', () => {
    before(async () => {
      await ecs.createCluster({ clusterName: 'one' });
      await ecs.createCluster({ clusterName: 'two' });
      await register('web', 15);
      await register('web-other', 1);
      await ecs.createService({
        cluster: 'one',
        serviceName: 'web',
        taskDefinition: 'web:2',
        desiredCount: 1,
      });
      await ecs.createService({
        cluster: 'two',
        serviceName: 'idle',
        taskDefinition: 'web:4',
        desiredCount: 0,
      });
      await ecs.createService({
        cluster: 'two',
        serviceName: 'other',
        taskDefinition: 'web-other',
        desiredCount: 0,
      });
      await ecs.runTask({ cluster: 'two', taskDefinition: 'web:3' });
      await ecs.deregisterTaskDefinition('web:1');
    });

    it('are known to be in use by services and tasks of any cluster', async () => {
      const asked: string[] = [];
      const use = await findRevisionUse(ecs, ['web'], undefined, (cluster) => asked.push(cluster));
      assert.deepEqual([...use].sort(), [
        ['web:2', ['service one/web']],
        ['web:3', ['a task in two']],
        ['web:4', ['service two/idle']],
      ]);
      assert.deepEqual(asked.sort(), ['one', 'two']);
      assert.deepEqual(
        (await findServicesOf(ecs, 'web')).map(({ cluster, service }) => `${cluster}/${service}`).sort(),
        ['one/web', 'two/idle'],
      );
    });

    it('are not touched when a cluster cannot be read', async () => {
      await sandbox.control('POST', 'faults', { operation: 'DescribeServices', kind: 'error', count: 20 });
      try {
        await assert.rejects(findRevisionUse(ecs, ['web']), /in use cannot be told/);
      } finally {
        await sandbox.control('DELETE', 'faults');
      }
    });

    it('go but for the newest and those in use, and are deleted', async function () {
      this.timeout(30_000);
      const use = await findRevisionUse(ecs, ['web']);
      const revisions = {
        active: await collect(ecs.revisions('web', 'ACTIVE')),
        inactive: await collect(ecs.revisions('web', 'INACTIVE')),
      };
      const plan = planCleanUp(revisions, use, { keep: 2, delete: true });
      assert.deepEqual(plan.inUse.map(resourceName), ['web:4', 'web:3', 'web:2']);
      const done: string[] = [];
      for await (const { kind } of removeRevisions(ecs, plan)) {
        done.push(kind);
      }
      assert.equal(done.filter((kind) => kind === 'deregistered').length, 9);
      assert.equal(done.filter((kind) => kind === 'deleted').length, 10);
      assert.deepEqual(await names('web', 'ACTIVE'), ['web:15', 'web:14', 'web:4', 'web:3', 'web:2']);
      assert.deepEqual(await names('web', 'INACTIVE'), []);
      await assert.rejects(ecs.taskDefinition('web:1'), UserError);
    });

    it('fail one by one, with what ECS says', async () => {
      const events: string[] = [];
      const plan = { deregister: ['web:14', 'web:99'], delete: ['web:15', 'web:14'], inUse: [] };
      for await (const event of removeRevisions(ecs, plan)) {
        events.push(
          event.kind === 'failed' ? `${event.name}: ${event.error.message}` : `${event.kind} ${event.name}`,
        );
      }
      assert.match(events[0] ?? '', /^web:99: .*does not exist/);
      assert.deepEqual(events.slice(1, 3), ['deregistered web:14', 'deleted web:14']);
      assert.match(events[3] ?? '', /^web:15: .*TASK_DEFINITION_STILL_ACTIVE/);
    });
  });
});
