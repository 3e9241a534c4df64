import assert from 'node:assert/strict';
import type { Task } from '@aws-sdk/client-ecs';
import type { AwsContext } from '../../../src/aws/context';
import type { Page } from '../../../src/aws/page';
import type { ExplorerSource } from '../../../src/explorer/children';
import { nodeId, type TaskGroupNode } from '../../../src/explorer/explorerNode';
import { describeNode } from '../../../src/explorer/rowText';
import { StoppedTaskMemory, type MemoryStorage } from '../../../src/explorer/stoppedTaskMemory';
import { CONTEXT, fakeSource, pagesOf, rowsOf } from './fakeSource';

const ACCOUNT = 'arn:aws:ecs:eu-central-1:123456789012';
const CLUSTER = `${ACCOUNT}:cluster/main`;
const OTHER: AwsContext = { ...CONTEXT, region: 'us-east-1' };
const PLACE = { context: CONTEXT, clusterArn: CLUSTER, service: 'web' };

/** Storage as VS Code has it: what is written comes back as JSON. */
class JsonStorage implements MemoryStorage {
  text = '[]';
  writes = 0;
  read(): unknown {
    return JSON.parse(this.text);
  }
  write(records: readonly object[]): void {
    this.writes++;
    this.text = JSON.stringify(records);
  }
}

const stopped = (id: string, more: Partial<Task> = {}): Task => ({
  taskArn: `${ACCOUNT}:task/main/${id}`,
  clusterArn: CLUSTER,
  taskDefinitionArn: `${ACCOUNT}:task-definition/web:3`,
  group: 'service:web',
  lastStatus: 'STOPPED',
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'Essential container in task exited',
  createdAt: new Date(1000),
  stoppedAt: new Date(2000),
  overrides: { containerOverrides: [{ name: 'app', environment: [{ name: 'TOKEN', value: 'hush' }] }] },
  containers: [
    { name: 'app', image: 'busybox', exitCode: 137, reason: 'OutOfMemoryError', lastStatus: 'STOPPED' },
  ],
  ...more,
});

describe('The memory of stopped tasks', () => {
  let storage: JsonStorage;
  let memory: StoppedTaskMemory;
  beforeEach(() => {
    storage = new JsonStorage();
    memory = new StoppedTaskMemory(storage, 3);
  });
  const ids = (): (string | undefined)[] =>
    memory.recall(PLACE).map(({ taskArn }) => taskArn?.split('/').at(-1));

  it('keeps how a task ended, and nothing of its environment or of who asked', () => {
    const owned: AwsContext = {
      ...CONTEXT,
      source: { kind: 'static', accessKeyId: 'AKIAEXAMPLEEXAMPLE', secretAccessKey: 'hush' },
    };
    memory.remember(owned, [stopped('a')]);
    const [task] = memory.recall({ ...PLACE, context: owned });
    assert.equal(task?.stoppedReason, 'Essential container in task exited');
    assert.deepEqual(task.stoppedAt, new Date(2000));
    assert.deepEqual(task.containers, stopped('a').containers);
    assert.doesNotMatch(storage.text, /hush|TOKEN|AKIA/);
  });

  it('writes nothing when it knows them all', () => {
    memory.remember(CONTEXT, [stopped('a'), stopped('b')]);
    memory.remember(CONTEXT, [stopped('b'), stopped('c', { lastStatus: 'RUNNING' })]);
    memory.remember(CONTEXT, [stopped('d', { group: 'family:job' })]);
    assert.equal(storage.writes, 1);
    assert.deepEqual(ids(), ['a', 'b']);
  });

  it('drops those that stopped first', () => {
    for (const [index, id] of ['a', 'b', 'c', 'd'].entries()) {
      memory.remember(CONTEXT, [stopped(id, { createdAt: new Date(index), stoppedAt: new Date(index) })]);
    }
    assert.deepEqual(ids(), ['d', 'c', 'b']);
  });

  it('forgets one, or all of a service', () => {
    memory.remember(CONTEXT, [stopped('a'), stopped('b'), stopped('c')]);
    assert.equal(memory.forget(PLACE, `${ACCOUNT}:task/main/b`), 1);
    assert.deepEqual(ids(), ['a', 'c']);
    assert.equal(memory.forget({ ...PLACE, context: OTHER }), 0);
    assert.equal(memory.forget(PLACE), 2);
    assert.deepEqual(ids(), []);
  });

  it('takes no part of what is stored otherwise', () => {
    storage.text = JSON.stringify([1, null, { context: 'x' }]);
    assert.deepEqual(ids(), []);
    storage.text = '"nothing"';
    assert.deepEqual(ids(), []);
  });
});

describe('The stopped tasks of a service', () => {
  const group: TaskGroupNode = {
    kind: 'taskGroup',
    id: nodeId(CONTEXT, 'taskGroup', CLUSTER, 'web'),
    context: CONTEXT,
    clusterArn: CLUSTER,
    stoppedOf: 'web',
  };
  const sourceOf = (tasks: Task[], stoppedTasks: StoppedTaskMemory): ExplorerSource => ({
    ...fakeSource([CONTEXT], {
      [CONTEXT.region]: { ecs: { tasks: () => pagesOf<Page<Task>>({ items: tasks, failures: [] }) } },
    }),
    stoppedTasks,
  });

  it('stay when ECS has forgotten them, marked as from memory', async () => {
    const memory = new StoppedTaskMemory(new JsonStorage());
    const seen = await rowsOf(group, sourceOf([stopped('aaaaaaaa')], memory));
    const row = describeNode(seen[0]!, new Date(0));
    assert.equal(row.contextValue, 'task.stopped.failing');
    const rows = await rowsOf(group, sourceOf([stopped('bbbbbbbb')], memory));
    const texts = rows.map((node) => describeNode(node, new Date(0)));
    assert.deepEqual(
      texts.map(({ label }) => label),
      ['bbbbbbbb', 'aaaaaaaa'],
    );
    assert.equal(
      texts[1]?.description,
      'from memory · stopped · rev. 3 · Essential container in task exited · just now',
    );
    assert.equal(texts[1].contextValue, 'task.stopped.failing.remembered');
    const [container] = await rowsOf(rows[1]!, sourceOf([], memory));
    assert.match(describeNode(container!, new Date(0)).description ?? '', /exit code 137 · OutOfMemoryError/);
  });
});
