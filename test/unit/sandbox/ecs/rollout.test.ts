import assert from 'node:assert/strict';
import { poll } from '../../../../src/base/delay';
import { EcsHarness, isSteady, messages } from './ecsHarness';

const BREAKER = {
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
};

describe('sandbox ECS rollouts', () => {
  let ecs: EcsHarness;
  beforeEach(() => (ecs = new EcsHarness()));
  afterEach(() => ecs.service.stop());

  const until = (condition: () => boolean): Promise<true> =>
    poll(() => Promise.resolve(condition() || undefined), { interval: 3, signal: AbortSignal.timeout(4000) });

  /** Deploys another image to the service "web" and gives the answer's deployment. */
  const deploy = async (image: string, members: object = {}, container: object = {}) => {
    const { taskDefinitionArn } = await ecs.register(image, {}, container);
    const { service } = await ecs.call('UpdateService', {
      service: 'web',
      taskDefinition: taskDefinitionArn,
      ...members,
    });
    return service;
  };

  const serviceDeployment = async (arn: string) => {
    const { serviceDeployments } = await ecs.call('DescribeServiceDeployments', {
      serviceDeploymentArns: [arn],
    });
    return serviceDeployments[0];
  };

  it('replaces old tasks only as new ones are healthy, and drops the drained deployment', async () => {
    const check = { healthCheck: { command: ['CMD', 'true'] } };
    ecs.runtime.script('v2', 'manual');
    await ecs.createWeb('v1', { desiredCount: 2 });
    const before = await ecs.serviceWhere(isSteady);
    const updated = await deploy('v2', {}, check);
    assert.deepEqual(
      updated.deployments.map(({ status, desiredCount }: { status: string; desiredCount: number }) => [
        status,
        desiredCount,
      ]),
      [
        ['PRIMARY', 2],
        ['ACTIVE', 2],
      ],
    );
    await until(() => ecs.runtime.alive('v2').length === 2);
    const [first, second] = ecs.runtime.alive('v2');
    first?.run();
    second?.run();
    // Running is not yet healthy where a health check is defined.
    await ecs.serviceWhere(({ deployments }) => deployments[0].runningCount === 2);
    assert.equal(ecs.runtime.alive('v1').length, 2);
    first?.becomes('HEALTHY');
    await until(() => ecs.runtime.alive('v1').length === 1);
    second?.becomes('HEALTHY');
    const after = await ecs.serviceWhere(isSteady);
    assert.equal(ecs.runtime.alive('v1').length, 0);
    assert.notEqual(after.deployments[0].id, before.deployments[0].id);
    const finished = await serviceDeployment(updated.currentServiceDeployment);
    assert.equal(finished.status, 'SUCCESSFUL');
    assert.ok(finished.finishedAt >= finished.startedAt);
    assert.equal(finished.targetServiceRevision.runningTaskCount, 2);
    assert.ok(
      finished.sourceServiceRevisions[0].arn.endsWith(before.deployments[0].id.replace('ecs-svc/', '')),
    );
  });

  it('does not complete before the old tasks have ended', async () => {
    await ecs.createWeb('v1');
    await ecs.serviceWhere(isSteady);
    ecs.runtime.stubborn = true;
    const old = ecs.runtime.alive('v1')[0];
    await ecs.call('UpdateService', { service: 'web', forceNewDeployment: true });
    await until(() => ecs.runtime.tasks.length === 2);
    // The first was made when tasks still ended on their own.
    await until(() => old?.stopped === true);
    await ecs.serviceWhere(isSteady);
    const stubborn = ecs.runtime.alive('v1')[0];
    await ecs.call('UpdateService', { service: 'web', forceNewDeployment: true });
    await until(() => stubborn?.stopAsked === true);
    const during = await ecs.describeService();
    assert.equal(during.deployments.length, 2);
    assert.equal(during.deployments[0].rolloutState, 'IN_PROGRESS');
    stubborn?.finishStopping();
    await ecs.serviceWhere(isSteady);
  });

  it('fails a deployment whose tasks cannot start, and rolls back to the last completed one', async () => {
    ecs.runtime.script('broken', 'cannotStart');
    await ecs.createWeb('good', BREAKER);
    const before = await ecs.serviceWhere(isSteady);
    const updated = await deploy('broken');
    const failedId = updated.deployments[0].id;
    const after = await ecs.serviceWhere(
      (service) => isSteady(service) && service.taskDefinition === before.taskDefinition,
    );
    const goodId = before.deployments[0].id;
    assert.equal(after.deployments[0].id, goodId, 'the former deployment is PRIMARY again');
    const said = messages(after);
    for (const message of [
      '(service web) was unable to place a task. Reason: CannotPullContainerError: broken: not found',
      `(service web) (deployment ${failedId}) deployment failed: tasks failed to start.`,
      `(service web) rolling back to deployment ${goodId}.`,
    ]) {
      assert.ok(said.includes(message), `${message}\nis not among\n${said.join('\n')}`);
    }
    const record = await serviceDeployment(updated.currentServiceDeployment);
    assert.equal(record.status, 'ROLLBACK_SUCCESSFUL');
    assert.equal(
      record.statusReason,
      'Service deployment rolled back because the circuit breaker threshold was exceeded.',
    );
    assert.deepEqual(record.deploymentCircuitBreaker, { status: 'TRIGGERED', failureCount: 3, threshold: 3 });
    assert.ok(record.rollback.serviceRevisionArn.endsWith(goodId.replace('ecs-svc/', '')));
    assert.equal(ecs.runtime.tasks.filter(({ launch }) => launch.startedBy === failedId).length, 3);
  });

  it('shows a rollback for a while, however soon it could be over', async () => {
    await ecs.service.stop();
    ecs = new EcsHarness(undefined, { retryDelay: 30, longestRetryDelay: 30 });
    ecs.runtime.script('broken', 'cannotStart');
    await ecs.createWeb('good', BREAKER);
    await ecs.serviceWhere(isSteady);
    const updated = await deploy('broken');
    const during = await ecs.serviceWhere(({ deployments }) => deployments[1]?.rolloutState === 'FAILED');
    assert.equal(during.deployments[1]?.id, updated.deployments[0].id);
    assert.equal(during.deployments[0].rolloutState, 'IN_PROGRESS');
    await ecs.serviceWhere(isSteady);
  });

  it('counts tasks that exit soon after they were running as failed', async () => {
    ecs.runtime.script('broken', 'crashes');
    await ecs.createWeb('good', BREAKER);
    await ecs.serviceWhere(isSteady);
    const updated = await deploy('broken');
    await ecs.serviceWhere((service) => messages(service).some((text) => text.includes('rolling back')));
    const record = await serviceDeployment(updated.currentServiceDeployment);
    assert.equal(record.deploymentCircuitBreaker.status, 'TRIGGERED');
  });

  it('shows the failed deployment beside the one it rolls back to until it has drained', async () => {
    const check = { healthCheck: { command: ['CMD', 'true'] } };
    ecs.runtime.script('broken', 'manual');
    await ecs.createWeb('good', {
      desiredCount: 2,
      deploymentConfiguration: {
        deploymentCircuitBreaker: {
          enable: true,
          rollback: true,
          thresholdConfiguration: { type: 'COUNT', value: 1 },
        },
      },
    });
    const before = await ecs.serviceWhere(isSteady);
    ecs.runtime.stubborn = true;
    const updated = await deploy('broken', {}, check);
    await until(() => ecs.runtime.alive('broken').length === 2);
    ecs.runtime.alive('broken').forEach((task) => task.run());
    const [bad] = ecs.runtime.alive('broken');
    bad?.becomes('UNHEALTHY');
    const during = await ecs.serviceWhere(({ deployments }) => deployments[1]?.rolloutState === 'FAILED');
    const goodId = before.deployments[0].id;
    assert.equal(during.deployments[0].id, goodId);
    assert.equal(during.deployments[0].status, 'PRIMARY');
    assert.equal(
      during.deployments[0].rolloutStateReason,
      `ECS deployment circuit breaker: rolling back to deploymentId ${goodId}.`,
    );
    assert.equal(during.deployments[1]?.id, updated.deployments[0].id);
    assert.equal(during.deployments[1]?.status, 'ACTIVE');
    assert.equal(
      during.deployments[1]?.rolloutStateReason,
      'ECS deployment circuit breaker: tasks failed to start.',
    );
    assert.equal((await serviceDeployment(updated.currentServiceDeployment)).status, 'ROLLBACK_IN_PROGRESS');
    ecs.runtime.alive('broken').forEach((task) => task.finishStopping());
    await ecs.serviceWhere(isSteady);
  });

  it('fails without rollback where none is asked for, and starts no more tasks', async () => {
    ecs.runtime.script('broken', 'cannotStart');
    await ecs.createWeb('good', {
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
    });
    await ecs.serviceWhere(isSteady);
    const updated = await deploy('broken');
    const failed = await ecs.serviceWhere(({ deployments }) => deployments[0].rolloutState === 'FAILED');
    assert.equal(failed.deployments[0].id, updated.deployments[0].id);
    assert.equal(failed.deployments[0].failedTasks, 3);
    assert.equal(failed.deployments[1]?.runningCount, 1, 'the old task goes on');
    assert.equal((await serviceDeployment(updated.currentServiceDeployment)).status, 'STOPPED');
    const started = ecs.runtime.tasks.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(ecs.runtime.tasks.length, started);
  });

  it('cannot roll back the first deployment of a service', async () => {
    ecs.runtime.script('broken', 'cannotStart');
    const created = await ecs.createWeb('broken', BREAKER);
    await ecs.serviceWhere(({ deployments }) => deployments[0].rolloutState === 'FAILED');
    assert.equal((await serviceDeployment(created.currentServiceDeployment)).status, 'ROLLBACK_FAILED');
  });

  it('goes on trying without a circuit breaker, with growing waits, and says that it cannot', async () => {
    ecs.runtime.script('broken', 'cannotStart');
    await ecs.createWeb('broken');
    const service = await ecs.serviceWhere(({ deployments }) => deployments[0].failedTasks >= 5);
    assert.equal(service.deployments[0].rolloutState, 'IN_PROGRESS');
    assert.ok(
      messages(service).some((text) =>
        text.startsWith('(service web) is unable to consistently start tasks successfully.'),
      ),
    );
  });

  it('stops a deployment that a newer one supersedes', async () => {
    ecs.runtime.script('slow', 'manual');
    await ecs.createWeb('good');
    await ecs.serviceWhere(isSteady);
    const first = await deploy('slow');
    await until(() => ecs.runtime.alive('slow').length === 1);
    const second = await deploy('better');
    assert.equal(second.deployments.length, 3);
    const stopped = await serviceDeployment(first.currentServiceDeployment);
    assert.equal(stopped.status, 'STOPPED');
    assert.match(stopped.statusReason, /newer service deployment/);
    const after = await ecs.serviceWhere(isSteady);
    assert.equal(after.deployments[0].id, second.deployments[0].id);
    assert.equal(ecs.runtime.alive('slow').length, 0);
    assert.ok(messages(after).includes('(service web) stopped 1 pending tasks.'));
    const { serviceDeployments } = await ecs.call('ListServiceDeployments', { service: 'web' });
    assert.deepEqual(
      serviceDeployments.map(({ status }: { status: string }) => status),
      ['SUCCESSFUL', 'STOPPED', 'SUCCESSFUL'],
    );
  });

  it('rolls back when it is asked to', async () => {
    ecs.runtime.script('slow', 'manual');
    await ecs.createWeb('good');
    const before = await ecs.serviceWhere(isSteady);
    const { currentServiceDeployment: serviceDeploymentArn } = await deploy('slow');
    const answer = await ecs.call('StopServiceDeployment', { serviceDeploymentArn, stopType: 'ROLLBACK' });
    assert.deepEqual(answer, { serviceDeploymentArn });
    const after = await ecs.serviceWhere(
      (service) => isSteady(service) && service.taskDefinition === before.taskDefinition,
    );
    assert.equal(after.deployments[0].id, before.deployments[0].id);
    assert.equal((await serviceDeployment(serviceDeploymentArn)).status, 'ROLLBACK_SUCCESSFUL');
    const again = await ecs.refusal('StopServiceDeployment', { serviceDeploymentArn });
    assert.equal(again.code, 'ConflictException');
  });

  it('leaves the service as it is when a deployment is aborted', async () => {
    ecs.runtime.script('slow', 'manual');
    await ecs.createWeb('good');
    await ecs.serviceWhere(isSteady);
    const { currentServiceDeployment: serviceDeploymentArn } = await deploy('slow');
    await ecs.call('StopServiceDeployment', { serviceDeploymentArn, stopType: 'ABORT' });
    await ecs.serviceWhere(({ deployments }) => deployments[0].rolloutState === 'FAILED');
    assert.equal((await serviceDeployment(serviceDeploymentArn)).status, 'STOPPED');
    assert.equal(ecs.runtime.alive('good').length, 1);
  });

  it('replaces a task that failed its health check, after the grace period', async () => {
    await ecs.createWeb(
      'checked',
      { healthCheckGracePeriodSeconds: 0 },
      { healthCheck: { command: ['CMD', 'true'] } },
    );
    await until(() => ecs.runtime.alive().length === 1);
    const [task] = ecs.runtime.alive();
    await ecs.serviceWhere(({ runningCount }) => runningCount === 1);
    task?.becomes('HEALTHY');
    await ecs.serviceWhere(isSteady);
    task?.becomes('UNHEALTHY');
    await until(() => task?.stopped === true && ecs.runtime.alive().length === 1);
    const service = await ecs.describeService();
    const id = task?.launch.taskId;
    assert.ok(messages(service).includes(`(service web) (task ${id}) failed container health checks.`));
    const { tasks } = await ecs.call('DescribeTasks', { tasks: [id] });
    assert.equal(tasks[0].stoppedReason, 'Task failed container health checks');
    assert.equal(tasks[0].stopCode, 'ServiceSchedulerInitiated');
  });

  it('waits through the grace period before it minds a failed health check', async () => {
    await ecs.createWeb(
      'checked',
      { healthCheckGracePeriodSeconds: 60 },
      { healthCheck: { command: ['CMD', 'true'] } },
    );
    await ecs.serviceWhere(({ runningCount }) => runningCount === 1);
    ecs.runtime.alive()[0]?.becomes('UNHEALTHY');
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.equal(ecs.runtime.tasks.length, 1);
    assert.equal(ecs.runtime.alive().length, 1);
  });

  it('replaces a task that stops, and says when the service is steady again', async () => {
    await ecs.createWeb('good');
    const before = await ecs.serviceWhere(isSteady);
    const [task] = ecs.runtime.alive();
    await ecs.call('StopTask', { task: task?.launch.taskId, reason: 'out of curiosity' });
    await until(() => ecs.runtime.tasks.length === 2);
    const steady = (texts: string[]) =>
      texts.filter((text) => text.endsWith('has reached a steady state.')).length;
    const after = await ecs.serviceWhere((service) => steady(messages(service)) === 2);
    assert.equal(after.deployments[0].id, before.deployments[0].id, 'no new deployment');
    assert.equal(after.deployments[0].failedTasks, 0, 'a task that the user stopped has not failed');
  });

  it('says when the limits allow neither to stop nor to start a task', async () => {
    await ecs.createWeb('good', {
      deploymentConfiguration: { minimumHealthyPercent: 90, maximumPercent: 110 },
    });
    await ecs.serviceWhere(isSteady);
    await deploy('better');
    const service = await ecs.serviceWhere((service) =>
      messages(service).some((text) => text.includes('unable to stop or start tasks during a deployment')),
    );
    assert.equal(messages(service).filter((text) => text.includes('unable to stop or start')).length, 1);
  });

  it('makes room for a fixed host port where the minimum allows, and waits for it where not', async () => {
    const port = { portMappings: [{ containerPort: 80, hostPort: 8080 }] };
    await ecs.createWeb(
      'v1',
      { deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 200 } },
      port,
    );
    await ecs.serviceWhere(isSteady);
    ecs.runtime.stubborn = true;
    await deploy('v2', {}, port);
    await until(() => ecs.runtime.alive('v1')[0]?.stopAsked === true || ecs.runtime.alive('v1').length === 0);
    await ecs.serviceWhere(isSteady);
    assert.equal(ecs.runtime.tasks.length, 2, 'the new task waited for the port of the old one');
    await deploy('v3', { deploymentConfiguration: { minimumHealthyPercent: 100 } }, port);
    const stuck = await ecs.serviceWhere((service) =>
      messages(service).some((text) => text.includes('already using a port required by your task')),
    );
    assert.equal(stuck.deployments[1]?.runningCount, 1);
    const { tasks, failures } = await ecs.call('RunTask', { taskDefinition: 'web' });
    assert.equal(tasks.length, 0);
    assert.equal(failures[0].reason, 'RESOURCE:PORTS');
  });

  it('scales without a deployment', async () => {
    await ecs.createWeb('good');
    const before = await ecs.serviceWhere(isSteady);
    await ecs.call('UpdateService', { service: 'web', desiredCount: 3 });
    await ecs.serviceWhere(({ runningCount }) => runningCount === 3);
    await ecs.call('UpdateService', { service: 'web', desiredCount: 0 });
    const after = await ecs.serviceWhere((service) => service.runningCount === 0 && isSteady(service));
    assert.equal(after.deployments[0].id, before.deployments[0].id);
    const { serviceDeployments } = await ecs.call('ListServiceDeployments', { service: 'web' });
    assert.equal(serviceDeployments.length, 1);
  });

  it('runs a daemon once', async () => {
    await ecs.call('CreateCluster');
    const { taskDefinitionArn } = await ecs.register('good');
    await ecs.call('CreateService', {
      serviceName: 'web',
      taskDefinition: taskDefinitionArn,
      schedulingStrategy: 'DAEMON',
    });
    const service = await ecs.serviceWhere(isSteady);
    assert.equal(service.desiredCount, 1);
    assert.equal(service.deploymentConfiguration.maximumPercent, 100);
    await ecs.call('UpdateService', { service: 'web', forceNewDeployment: true });
    await ecs.serviceWhere(isSteady);
    assert.equal(ecs.runtime.tasks.length, 2);
  });

  it('describes revisions with the digests that ran', async () => {
    await ecs.createWeb('good');
    const service = await ecs.serviceWhere(isSteady);
    const { serviceRevisions, failures } = await ecs.call('DescribeServiceRevisions', {
      serviceRevisionArns: [
        service.currentServiceRevisions[0].arn,
        'arn:aws:ecs:eu-west-1:000000000000:service-revision/default/web/1',
      ],
    });
    assert.deepEqual(serviceRevisions[0].containerImages, [
      { containerName: 'app', image: 'good', imageDigest: `sha256:${'ab'.repeat(32)}` },
    ]);
    assert.equal(failures[0].reason, 'MISSING');
  });

  it('begins anew after a restart: what ran is STOPPED, and services have new tasks', async () => {
    await ecs.createWeb('good', { desiredCount: 2 });
    const before = await ecs.serviceWhere(isSteady);
    const lost = ecs.runtime.alive().map(({ launch }) => launch.taskId);
    await ecs.service.stop();
    ecs = new EcsHarness(ecs.store);
    const { tasks } = await ecs.call('DescribeTasks', { tasks: lost });
    for (const task of tasks) {
      assert.equal(task.lastStatus, 'STOPPED');
      assert.equal(task.stopCode, 'TerminationNotice');
      assert.match(task.stoppedReason, /^Host EC2 \(instance i-\w+\) terminated\.$/);
      assert.equal(task.containers[0].lastStatus, 'STOPPED');
    }
    const after = await ecs.serviceWhere(isSteady);
    assert.equal(after.deployments[0].id, before.deployments[0].id, 'the same deployment');
    assert.equal(after.deployments[0].failedTasks, 0);
    assert.equal(ecs.runtime.alive().length, 2);
  });
});
