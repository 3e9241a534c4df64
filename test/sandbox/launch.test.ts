import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateRepositoryCommand, DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import { DescribeAccessPointsCommand, EFSClient } from '@aws-sdk/client-efs';
import { poll } from '../../src/base/delay';
import { type LaunchOptions, launchSandbox, type RunningSandbox } from '../../src/sandbox/launch';
import { useSandboxProgram } from '../support/sandboxProgram';

describe('the sandbox as a program', function () {
  this.timeout(60_000);
  const entry = useSandboxProgram();
  let folder: string;
  let dataDir: string;
  const launched: RunningSandbox[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'launch-'));
    dataDir = join(folder, 'data with a space');
  });
  afterEach(async () => {
    await Promise.all(launched.splice(0).map((sandbox) => sandbox.stop()));
    rmSync(folder, { recursive: true });
  });

  const launch = async (options: Partial<LaunchOptions> = {}): Promise<RunningSandbox> => {
    const sandbox = await launchSandbox({ entry: entry(), dataDir, engine: 'none', ...options });
    launched.push(sandbox);
    return sandbox;
  };
  const settings = (endpoint: string) => ({
    endpoint,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIAEXAMPLEEXAMPLE', secretAccessKey: 'example' },
  });
  const groupNames = async ({ endpoint }: RunningSandbox): Promise<string[]> => {
    const found = await new CloudWatchLogsClient(settings(endpoint)).send(new DescribeLogGroupsCommand({}));
    return (found.logGroups ?? []).map(({ logGroupName = '' }) => logGroupName);
  };
  const isAlive = (pid: number): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  const untilEnded = (pid: number): Promise<true> =>
    poll(() => Promise.resolve(isAlive(pid) ? undefined : true), {
      interval: 20,
      signal: AbortSignal.timeout(20_000),
    });

  it('says where it is when it is ready, and is gone when it was stopped', async () => {
    const sandbox = await launch();
    const { endpoint, registry, engine, pid } = sandbox;
    assert.match(endpoint, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(`http://${registry}`, endpoint);
    assert.equal(engine, 'none');
    const info = await fetch(`${endpoint}/_sandbox/info`, { headers: { 'x-sandbox-control': '1' } });
    assert.deepEqual(await info.json(), { endpoint, registry, engine, faults: [] });
    await sandbox.stop();
    assert.equal(isAlive(pid), false);
    await assert.rejects(fetch(endpoint));
  });

  it('has everything that it acknowledged after it was killed, at the same address', async () => {
    const first = await launch();
    const logs = new CloudWatchLogsClient(settings(first.endpoint));
    await logs.send(new CreateLogGroupCommand({ logGroupName: 'kept' }));
    await logs.send(new CreateLogStreamCommand({ logGroupName: 'kept', logStreamName: 's' }));
    const timestamp = Date.now();
    for (let index = 0; index < 20; index += 1) {
      await logs.send(
        new PutLogEventsCommand({
          logGroupName: 'kept',
          logStreamName: 's',
          logEvents: [{ timestamp, message: `${index}` }],
        }),
      );
    }
    const ecr = new ECRClient(settings(first.endpoint));
    await ecr.send(new CreateRepositoryCommand({ repositoryName: 'kept' }));
    process.kill(first.pid, 'SIGKILL');
    await untilEnded(first.pid);

    const second = await launch();
    assert.equal(second.endpoint, first.endpoint);
    const { events = [] } = await logs.send(
      new GetLogEventsCommand({ logGroupName: 'kept', logStreamName: 's', startFromHead: true }),
    );
    assert.deepEqual(
      events.map(({ message }) => message),
      Array.from({ length: 20 }, (_, index) => `${index}`),
    );
    const { repositories } = await ecr.send(new DescribeRepositoriesCommand({}));
    assert.equal(repositories?.[0]?.repositoryUri, `${second.registry}/kept`);
  });

  it('takes another port where the one it had is taken, unless it was told which', async () => {
    const first = await launch();
    await first.stop();
    const other = createServer();
    const port = Number(new URL(first.endpoint).port);
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    try {
      const second = await launch();
      assert.notEqual(second.endpoint, first.endpoint);
      await second.stop();
      await assert.rejects(launch({ port: (other.address() as AddressInfo).port }), {
        reason: 'sandboxFailed',
        message: /could not start: Another program listens on the sandbox's port.*\d+\.$/,
      });
    } finally {
      other.close();
    }
    assert.equal(isAlive((await launch()).pid), true);
  });

  it('is refused a folder that another one uses, and says which', async () => {
    const { pid } = await launch();
    await assert.rejects(launch(), {
      reason: 'sandboxFailed',
      message: `The local sandbox could not start: The sandbox's folder is in use by process ${pid}. Stop that sandbox, or choose another folder: ${dataDir}`,
    });
  });

  it('ends with the process that started it, however that ends', async () => {
    const parent = spawn(
      process.execPath,
      [
        '-e',
        `const child = require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
         child.stdout.once('data', () => console.log(child.pid));`,
        entry(),
        '--port=0',
        `--data-dir=${dataDir}`,
        '--engine=none',
        '--exit-with-parent',
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once('data', (data: Buffer) => resolve(Number(data.toString()))),
    );
    assert.equal(isAlive(pid), true);
    parent.kill('SIGKILL');
    await untilEnded(pid);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`ends in order on ${signal}`, async () => {
      const child = spawn(process.execPath, [entry(), '--port=0', `--data-dir=${dataDir}`, '--engine=none'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await new Promise((resolve) => child.stdout.once('data', resolve));
      child.kill(signal);
      assert.equal(await new Promise((resolve) => child.once('exit', resolve)), 0);
    });
  }

  it('ends when it is asked over HTTP', async () => {
    const { endpoint, pid } = await launch();
    const answer = await fetch(`${endpoint}/_sandbox/shutdown`, {
      method: 'POST',
      headers: { 'x-sandbox-control': '1' },
    });
    assert.equal(answer.status, 200);
    await untilEnded(pid);
  });

  it('gives up its start when it is cancelled', async () => {
    const cancel = new AbortController();
    const launching = launch({ signal: cancel.signal });
    setTimeout(() => cancel.abort(), 50);
    await assert.rejects(launching, { reason: 'cancelled' });
    await assert.rejects(launch({ signal: AbortSignal.abort() }), { reason: 'cancelled' });
  });

  it('says that there is no program, or no Node, to start', async () => {
    await assert.rejects(launch({ entry: join(folder, 'none.js') }), { reason: 'sandboxFailed' });
    await assert.rejects(launch({ execPath: join(folder, 'none') }), {
      reason: 'sandboxFailed',
      message: /could not be started/,
    });
  });

  for (const [args, message] of [
    [['--port=x'], /--port must be a whole number from 0 to 65535: x/],
    [['--port=70000'], /--port must be/],
    [['--engine=lxc'], /--engine must be one of auto, docker/],
    [['--latency=-1'], /--latency must be a whole number/],
    [['--nonsense'], /--nonsense/],
    [['more'], /more/],
    [['--seed=/nonexistent.json'], /The seed cannot be read/],
  ] as const) {
    it(`explains its use when it is given ${args.join(' ')}`, () => {
      const { status, stderr, stdout } = spawnSync(
        process.execPath,
        [entry(), ...args, ...(args[0] === 'more' ? [] : [`--data-dir=${dataDir}`])],
        { encoding: 'utf8' },
      );
      assert.equal(status, 2);
      assert.match(stderr, /^Usage: sandbox/);
      assert.match(stderr, message);
      assert.equal(stdout, '');
    });
  }

  describe('with a seed', () => {
    const seed = (content: object | string): string => {
      const file = join(folder, 'seed.json');
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
      return file;
    };
    const everything = {
      region: 'us-east-1',
      logGroups: [{ logGroupName: '/ecs/web' }],
      repositories: [{ repositoryName: 'web' }],
      roles: [
        {
          RoleName: 'task',
          AssumeRolePolicyDocument: {
            Statement: { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' },
          },
          Policies: [
            {
              PolicyName: 'all',
              PolicyDocument: { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
            },
          ],
        },
      ],
      secrets: [{ Name: 'web/password', SecretString: 'not-a-real-password' }],
      parameters: [{ Name: '/web/level', Type: 'String', Value: 'info' }],
      fileSystems: [{ CreationToken: 'data', AccessPoints: [{ ClientToken: 'uploads' }] }],
      clusters: [{ clusterName: 'demo' }],
      taskDefinitions: [
        { family: 'web', containerDefinitions: [{ name: 'web', image: '${registry}/web:1', memory: 64 }] },
      ],
      services: [{ cluster: 'demo', serviceName: 'web', taskDefinition: 'web', desiredCount: 0 }],
    };

    it('makes what is not there, once, also after a restart and after a reset', async () => {
      const file = seed(everything);
      for (const round of [1, 2]) {
        const sandbox = await launch({ seed: file });
        assert.deepEqual(await groupNames(sandbox), ['/ecs/web']);
        const ecs = new ECSClient(settings(sandbox.endpoint));
        const { services } = await ecs.send(
          new DescribeServicesCommand({ cluster: 'demo', services: ['web'] }),
        );
        assert.match(services?.[0]?.taskDefinition ?? '', /task-definition\/web:1$/, `round ${round}`);
        const { AccessPoints } = await new EFSClient(settings(sandbox.endpoint)).send(
          new DescribeAccessPointsCommand({}),
        );
        assert.deepEqual(
          AccessPoints?.map(({ ClientToken }) => ClientToken),
          ['uploads'],
        );
        await new CloudWatchLogsClient(settings(sandbox.endpoint)).send(
          new CreateLogGroupCommand({ logGroupName: 'by-hand' }),
        );
        await fetch(`${sandbox.endpoint}/_sandbox/reset`, {
          method: 'POST',
          headers: { 'x-sandbox-control': '1' },
        });
        assert.deepEqual(await groupNames(sandbox), ['/ecs/web']);
        await sandbox.stop();
      }
    });

    for (const [title, content, message] of [
      ['is not JSON', '{', /not valid JSON/],
      ['is a list', [], /not a JSON object/],
      ['has an unknown member', { buckets: [] }, /"buckets"/],
      ['has a member of the wrong kind', { clusters: ['demo'] }, /"clusters" is not a list of objects/],
      [
        'asks for what the service refuses',
        { repositories: [{ repositoryName: 'UPPER' }] },
        /repositories were refused: /,
      ],
      [
        'has a policy of the wrong kind',
        { roles: [{ ...everything.roles[0], Policies: 'all' }] },
        /"Policies" is not a list/,
      ],
      ['lacks what the operation requires', { services: [{}] }, /services were refused: /],
    ] as const) {
      it(`refuses one that ${title}`, () =>
        assert.rejects(launch({ seed: seed(content) }), { reason: 'sandboxFailed', message }));
    }
  });
});
