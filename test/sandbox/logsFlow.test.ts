import assert from 'node:assert/strict';
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { resourceName } from '../../src/aws/arn';
import { createEcsGateway, type EcsGateway } from '../../src/aws/ecsGateway';
import { createLogsGateway, type LogsGateway } from '../../src/aws/logsGateway';
import { followLogs, type FollowOptions, type LogEvent } from '../../src/logs/followLogs';
import { readLastLines } from '../../src/logs/lastLines';
import type { LogLine, LogTarget } from '../../src/logs/logTarget';
import { startTestSandbox, type RunningTestSandbox } from '../support/sandboxClients';
import { sandboxContext } from '../support/sandboxContext';

/** The tasks' own lines are older than this: what the tests write is all that is followed. */
const QUICK: FollowOptions = { pollMs: 20, discoverMs: 50, graceMs: 200, holdMs: 0 };

class Followed {
  readonly lines: LogLine[] = [];
  readonly notices: string[] = [];
  ended: string | undefined;
  readonly done: Promise<void>;
  private readonly abort = new AbortController();

  constructor(
    gateways: { ecs: EcsGateway; logs: LogsGateway },
    target: LogTarget,
    private readonly test: string,
    options: FollowOptions = QUICK,
  ) {
    this.done = this.collect(followLogs(gateways, target, options, this.abort.signal));
    this.done.catch(() => undefined);
  }

  get messages(): string[] {
    return this.lines.map(({ message }) => message);
  }

  async until(condition: () => boolean, what: string): Promise<void> {
    const deadline = Date.now() + 20_000;
    while (!condition()) {
      assert.ok(Date.now() < deadline, `never came: ${what}; notices: ${this.notices.join(' | ')}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async lineCount(count: number): Promise<void> {
    await this.until(() => this.lines.length >= count, `${count} lines, only ${this.lines.length}`);
  }

  async stop(): Promise<void> {
    this.abort.abort();
    await this.done;
  }

  private async collect(events: AsyncIterable<LogEvent>): Promise<void> {
    for await (const event of events) {
      switch (event.kind) {
        case 'lines':
          // What a simulated task says of itself is not what is tested.
          this.lines.push(...event.lines.filter(({ message }) => message.includes(this.test)));
          break;
        case 'notice':
          this.notices.push(event.text);
          break;
        case 'ended':
          this.ended = event.why;
      }
    }
  }
}

describe('following logs of the sandbox', function () {
  this.timeout(60_000);
  let sandbox: RunningTestSandbox;
  let gateways: { ecs: EcsGateway; logs: LogsGateway };
  let tests = 0;
  let group = '';
  let mark = '';

  before(async () => {
    sandbox = await startTestSandbox();
    const context = sandboxContext(sandbox.endpoint);
    gateways = { ecs: createEcsGateway(context), logs: createLogsGateway(context) };
    await gateways.ecs.createCluster({ clusterName: 'main' });
  });
  after(async () => {
    gateways.ecs.dispose();
    gateways.logs.dispose();
    await sandbox.close();
  });
  beforeEach(() => {
    mark = `test-${++tests}`;
    group = `/ecs/${mark}`;
  });
  afterEach(() => sandbox.control('DELETE', 'faults'));

  const register = (containers: readonly string[] = ['web', 'proxy']): Promise<unknown> =>
    gateways.ecs.registerTaskDefinition({
      family: mark,
      containerDefinitions: containers.map((name) => ({
        name,
        image: 'public.example/web:1',
        memory: 64,
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': group,
            'awslogs-region': 'eu-central-1',
            'awslogs-stream-prefix': 'ecs',
            'awslogs-create-group': 'true',
          },
        },
      })),
    });

  async function runTask(): Promise<string> {
    const { items } = await gateways.ecs.runTask({ cluster: 'main', taskDefinition: mark });
    const task = resourceName(items[0]?.taskArn ?? '');
    await settled(async () => {
      const page = await gateways.ecs.describeTasks('main', [task]);
      return page.items[0]?.lastStatus === 'RUNNING';
    });
    return task;
  }

  async function settled(condition: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 20_000;
    while (!(await condition())) {
      assert.ok(Date.now() < deadline, 'it never came to that');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async function put(task: string, container: string, events: readonly [number, string][]): Promise<void> {
    await sandbox.logs.send(
      new PutLogEventsCommand({
        logGroupName: group,
        logStreamName: `ecs/${container}/${task}`,
        logEvents: events.map(([timestamp, text]) => ({ timestamp, message: `${mark} ${text}` })),
      }),
    );
  }

  it('gives past and fresh lines of all containers, late and identical ones too, through faults', async () => {
    await register();
    const task = await runTask();
    const now = Date.now();
    await put(task, 'web', [
      [now - 3000, 'a'],
      [now - 1000, 'c'],
      [now - 1000, 'c'],
    ]);
    await put(task, 'proxy', [[now - 2000, 'b']]);
    const followed = new Followed(gateways, { cluster: 'main', task }, mark);
    await followed.lineCount(4);
    assert.deepEqual(
      followed.messages,
      ['a', 'b', 'c', 'c'].map((text) => `${mark} ${text}`),
    );
    await sandbox.control('POST', 'faults', { operation: 'FilterLogEvents', kind: 'throttle', count: 2 });
    await sandbox.control('POST', 'faults', {
      operation: 'FilterLogEvents',
      kind: 'drop',
      when: 'during',
      count: 2,
    });
    await sandbox.control('POST', 'faults', { operation: 'FilterLogEvents', kind: 'expiredToken', count: 3 });
    await put(task, 'proxy', [[now - 60_000, 'late']]);
    await put(task, 'web', [[now, 'fresh']]);
    await followed.lineCount(6);
    await gateways.ecs.stopTask('main', task, 'end of the test');
    await put(task, 'web', [[now + 1, 'last words']]);
    await followed.done;
    assert.equal(followed.ended, 'taskStopped');
    assert.equal(followed.lines.length, 7);
    assert.equal(new Set(followed.lines.map(({ id }) => id)).size, 7);
  });

  it('follows a service through the replacement of its tasks', async () => {
    await register(['web']);
    await gateways.ecs.createService({
      cluster: 'main',
      serviceName: mark,
      taskDefinition: mark,
      desiredCount: 2,
    });
    const running = async (): Promise<string[]> => {
      const ids: string[] = [];
      for await (const page of gateways.ecs.tasks('main', { service: mark })) {
        ids.push(
          ...page.items
            .filter(({ lastStatus }) => lastStatus === 'RUNNING')
            .map(({ taskArn = '' }) => resourceName(taskArn)),
        );
      }
      return ids;
    };
    await settled(async () => (await running()).length === 2);
    const followed = new Followed(gateways, { cluster: 'main', service: mark }, mark);
    const [first = '', second = ''] = await running();
    await put(first, 'web', [[Date.now(), 'one']]);
    await put(second, 'web', [[Date.now(), 'two']]);
    await followed.lineCount(2);
    await gateways.ecs.stopTask('main', first, 'to be replaced');
    await settled(async () => {
      const ids = await running();
      return ids.length === 2 && !ids.includes(first);
    });
    const third = (await running()).find((id) => id !== second) ?? '';
    await put(third, 'web', [[Date.now(), 'three']]);
    await put(first, 'web', [[Date.now(), 'last words of the first']]);
    await followed.lineCount(4);
    await followed.stop();
    assert.equal(followed.ended, 'aborted');
    assert.deepEqual(new Set(followed.lines.map((line) => line.task)), new Set([first, second, third]));
    await gateways.ecs.deleteService('main', mark, true);
  });

  it('waits for a group that was deleted, and goes on when it is back', async () => {
    await register(['web']);
    const task = await runTask();
    const followed = new Followed(gateways, { cluster: 'main', task }, mark);
    await put(task, 'web', [[Date.now(), 'one']]);
    await followed.lineCount(1);
    await sandbox.logs.send(new DeleteLogGroupCommand({ logGroupName: group }));
    await followed.until(() => followed.notices.some((text) => text.includes('does not exist')), 'a notice');
    await sandbox.logs.send(new CreateLogGroupCommand({ logGroupName: group }));
    await sandbox.logs.send(
      new CreateLogStreamCommand({ logGroupName: group, logStreamName: `ecs/web/${task}` }),
    );
    await put(task, 'web', [[Date.now(), 'two']]);
    await followed.lineCount(2);
    await followed.stop();
  });

  it('says what right is missing', async () => {
    await register(['web']);
    const task = await runTask();
    await sandbox.control('POST', 'faults', { operation: 'FilterLogEvents', kind: 'accessDenied' });
    const followed = new Followed(gateways, { cluster: 'main', task }, mark);
    await followed.until(() => followed.notices.length > 0, 'a notice');
    assert.match(followed.notices[0] ?? '', /not permitted/);
    await followed.stop();
  });

  it('loses nothing of a torrent that is written while it is read', async () => {
    await register();
    const task = await runTask();
    const followed = new Followed(gateways, { cluster: 'main', task }, mark, { ...QUICK, holdMs: 100 });
    const batches = 30;
    const size = 1000;
    for (let batch = 0; batch < batches; batch++) {
      const container = batch % 3 === 0 ? 'proxy' : 'web';
      const now = Date.now() - (batch % 5) * 2000;
      await put(
        task,
        container,
        Array.from(
          { length: size },
          (_, index) => [now + (index >> 6), `line of batch ${batch}`] as [number, string],
        ),
      );
    }
    await followed.lineCount(batches * size);
    await gateways.ecs.stopTask('main', task, 'end of the test');
    await followed.done;
    assert.equal(followed.lines.length, batches * size);
    assert.equal(new Set(followed.lines.map(({ id }) => id)).size, batches * size);
  });

  it('reads the last lines of a container', async () => {
    await register(['web']);
    const task = await runTask();
    const now = Date.now();
    await put(
      task,
      'web',
      Array.from({ length: 50 }, (_, index) => [now + index, `line ${index}`]),
    );
    const source = { group, stream: `ecs/web/${task}`, task, container: 'web' };
    const lines = await readLastLines(gateways.logs, source, 3);
    assert.deepEqual(
      lines.map(({ message }) => message),
      [47, 48, 49].map((index) => `${mark} line ${index}`),
    );
    await assert.rejects(readLastLines(gateways.logs, { ...source, stream: 'absent' }, 3), {
      reason: 'notFound',
    });
  });
});
