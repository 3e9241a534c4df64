import assert from 'node:assert/strict';
import type { Task } from '@aws-sdk/client-ecs';
import type { EcsGateway } from '../../../src/aws/ecsGateway';
import type { LogsGateway } from '../../../src/aws/logsGateway';
import { explainFailure } from '../../../src/deploy/explainFailure';
import { hintFor } from '../../../src/deploy/failureHints';

const NO_SIGNS = {
  stopCode: undefined,
  stoppedReason: undefined,
  containerReason: undefined,
  exitCode: undefined,
  lines: [],
};

describe('a hint', () => {
  /** Texts as ECS gives them. */
  const cases: readonly (readonly [string, Partial<typeof NO_SIGNS> | object, RegExp | undefined])[] = [
    [
      'a wrong architecture in the lines',
      { exitCode: 1, lines: ['exec /app: exec format error'] },
      /architecture/,
    ],
    [
      'a wrong architecture in the reason',
      { containerReason: 'CannotStartContainerError: exec format error' },
      /architecture/,
    ],
    [
      'a platform that the image lacks',
      {
        stoppedReason:
          "CannotPullContainerError: pull image manifest has been retried 5 time(s): image Manifest does not contain descriptor matching platform 'linux/amd64'",
      },
      /variant/,
    ],
    [
      'an image that is not there',
      {
        stoppedReason:
          'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref web:9: not found',
      },
      /no such image/i,
    ],
    [
      'a pull that is not permitted',
      { stoppedReason: 'CannotPullContainerError: Error response from daemon: pull access denied, 403' },
      /may not pull/,
    ],
    [
      'a registry out of reach',
      {
        stoppedReason:
          'CannotPullContainerError: ref pull has been retried 1 time(s): dial tcp 10.0.0.1:443: i/o timeout',
      },
      /cannot be reached/,
    ],
    [
      'a pull limit',
      { containerReason: 'CannotPullContainerError: toomanyrequests: You have reached your pull rate limit' },
      /limits how often/,
    ],
    [
      'a secret',
      {
        stoppedReason:
          'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed',
      },
      /secret/,
    ],
    [
      'a log group',
      {
        stoppedReason:
          'ResourceInitializationError: failed to validate logger args: create stream: The specified log group does not exist.',
      },
      /log group/,
    ],
    [
      'memory',
      { containerReason: 'OutOfMemoryError: Container killed due to memory usage', exitCode: 137 },
      /more memory/,
    ],
    ['a kill', { exitCode: 137 }, /killed/],
    ['a health check', { stoppedReason: 'Task failed container health checks' }, /startPeriod/],
    [
      "a load balancer's health check",
      { stoppedReason: 'Task failed ELB health checks in (target-group arn)' },
      /health check/,
    ],
    [
      'a used port',
      { exitCode: 1, lines: ['Error: listen EADDRINUSE: address already in use :::80'] },
      /already used/,
    ],
    [
      'a missing program',
      {
        containerReason: 'CannotStartContainerError: exec: "serve": executable file not found in $PATH',
        exitCode: 127,
      },
      /cannot be started/,
    ],
    ['a command that is not found', { exitCode: 127 }, /not found/],
    ['a good end', { exitCode: 0, stoppedReason: 'Essential container in task exited' }, /by itself/],
    ['any other exit code', { exitCode: 42 }, /exit code 42/],
    ['nothing known', {}, undefined],
  ];
  for (const [what, signs, expected] of cases) {
    it(`is given for ${what}`, () => {
      const hint = hintFor({ ...NO_SIGNS, ...signs });
      if (expected) {
        assert.match(hint ?? '', expected);
      } else {
        assert.equal(hint, undefined);
      }
    });
  }
});

describe('explaining a failure', () => {
  const DEPLOYMENT = { cluster: 'main', service: 'web', deploymentId: 'ecs-svc/2' };
  const task = (id: string, members: Task): Task => ({
    taskArn: `arn:aws:ecs:eu-central-1:123456789012:task/main/${id}`,
    startedBy: 'ecs-svc/2',
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    ...members,
  });
  const gateways = (tasks: readonly Task[]): { ecs: EcsGateway; logs: LogsGateway } => ({
    ecs: {
      context: { region: 'eu-central-1' },
      async *tasks() {
        yield await Promise.resolve({ items: tasks, failures: [] });
      },
      taskDefinition: () =>
        Promise.resolve({
          taskDefinition: {
            containerDefinitions: ['web', 'proxy'].map((name) => ({
              name,
              logConfiguration: {
                logDriver: 'awslogs',
                options: { 'awslogs-group': '/ecs/web', 'awslogs-stream-prefix': 'ecs' },
              },
            })),
          },
          tags: [],
        }),
    } as unknown as EcsGateway,
    logs: {
      streamEvents: ({ stream, token }: { stream: string; token?: string }) =>
        Promise.resolve({
          events: token === undefined ? [{ timestamp: 1, message: `last words in ${stream}` }] : [],
          backwardToken: 'b/1',
        }),
    } as unknown as LogsGateway,
  });

  it('names the container that failed, not those that were ended with it', async () => {
    const failure = await explainFailure(
      gateways([
        task('t1', {
          containers: [
            { name: 'proxy', exitCode: 137 },
            { name: 'web', exitCode: 3 },
          ],
        }),
      ]),
      DEPLOYMENT,
      [],
    );
    assert.equal(failure.tasks[0]?.failedContainer, 'web');
    assert.deepEqual(
      failure.tasks[0].lastLines.map(({ message }) => message),
      ['last words in ecs/web/t1'],
    );
    assert.match(
      failure.summary,
      /Essential container in task exited\. The container web ended with exit code 3\./,
    );
  });

  it('shows one task for each cause, the newest first, and none of other deployments', async () => {
    const failing = (id: string, exitCode: number, at: number): Task =>
      task(id, { containers: [{ name: 'web', exitCode }], stoppedAt: new Date(at) });
    const failure = await explainFailure(
      gateways([
        failing('t1', 1, 1000),
        failing('t2', 1, 2000),
        failing('t3', 2, 3000),
        { ...failing('t4', 9, 4000), startedBy: 'ecs-svc/1' },
      ]),
      DEPLOYMENT,
      [],
    );
    assert.deepEqual(
      failure.tasks.map(({ task }) => task),
      ['t3', 't2'],
    );
  });

  it('does not count tasks that were ended in good health', async () => {
    const failure = await explainFailure(
      gateways([
        task('t1', {
          stopCode: 'ServiceSchedulerInitiated',
          stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/2)',
        }),
        task('t2', { stopCode: 'UserInitiated' }),
      ]),
      DEPLOYMENT,
      ['(service web) has started 1 tasks.', '(service web) was unable to place a task.'],
    );
    assert.deepEqual(failure.tasks, []);
    assert.match(failure.summary, /unable to place/);
  });
});
