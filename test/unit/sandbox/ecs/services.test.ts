import assert from 'node:assert/strict';
import { EcsHarness, isSteady, messages } from './ecsHarness';

const AWSVPC = { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d'] } } };

describe('sandbox ECS services', () => {
  let ecs: EcsHarness;
  beforeEach(() => (ecs = new EcsHarness()));
  afterEach(() => ecs.service.stop());

  const registerFargate = () =>
    ecs.register('good', {
      family: 'fargate',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
    });

  it('starts the desired tasks and says so in the events, newest first', async () => {
    const created = await ecs.createWeb('good', { desiredCount: 2 });
    assert.equal(created.deployments[0].rolloutState, 'IN_PROGRESS');
    const service = await ecs.serviceWhere(isSteady);
    const [first, second, third] = messages(service);
    const { id } = service.deployments[0];
    assert.equal(first, '(service web) has reached a steady state.');
    assert.equal(second, `(service web) (deployment ${id}) deployment completed.`);
    assert.match(
      third ?? '',
      /^\(service web\) has started 2 tasks: \(task [0-9a-f]{32}\) \(task [0-9a-f]{32}\)\.$/,
    );
    assert.match(id, /^ecs-svc\/\d{19}$/);
    assert.equal(service.deployments[0].rolloutStateReason, `ECS deployment ${id} completed.`);
    const { taskArns } = await ecs.call('ListTasks', { serviceName: 'web' });
    const { tasks } = await ecs.call('DescribeTasks', { tasks: taskArns });
    for (const task of tasks) {
      assert.deepEqual([task.group, task.startedBy], ['service:web', id]);
    }
  });

  it('gives ARNs in the forms of ECS', async () => {
    const service = await ecs.createWeb('good');
    const place = 'arn:aws:ecs:eu-west-1:000000000000';
    assert.equal(service.serviceArn, `${place}:service/default/web`);
    assert.match(
      service.currentServiceDeployment,
      new RegExp(`^${place}:service-deployment/default/web/[\\w-]{21}$`),
    );
    const number = service.deployments[0].id.replace('ecs-svc/', '');
    assert.equal(service.currentServiceRevisions[0].arn, `${place}:service-revision/default/web/${number}`);
  });

  it('gives the same service when it is created twice alike, and refuses another', async () => {
    const first = await ecs.createWeb('good', { clientToken: 'a' });
    const request = { serviceName: 'web', taskDefinition: first.taskDefinition, desiredCount: 1 };
    const { service } = await ecs.call('CreateService', { ...request, clientToken: 'b' });
    assert.equal(service.deployments[0].id, first.deployments[0].id);
    const error = await ecs.refusal('CreateService', { ...request, desiredCount: 2 });
    assert.deepEqual(
      [error.code, error.message],
      ['InvalidParameterException', 'Creation of service was not idempotent.'],
    );
  });

  const refusals: readonly [name: string, input: object, code: string, message: string][] = [
    ['an unknown cluster', { cluster: 'none' }, 'ClusterNotFoundException', 'Cluster not found.'],
    [
      'an unknown task definition',
      { taskDefinition: 'none' },
      'ClientException',
      'TaskDefinition not found.',
    ],
    [
      'no task definition',
      { taskDefinition: undefined },
      'ClientException',
      'TaskDefinition can not be blank.',
    ],
    [
      'awsvpc without a network',
      { taskDefinition: 'fargate', launchType: 'FARGATE' },
      'InvalidParameterException',
      "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    ],
    [
      'a network without awsvpc',
      AWSVPC,
      'InvalidParameterException',
      'Network Configuration is not valid for the given networkMode of this task definition.',
    ],
    [
      'no subnet',
      {
        taskDefinition: 'fargate',
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: { subnets: [] } },
      },
      'InvalidParameterException',
      'subnets can not be empty.',
    ],
    [
      'Fargate for a definition that cannot',
      { launchType: 'FARGATE' },
      'InvalidParameterException',
      'Task definition does not support launch_type FARGATE.',
    ],
    [
      'a launch type beside a strategy',
      { launchType: 'EC2', capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }] },
      'InvalidParameterException',
      'Specifying both a launch type and capacity provider strategy is not supported.',
    ],
    [
      'a platform version for EC2',
      { launchType: 'EC2', platformVersion: '1.4.0' },
      'InvalidParameterException',
      'The platform version must be null when specifying an EC2 launch type.',
    ],
    [
      'an unknown platform version',
      { taskDefinition: 'fargate', launchType: 'FARGATE', platformVersion: '9.9.9', ...AWSVPC },
      'PlatformUnknownException',
      'The specified platform version does not exist.',
    ],
    [
      'percentages that would block',
      { deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 } },
      'InvalidParameterException',
      'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.',
    ],
    [
      'a minimum above 100',
      { deploymentConfiguration: { minimumHealthyPercent: 101, maximumPercent: 200 } },
      'InvalidParameterException',
      'minimumHealthyPercent must be at most 100',
    ],
    [
      'a count for a daemon',
      { schedulingStrategy: 'DAEMON' },
      'InvalidParameterException',
      'The daemon scheduling strategy does not support a desired count for services.',
    ],
    [
      'a load balancer on a port that is not there',
      {
        loadBalancers: [
          {
            targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/a/1',
            containerName: 'app',
            containerPort: 80,
          },
        ],
      },
      'InvalidParameterException',
      'The container app did not have a container port 80 defined.',
    ],
    [
      'another deployment controller',
      { deploymentController: { type: 'CODE_DEPLOY' } },
      'UnsupportedFeatureException',
      'The sandbox serves rolling deployments only, not: CODE_DEPLOY',
    ],
    ['a name with a space', { serviceName: 'my web' }, 'InvalidParameterException', 'Invalid service name.'],
  ];
  for (const [name, input, code, message] of refusals) {
    it(`refuses to create a service with ${name}`, async () => {
      await ecs.call('CreateCluster');
      await ecs.register('good');
      await registerFargate();
      const error = await ecs.refusal('CreateService', {
        serviceName: 'web',
        taskDefinition: 'web',
        desiredCount: 1,
        ...input,
      });
      assert.deepEqual([error.code, error.message.slice(0, message.length)], [code, message]);
    });
  }

  it('shows a Fargate service as ECS does', async () => {
    await ecs.call('CreateCluster');
    await registerFargate();
    const { service } = await ecs.call('CreateService', {
      serviceName: 'web',
      taskDefinition: 'fargate',
      desiredCount: 1,
      launchType: 'FARGATE',
      ...AWSVPC,
    });
    assert.deepEqual(
      [
        service.launchType,
        service.platformVersion,
        service.platformFamily,
        service.deployments[0].platformVersion,
      ],
      ['FARGATE', 'LATEST', 'Linux', '1.4.0'],
    );
    assert.deepEqual(service.deploymentConfiguration, {
      deploymentCircuitBreaker: { enable: false, rollback: false },
      maximumPercent: 200,
      minimumHealthyPercent: 100,
      strategy: 'ROLLING',
      bakeTimeInMinutes: 0,
    });
    assert.deepEqual(service.networkConfiguration, AWSVPC.networkConfiguration);
  });

  it('describes up to ten, and reports the missing', async () => {
    await ecs.createWeb('good');
    const { services, failures } = await ecs.call('DescribeServices', {
      services: ['web', 'arn:aws:ecs:eu-west-1:000000000000:service/default/web', 'none'],
    });
    assert.equal(services.length, 2);
    assert.deepEqual(failures, [
      { arn: 'arn:aws:ecs:eu-west-1:000000000000:service/default/none', reason: 'MISSING' },
    ]);
    const many = Array.from({ length: 11 }, (_, index) => `s${index}`);
    const error = await ecs.refusal('DescribeServices', { services: many });
    assert.equal(error.message, 'service names can have at most 10 items.');
    const none = await ecs.refusal('DescribeServices', { services: [] });
    assert.equal(none.message, 'Services cannot be empty.');
  });

  it('lists ten a page where nothing is said', async () => {
    const { taskDefinition } = await ecs.createWeb('good', { desiredCount: 0 });
    for (let index = 0; index < 11; index++) {
      await ecs.call('CreateService', { serviceName: `s${index}`, taskDefinition, desiredCount: 0 });
    }
    const first = await ecs.call('ListServices');
    assert.equal(first.serviceArns.length, 10);
    const second = await ecs.call('ListServices', { nextToken: first.nextToken });
    assert.equal(second.serviceArns.length, 2);
    assert.equal(second.nextToken, undefined);
    const whole = await ecs.call('ListServices', { maxResults: 100 });
    assert.deepEqual(whole.serviceArns, [...first.serviceArns, ...second.serviceArns]);
    assert.equal((await ecs.refusal('ListServices', { maxResults: 101 })).code, 'InvalidParameterException');
    const filtered = await ecs.call('ListServices', { schedulingStrategy: 'DAEMON' });
    assert.deepEqual(filtered.serviceArns, []);
  });

  it('starts no deployment where nothing of the revision changes', async () => {
    const created = await ecs.createWeb('good');
    const { service } = await ecs.call('UpdateService', {
      service: 'web',
      taskDefinition: created.taskDefinition,
      healthCheckGracePeriodSeconds: 5,
      enableExecuteCommand: true,
    });
    assert.equal(service.deployments[0].id, created.deployments[0].id);
    assert.equal(service.enableExecuteCommand, true);
    const forced = await ecs.call('UpdateService', { service: 'web', forceNewDeployment: true });
    assert.notEqual(forced.service.deployments[0].id, created.deployments[0].id);
  });

  it('takes only values that the enumerations of the API have', async () => {
    const awsvpcConfiguration = { subnets: ['subnet-1'], assignPublicIp: 'yes' };
    await ecs.call('CreateCluster');
    await ecs.register('good');
    await ecs.register('good', { family: 'vpc', networkMode: 'awsvpc' });
    for (const wrong of [
      { propagateTags: 'CLUSTER' },
      { availabilityZoneRebalancing: 'on' },
      { schedulingStrategy: 'CRON' },
      { taskDefinition: 'vpc', networkConfiguration: { awsvpcConfiguration } },
    ]) {
      const request = { serviceName: 'strict', taskDefinition: 'web', desiredCount: 1, ...wrong };
      const error = await ecs.refusal('CreateService', request);
      assert.equal(error.code, 'InvalidParameterException', JSON.stringify(wrong));
      assert.match(error.message, /Member must satisfy enum value set/, JSON.stringify(wrong));
    }
  });

  it('refuses to update what is not there or not ACTIVE', async () => {
    await ecs.createWeb('good', { desiredCount: 0 });
    const missing = await ecs.refusal('UpdateService', { service: 'none' });
    assert.deepEqual([missing.code, missing.message], ['ServiceNotFoundException', 'Service not found.']);
    await ecs.call('DeleteService', { service: 'web' });
    const inactive = await ecs.refusal('UpdateService', { service: 'web', desiredCount: 1 });
    assert.deepEqual(
      [inactive.code, inactive.message],
      ['ServiceNotActiveException', 'Service was not ACTIVE.'],
    );
    await ecs.register('x');
    await ecs.call('DeregisterTaskDefinition', { taskDefinition: 'web:2' });
    const created = await ecs.call('CreateService', {
      serviceName: 'other',
      taskDefinition: 'web',
      desiredCount: 0,
    });
    assert.ok(created.service);
    const deregistered = await ecs.refusal('UpdateService', { service: 'other', taskDefinition: 'web:2' });
    assert.deepEqual(
      [deregistered.code, deregistered.message],
      ['ClientException', 'TaskDefinition is inactive'],
    );
  });

  it('drains a deleted service, then shows it INACTIVE and takes its name anew', async () => {
    const { taskDefinition } = await ecs.createWeb('good');
    await ecs.serviceWhere(isSteady);
    const refused = await ecs.refusal('DeleteService', { service: 'web' });
    assert.equal(refused.message, 'The service cannot be stopped while it is scaled above 0.');
    ecs.runtime.stubborn = true;
    await ecs.call('UpdateService', { service: 'web', forceNewDeployment: true });
    await ecs.serviceWhere(isSteady);
    const { service } = await ecs.call('DeleteService', { service: 'web', force: true });
    assert.deepEqual([service.status, service.desiredCount], ['DRAINING', 0]);
    const [task] = ecs.runtime.alive();
    await ecs.serviceWhere(({ runningCount }) => runningCount === 0);
    const again = await ecs.refusal('CreateService', { serviceName: 'web', taskDefinition, desiredCount: 1 });
    assert.equal(again.message, 'Unable to Start a service that is still Draining.');
    task?.finishStopping();
    await ecs.serviceWhere(({ status }) => status === 'INACTIVE');
    assert.deepEqual((await ecs.call('ListServices')).serviceArns, []);
    const anew = await ecs.call('CreateService', { serviceName: 'web', taskDefinition, desiredCount: 0 });
    assert.equal(anew.service.status, 'ACTIVE');
    const { serviceDeployments } = await ecs.call('ListServiceDeployments', { service: 'web' });
    assert.equal(serviceDeployments.length, 1);
  });

  it('lists service deployments newest first, by status and time, in pages', async () => {
    await ecs.createWeb('good', { desiredCount: 0 });
    for (let count = 0; count < 3; count++) {
      await ecs.serviceWhere(isSteady);
      await ecs.call('UpdateService', { service: 'web', forceNewDeployment: true });
    }
    await ecs.serviceWhere(isSteady);
    const all = (await ecs.call('ListServiceDeployments', { service: 'web' })).serviceDeployments;
    assert.equal(all.length, 4);
    const times = all.map(({ createdAt }: { createdAt: number }) => createdAt);
    assert.deepEqual(
      times,
      [...times].sort((a, b) => b - a),
    );
    const first = await ecs.call('ListServiceDeployments', { service: 'web', maxResults: 3 });
    const second = await ecs.call('ListServiceDeployments', {
      service: 'web',
      maxResults: 3,
      nextToken: first.nextToken,
    });
    assert.deepEqual([...first.serviceDeployments, ...second.serviceDeployments], all);
    const stopped = await ecs.call('ListServiceDeployments', { service: 'web', status: ['STOPPED'] });
    assert.deepEqual(stopped.serviceDeployments, []);
    const later = await ecs.call('ListServiceDeployments', {
      service: 'web',
      createdAt: { after: times[1] },
    });
    assert.equal(later.serviceDeployments.length, 1);
  });

  it('keeps a hundred events', async () => {
    await ecs.createWeb('good', { desiredCount: 1 });
    for (let count = 0; count < 100; count++) {
      await ecs.call('UpdateService', { service: 'web', desiredCount: count % 2 });
      await ecs.serviceWhere(isSteady);
    }
    const service = await ecs.describeService();
    assert.equal(service.events.length, 100);
    const times = service.events.map(({ createdAt }: { createdAt: number }) => createdAt);
    assert.deepEqual(
      times,
      [...times].sort((a, b) => b - a),
    );
  });

  it('keeps services of two regions apart', async () => {
    await ecs.createWeb('good');
    await ecs.call('CreateCluster', {}, 'us-east-1');
    const { serviceArns } = await ecs.call('ListServices', {}, 'us-east-1');
    assert.deepEqual(serviceArns, []);
    const { failures } = await ecs.call('DescribeServices', { services: ['web'] }, 'us-east-1');
    assert.equal(failures[0].reason, 'MISSING');
  });
});
