import assert from 'node:assert/strict';
import { poll } from '../../../../src/base/delay';
import { EcsHarness } from './ecsHarness';

describe('sandbox ECS tasks', () => {
  let ecs: EcsHarness;
  beforeEach(async () => {
    ecs = new EcsHarness();
    await ecs.call('CreateCluster');
    await ecs.register('good');
  });
  afterEach(() => ecs.service.stop());

  const taskWhere = (taskArn: string, wanted: (task: { lastStatus: string }) => boolean) =>
    poll(
      async () => {
        const { tasks } = await ecs.call('DescribeTasks', { tasks: [taskArn] });
        return wanted(tasks[0]) ? tasks[0] : undefined;
      },
      { interval: 3, signal: AbortSignal.timeout(4000) },
    );

  it('runs tasks with the group, starter, overrides and tags that are asked for', async () => {
    const overrides = { containerOverrides: [{ name: 'app', command: ['sleep'] }], cpu: '512' };
    const { tasks, failures } = await ecs.call('RunTask', {
      taskDefinition: 'web',
      count: 2,
      startedBy: 'me',
      overrides,
      tags: [{ key: 'a', value: 'b' }],
    });
    assert.deepEqual(failures, []);
    assert.equal(tasks.length, 2);
    const [task] = tasks;
    assert.match(task.taskArn, /^arn:aws:ecs:eu-west-1:000000000000:task\/default\/[0-9a-f]{32}$/);
    assert.deepEqual(
      [task.group, task.startedBy, task.desiredStatus, task.cpu, task.version, task.launchType],
      ['family:web', 'me', 'RUNNING', '512', 1, 'EC2'],
    );
    assert.deepEqual(task.tags, [{ key: 'a', value: 'b' }]);
    assert.deepEqual(task.overrides.containerOverrides, overrides.containerOverrides);
    assert.deepEqual(
      ecs.runtime.tasks[0]?.launch.overrides?.['containerOverrides'],
      overrides.containerOverrides,
    );
    const running = await taskWhere(task.taskArn, ({ lastStatus }) => lastStatus === 'RUNNING');
    assert.ok(running.startedAt >= running.createdAt);
    assert.equal(running.connectivity, 'CONNECTED');
    assert.ok(running.version > 1);
    assert.match(
      running.containers[0].containerArn,
      /:container\/default\/[0-9a-f]{32}\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    );
    assert.equal(running.containers[0].taskArn, task.taskArn);
  });

  it('shows a network interface for awsvpc, reached on loopback', async () => {
    await ecs.register('good', {
      family: 'fargate',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
    });
    const { tasks } = await ecs.call('RunTask', {
      taskDefinition: 'fargate',
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    });
    const [{ attachments, containers }] = tasks;
    assert.equal(attachments[0].type, 'ElasticNetworkInterface');
    const details = Object.fromEntries(
      attachments[0].details.map(({ name, value }: { name: string; value: string }) => [name, value]),
    );
    assert.equal(details.subnetId, 'subnet-1');
    assert.equal(details.privateIPv4Address, '127.0.0.1');
    assert.match(details.networkInterfaceId ?? '', /^eni-[0-9a-f]{17}$/);
    assert.match(details.macAddress ?? '', /^0a(:[0-9a-f]{2}){5}$/);
    assert.deepEqual(containers[0].networkInterfaces, [
      { attachmentId: attachments[0].id, privateIpv4Address: '127.0.0.1' },
    ]);
  });

  const refusals: readonly [name: string, input: object, code: string, message: string][] = [
    ['eleven tasks', { count: 11 }, 'InvalidParameterException', 'count must be between 1 and 10.'],
    ['an unknown family', { taskDefinition: 'none' }, 'ClientException', 'TaskDefinition not found.'],
    ['an unknown cluster', { cluster: 'none' }, 'ClusterNotFoundException', 'Cluster not found.'],
    [
      'an override of nobody',
      { overrides: { containerOverrides: [{ name: 'db' }] } },
      'InvalidParameterException',
      'Override for container named db is not a container in the TaskDefinition.',
    ],
    [
      'a processor size that is none',
      { overrides: { cpu: 'much' } },
      'InvalidParameterException',
      "Invalid 'cpu' setting for task: much",
    ],
    [
      'a memory size that is none',
      { overrides: { memory: '-1' } },
      'InvalidParameterException',
      "Invalid 'memory' setting for task: -1",
    ],
    [
      'more ephemeral storage than there is',
      { overrides: { ephemeralStorage: { sizeInGiB: 201 } } },
      'InvalidParameterException',
      'EphemeralStorage size should be at least 21 and at most 200.',
    ],
    [
      'a container without memory',
      { overrides: { containerOverrides: [{ name: 'app', memory: 0 }] } },
      'InvalidParameterException',
      'Invalid cpu or memory in the override of container app.',
    ],
    [
      'tags from nowhere',
      { propagateTags: 'CLUSTER' },
      'InvalidParameterException',
      "1 validation error detected: Value 'CLUSTER' at 'propagateTags' failed to satisfy constraint: Member must satisfy enum value set: [TASK_DEFINITION, SERVICE, NONE]",
    ],
  ];
  for (const [name, input, code, message] of refusals) {
    it(`refuses to run ${name}`, async () => {
      const error = await ecs.refusal('RunTask', { taskDefinition: 'web', ...input });
      assert.deepEqual([error.code, error.message], [code, message]);
    });
  }

  it('answers a repeated client token with the same tasks, and a changed request with a conflict', async () => {
    const request = { taskDefinition: 'web', clientToken: 'once' };
    const first = await ecs.call('RunTask', request);
    const second = await ecs.call('RunTask', request);
    assert.equal(second.tasks[0].taskArn, first.tasks[0].taskArn);
    assert.equal(ecs.runtime.tasks.length, 1);
    const error = await ecs.refusal('RunTask', { ...request, count: 2 });
    assert.equal(error.code, 'ConflictException');
    assert.deepEqual(error.members['resourceIds'], [first.tasks[0].taskArn]);
  });

  it('stops a task with the reason that is given', async () => {
    const { tasks } = await ecs.call('RunTask', { taskDefinition: 'web' });
    const { taskArn } = tasks[0];
    await taskWhere(taskArn, ({ lastStatus }) => lastStatus === 'RUNNING');
    const { task } = await ecs.call('StopTask', { task: taskArn, reason: 'enough' });
    assert.deepEqual([task.desiredStatus, task.stopCode], ['STOPPED', 'UserInitiated']);
    const stopped = await taskWhere(taskArn, ({ lastStatus }) => lastStatus === 'STOPPED');
    assert.deepEqual([stopped.stoppedReason, stopped.stopCode], ['enough', 'UserInitiated']);
    assert.equal(stopped.containers[0].exitCode, 143);
    const again = await ecs.call('StopTask', { task: taskArn, reason: 'more' });
    assert.equal(again.task.stoppedReason, 'enough');
    const unknown = await ecs.refusal('StopTask', { task: '0'.repeat(32) });
    assert.equal(unknown.message, 'The referenced task was not found.');
  });

  it('keeps the reason of a stop whatever the containers do about it', async () => {
    ecs.runtime.stubborn = true;
    const { tasks } = await ecs.call('RunTask', { taskDefinition: 'web' });
    const { taskArn } = tasks[0];
    await taskWhere(taskArn, ({ lastStatus }) => lastStatus === 'RUNNING');
    await ecs.call('StopTask', { task: taskArn, reason: 'enough' });
    ecs.runtime.alive()[0]?.exit(1);
    const stopped = await taskWhere(taskArn, ({ lastStatus }) => lastStatus === 'STOPPED');
    assert.deepEqual([stopped.stoppedReason, stopped.stopCode], ['enough', 'UserInitiated']);
    assert.equal(stopped.containers[0].exitCode, 1);
  });

  it('says that the user stopped a task where no reason is given', async () => {
    const { tasks } = await ecs.call('RunTask', { taskDefinition: 'web' });
    const { task } = await ecs.call('StopTask', { task: tasks[0].taskArn });
    assert.equal(task.stoppedReason, 'Task stopped by user');
  });

  it('lists by desired status, family, starter and launch type, a hundred a page', async () => {
    await ecs.register('good', { family: 'worker' });
    const web = await ecs.call('RunTask', { taskDefinition: 'web', startedBy: 'me' });
    const worker = await ecs.call('RunTask', { taskDefinition: 'worker' });
    const list = async (input: object) => (await ecs.call('ListTasks', input)).taskArns;
    assert.equal((await list({})).length, 2);
    assert.deepEqual(await list({ family: 'worker' }), [worker.tasks[0].taskArn]);
    assert.deepEqual(await list({ startedBy: 'me' }), [web.tasks[0].taskArn]);
    assert.deepEqual(await list({ launchType: 'FARGATE' }), []);
    await ecs.call('StopTask', { task: web.tasks[0].taskArn });
    assert.deepEqual(await list({ desiredStatus: 'STOPPED' }), [web.tasks[0].taskArn]);
    assert.deepEqual(await list({}), [worker.tasks[0].taskArn]);
    for (let count = 0; count < 11; count++) {
      await ecs.call('RunTask', { taskDefinition: 'web', count: 10 });
    }
    const first = await ecs.call('ListTasks');
    const second = await ecs.call('ListTasks', { nextToken: first.nextToken });
    assert.deepEqual([first.taskArns.length, second.taskArns.length], [100, 11]);
    assert.equal(new Set([...first.taskArns, ...second.taskArns]).size, 111);
    const other = await ecs.refusal('ListTasks', { nextToken: first.nextToken, family: 'web' });
    assert.equal(other.code, 'InvalidParameterException');
    const service = await ecs.refusal('ListTasks', { serviceName: 'none' });
    assert.equal(service.code, 'ServiceNotFoundException');
  });

  it('refuses a desired status that there is not, and overrides of more than 8192 characters', async () => {
    const status = await ecs.refusal('ListTasks', { desiredStatus: 'MOON' });
    assert.equal(status.code, 'InvalidParameterException');
    const environment = [{ name: 'PAYLOAD', value: 'x'.repeat(8192) }];
    const large = await ecs.refusal('RunTask', {
      taskDefinition: 'web',
      overrides: { containerOverrides: [{ name: 'app', environment }] },
    });
    assert.equal(large.code, 'InvalidParameterException');
    assert.equal(large.message, 'Container Overrides length must be at most 8192');
  });

  it('describes up to a hundred, and reports the missing', async () => {
    const missing = 'arn:aws:ecs:eu-west-1:000000000000:task/default/' + '0'.repeat(32);
    const { tasks, failures } = await ecs.call('DescribeTasks', { tasks: [missing] });
    assert.deepEqual([tasks, failures], [[], [{ arn: missing, reason: 'MISSING' }]]);
    const cases: readonly [string[], string][] = [
      [[], 'Tasks cannot be empty.'],
      [['short'], 'taskId length should be one of [32,36]'],
      [Array.from({ length: 101 }, () => '0'.repeat(32)), 'tasks can have at most 100 items.'],
      [
        ['arn:aws:ecs:eu-west-1:000000000000:task/other/' + '0'.repeat(32)],
        'Invalid identifier: Identifier is for cluster other. Your cluster is default',
      ],
    ];
    for (const [ids, message] of cases) {
      assert.equal((await ecs.refusal('DescribeTasks', { tasks: ids })).message, message);
    }
  });

  it('says why it does not serve ECS Exec', async () => {
    const { tasks } = await ecs.call('RunTask', { taskDefinition: 'web', count: 1 });
    const request = { task: tasks[0].taskArn, command: 'sh', interactive: true };
    assert.equal((await ecs.refusal('ExecuteCommand', request)).code, 'InvalidParameterException');
    const enabled = await ecs.call('RunTask', { taskDefinition: 'web', enableExecuteCommand: true });
    const error = await ecs.refusal('ExecuteCommand', { ...request, task: enabled.tasks[0].taskArn });
    assert.equal(error.code, 'TargetNotConnectedException');
  });

  it('answers what it has none of with empty lists', async () => {
    assert.deepEqual(await ecs.call('ListContainerInstances'), { containerInstanceArns: [] });
    const { capacityProviders, failures } = await ecs.call('DescribeCapacityProviders');
    assert.deepEqual(
      [capacityProviders.map(({ name }: { name: string }) => name), failures],
      [['FARGATE', 'FARGATE_SPOT'], []],
    );
    assert.deepEqual(await ecs.call('ListServicesByNamespace', { namespace: 'a' }), { serviceArns: [] });
  });

  it('remembers account settings', async () => {
    await ecs.call('PutAccountSetting', { name: 'containerInsights', value: 'enabled' });
    const { settings } = await ecs.call('ListAccountSettings', { name: 'containerInsights' });
    assert.equal(settings[0].value, 'enabled');
    const effective = await ecs.call('ListAccountSettings', { effectiveSettings: true });
    assert.ok(effective.settings.length > 5);
  });

  it('lists account settings in pages of at most ten, and only those that there are', async () => {
    const names: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await ecs.call('ListAccountSettings', {
        effectiveSettings: true,
        maxResults: 4,
        ...(nextToken && { nextToken }),
      });
      assert.ok(page.settings.length <= 4);
      names.push(...page.settings.map(({ name }: { name: string }) => name));
      ({ nextToken } = page);
    } while (nextToken !== undefined);
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.includes('taskLongArnFormat') && names.length > 10);
    for (const input of [{ name: 'unknown' }, { name: 'constructor' }, { maxResults: 11 }]) {
      assert.equal((await ecs.refusal('ListAccountSettings', input)).code, 'InvalidParameterException');
    }
  });

  it('refuses to describe container instances without naming any', async () => {
    const error = await ecs.refusal('DescribeContainerInstances', { containerInstances: [] });
    assert.deepEqual(
      [error.code, error.message],
      ['InvalidParameterException', 'Container instances cannot be empty.'],
    );
  });
});
