import assert from 'node:assert/strict';
import {
  ClientException,
  ClusterNotFoundException,
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  InvalidParameterException,
  ListTasksCommand,
  paginateListServices,
  paginateListTaskDefinitions,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  ServiceNotFoundException,
  StopTaskCommand,
  UpdateServiceCommand,
  waitUntilServicesInactive,
  waitUntilServicesStable,
  waitUntilTasksRunning,
  waitUntilTasksStopped,
  type RegisterTaskDefinitionCommandInput,
} from '@aws-sdk/client-ecs';
import { poll } from '../../src/base/delay';
import { useSandbox } from '../support/sandboxClients';

const WEB: RegisterTaskDefinitionCommandInput = {
  family: 'web',
  containerDefinitions: [{ name: 'app', image: 'example.com/web:1', memory: 64 }],
};

describe('the sandbox as ECS', () => {
  const sandbox = useSandbox();
  const until = (condition: () => Promise<boolean>): Promise<true> =>
    poll(async () => (await condition()) || undefined, {
      interval: 200,
      signal: AbortSignal.timeout(30_000),
    });
  const waiting = () => ({ client: sandbox.ecs, maxWaitTime: 15, minDelay: 1, maxDelay: 1 });

  before(async () => {
    await sandbox.ecs.send(new CreateClusterCommand({}));
    await sandbox.ecs.send(new RegisterTaskDefinitionCommand(WEB));
  });

  it('gives times as the SDK reads them', async () => {
    const { taskDefinition } = await sandbox.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: 'web' }),
    );
    assert.ok(taskDefinition?.registeredAt instanceof Date);
    assert.ok(Math.abs(taskDefinition.registeredAt.getTime() - Date.now()) < 60_000);
  });

  it('gives back a whole task definition, through the protocol and both ways', async () => {
    const { taskDefinition: first } = await sandbox.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'whole',
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        cpu: '512',
        memory: '1024',
        executionRoleArn: 'arn:aws:iam::123456789012:role/exec',
        runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
        ephemeralStorage: { sizeInGiB: 30 },
        volumes: [{ name: 'data', efsVolumeConfiguration: { fileSystemId: 'fs-1' } }],
        containerDefinitions: [
          {
            name: 'app',
            image: 'example.com/web@sha256:' + 'a'.repeat(64),
            portMappings: [{ containerPort: 80, name: 'http', appProtocol: 'http' }],
            environment: [{ name: 'A', value: 'b' }],
            secrets: [{ name: 'S', valueFrom: 'arn:aws:ssm:eu-central-1:123456789012:parameter/s' }],
            mountPoints: [{ sourceVolume: 'data', containerPath: '/data', readOnly: true }],
            healthCheck: { command: ['CMD-SHELL', 'true'], interval: 10 },
            ulimits: [{ name: 'nofile', softLimit: 1024, hardLimit: 2048 }],
            restartPolicy: { enabled: true, ignoredExitCodes: [0], restartAttemptPeriod: 60 },
            logConfiguration: {
              logDriver: 'awslogs',
              options: {
                'awslogs-group': 'g',
                'awslogs-region': 'eu-central-1',
                'awslogs-stream-prefix': 'p',
              },
            },
          },
        ],
      }),
    );
    const { family, ...rest } = first ?? {};
    const { taskDefinition: second } = await sandbox.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: family ?? '',
        cpu: rest.cpu,
        memory: rest.memory,
        networkMode: rest.networkMode,
        requiresCompatibilities: rest.requiresCompatibilities,
        executionRoleArn: rest.executionRoleArn,
        runtimePlatform: rest.runtimePlatform,
        ephemeralStorage: rest.ephemeralStorage,
        volumes: rest.volumes,
        containerDefinitions: rest.containerDefinitions,
      }),
    );
    assert.equal(second?.revision, 2);
    assert.deepEqual(
      { ...second, revision: 0, taskDefinitionArn: '', registeredAt: 0 },
      { ...first, revision: 0, taskDefinitionArn: '', registeredAt: 0 },
    );
  });

  it('refuses with the exceptions that the SDK declares', async () => {
    await assert.rejects(
      sandbox.ecs.send(new DescribeServicesCommand({ cluster: 'none', services: ['a'] })),
      ClusterNotFoundException,
    );
    await assert.rejects(
      sandbox.ecs.send(new UpdateServiceCommand({ service: 'none' })),
      (error) => error instanceof ServiceNotFoundException && error.message === 'Service not found.',
    );
    await assert.rejects(
      sandbox.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'none' })),
      (error) => error instanceof ClientException && error.message === 'Unable to describe task definition.',
    );
    await assert.rejects(
      sandbox.ecs.send(new ListTasksCommand({ nextToken: 'x' })),
      InvalidParameterException,
    );
  });

  it('runs a task until it is stopped', async () => {
    const { tasks = [] } = await sandbox.ecs.send(new RunTaskCommand({ taskDefinition: 'web', count: 2 }));
    const arns = tasks.map(({ taskArn = '' }) => taskArn);
    await waitUntilTasksRunning(waiting(), { tasks: arns });
    for (const task of arns) {
      await sandbox.ecs.send(new StopTaskCommand({ task, reason: 'enough' }));
    }
    await waitUntilTasksStopped(waiting(), { tasks: arns });
    const described = await sandbox.ecs.send(new DescribeTasksCommand({ tasks: arns }));
    for (const task of described.tasks ?? []) {
      assert.deepEqual([task.stopCode, task.stoppedReason], ['UserInitiated', 'enough']);
      assert.ok(task.stoppedAt instanceof Date);
    }
  });

  it('brings a service to stability, keeps it over a restart, and drains it', async function () {
    this.timeout(40_000);
    const created = await sandbox.ecs.send(
      new CreateServiceCommand({ serviceName: 'web', taskDefinition: 'web', desiredCount: 2 }),
    );
    await waitUntilServicesStable(waiting(), { services: ['web'] });
    const before = await sandbox.ecs.send(new ListTasksCommand({ serviceName: 'web' }));
    await sandbox.restart();
    const { tasks } = await sandbox.ecs.send(new DescribeTasksCommand({ tasks: before.taskArns }));
    assert.deepEqual(
      tasks?.map(({ lastStatus }) => lastStatus),
      ['STOPPED', 'STOPPED'],
    );
    await waitUntilServicesStable(waiting(), { services: ['web'] });
    const { services } = await sandbox.ecs.send(new DescribeServicesCommand({ services: ['web'] }));
    assert.equal(services?.[0]?.deployments?.[0]?.id, created.service?.deployments?.[0]?.id);
    await sandbox.ecs.send(new DeleteServiceCommand({ service: 'web', force: true }));
    await waitUntilServicesInactive(waiting(), { services: ['web'] });
  });

  it('rolls back from an image that its registry does not have', async function () {
    this.timeout(40_000);
    const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true } };
    await sandbox.ecs.send(
      new CreateServiceCommand({
        serviceName: 'rolled',
        taskDefinition: 'web',
        desiredCount: 1,
        deploymentConfiguration: breaker,
      }),
    );
    // The waiter is content with running tasks; only a completed deployment can be rolled back to.
    await until(async () => {
      const { services } = await sandbox.ecs.send(new DescribeServicesCommand({ services: ['rolled'] }));
      return services?.[0]?.deployments?.[0]?.rolloutState === 'COMPLETED';
    });
    await sandbox.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'broken',
        containerDefinitions: [{ name: 'app', image: `${sandbox.registry}/none:1`, memory: 64 }],
      }),
    );
    const { service } = await sandbox.ecs.send(
      new UpdateServiceCommand({ service: 'rolled', taskDefinition: 'broken' }),
    );
    const serviceDeploymentArns = [service?.currentServiceDeployment ?? ''];
    await until(async () => {
      const { serviceDeployments } = await sandbox.ecs.send(
        new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }),
      );
      return serviceDeployments?.[0]?.status === 'ROLLBACK_SUCCESSFUL';
    });
    const { services } = await sandbox.ecs.send(new DescribeServicesCommand({ services: ['rolled'] }));
    assert.match(services?.[0]?.taskDefinition ?? '', /task-definition\/web:1$/);
    assert.ok(
      services?.[0]?.events?.some(({ message = '' }) => message.includes('CannotPullContainerError')),
    );
    await sandbox.ecs.send(new DeleteServiceCommand({ service: 'rolled', force: true }));
  });

  it('gives its pages to the paginators, each thing once', async function () {
    this.timeout(20_000);
    for (let index = 0; index < 25; index++) {
      await sandbox.ecs.send(
        new CreateServiceCommand({ serviceName: `page-${index}`, taskDefinition: 'web', desiredCount: 0 }),
      );
      await sandbox.ecs.send(new RegisterTaskDefinitionCommand({ ...WEB, family: 'pages' }));
    }
    const services: string[] = [];
    for await (const page of paginateListServices({ client: sandbox.ecs }, {})) {
      services.push(...(page.serviceArns ?? []).filter((arn) => arn.includes('/page-')));
    }
    assert.equal(new Set(services).size, 25);
    assert.equal(services.length, 25);
    const revisions: string[] = [];
    const configuration = { client: sandbox.ecs, pageSize: 10 };
    for await (const page of paginateListTaskDefinitions(configuration, { familyPrefix: 'pages' })) {
      revisions.push(...(page.taskDefinitionArns ?? []));
    }
    assert.deepEqual(
      revisions.map((arn) => Number(arn.split(':').at(-1))),
      Array.from({ length: 25 }, (_, index) => index + 1),
    );
  });

  it('keeps regions apart by the scope of the signature', async () => {
    const { ecs } = sandbox.clients({ region: 'us-east-1' });
    await assert.rejects(
      ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'web' })),
      ClientException,
    );
    const { cluster } = await ecs.send(new CreateClusterCommand({}));
    assert.equal(cluster?.clusterArn, 'arn:aws:ecs:us-east-1:000000000000:cluster/default');
  });
});
