import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { poll } from '../../src/base/delay';
import { run } from '../../src/base/process';
import { launchSandbox, type RunningSandbox } from '../../src/sandbox/launch';
import { type BusyboxImage, buildBusyboxImage } from '../support/busyboxImage';
import { describeWithEngine } from '../support/engine';
import { useSandboxProgram } from '../support/sandboxProgram';

describeWithEngine('the sandbox with an engine', (engine) => {
  const entry = useSandboxProgram();
  const dataDir = mkdtempSync(join(tmpdir(), 'lifecycle-'));
  let image: BusyboxImage;
  let sandbox: RunningSandbox | undefined;

  before(async function () {
    this.timeout(120_000);
    image = await buildBusyboxImage(this, engine());
  });
  after(async function () {
    this.timeout(60_000);
    await sandbox?.stop();
    await image?.remove();
    rmSync(dataDir, { recursive: true });
  });

  const launch = async (): Promise<RunningSandbox> =>
    (sandbox = await launchSandbox({ entry: entry(), dataDir, engine: engine().id }));
  const settings = (endpoint: string) => ({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAEXAMPLEEXAMPLE', secretAccessKey: 'example' },
  });
  const containers = async (): Promise<string[]> => {
    const id = readFileSync(join(dataDir, 'sandbox-id'), 'utf8').trim();
    const { stdout } = await run({
      file: engine().file,
      args: ['ps', '--all', '--quiet', '--filter', `label=aws-containers.sandbox=${id}`],
    });
    return stdout.split('\n').filter(Boolean).sort();
  };
  const until = <T>(probe: () => Promise<T | undefined>): Promise<T> =>
    poll(probe, { interval: 100, signal: AbortSignal.timeout(60_000) });

  it('leaves nothing behind when it is stopped, nor, once it is started again, when it was killed', async function () {
    this.timeout(180_000);
    const first = await launch();
    assert.equal(first.engine, engine().id);
    const ecs = new ECSClient(settings(first.endpoint));
    const logs = new CloudWatchLogsClient(settings(first.endpoint));
    const runningTask = (besides?: string): Promise<Task> =>
      until(async () => {
        const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster: 'demo' }));
        if (taskArns.length === 0) {
          return undefined;
        }
        const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster: 'demo', tasks: taskArns }));
        return tasks.find(({ taskArn, lastStatus }) => taskArn !== besides && lastStatus === 'RUNNING');
      });
    await ecs.send(new CreateClusterCommand({ clusterName: 'demo' }));
    await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'clock',
        containerDefinitions: [
          {
            name: 'clock',
            image: image.reference,
            memory: 32,
            command: ['sh', '-c', 'echo started; while true; do sleep 1; done'],
            stopTimeout: 2,
            logConfiguration: {
              logDriver: 'awslogs',
              options: {
                'awslogs-group': '/ecs/clock',
                'awslogs-region': 'us-east-1',
                'awslogs-stream-prefix': 'ecs',
                'awslogs-create-group': 'true',
              },
            },
          },
        ],
      }),
    );
    await ecs.send(
      new CreateServiceCommand({
        cluster: 'demo',
        serviceName: 'clock',
        taskDefinition: 'clock',
        desiredCount: 1,
      }),
    );
    const lost = await runningTask();
    await until(async () => {
      const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: '/ecs/clock' }));
      return events.find(({ message }) => message === 'started');
    });
    const before = await containers();
    assert.notEqual(before.length, 0);

    process.kill(first.pid, 'SIGKILL');
    await until(() =>
      fetch(first.endpoint).then(
        () => undefined,
        () => true,
      ),
    );
    assert.deepEqual(await containers(), before);

    const second = await launch();
    assert.equal(second.endpoint, first.endpoint);
    const replacement = await runningTask(lost.taskArn);
    assert.equal(replacement.startedBy?.startsWith('ecs-svc/'), true);
    const { tasks = [] } = await ecs.send(
      new DescribeTasksCommand({ cluster: 'demo', tasks: [lost.taskArn ?? ''] }),
    );
    assert.equal(tasks[0]?.lastStatus, 'STOPPED');
    assert.ok(tasks[0].stoppedReason);
    const after = await containers();
    assert.deepEqual(
      after.filter((container) => before.includes(container)),
      [],
    );

    await second.stop();
    assert.deepEqual(await containers(), []);
  });

  it('leaves nothing behind when it is reset', async function () {
    this.timeout(120_000);
    const { endpoint } = await launch();
    await until(async () => ((await containers()).length > 0 ? true : undefined));
    const answer = await fetch(`${endpoint}/_sandbox/reset`, {
      method: 'POST',
      headers: { 'x-sandbox-control': '1' },
    });
    assert.equal(answer.status, 200);
    assert.deepEqual(await containers(), []);
    await sandbox?.stop();
  });
});
