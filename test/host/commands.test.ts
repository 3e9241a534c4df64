import assert from 'node:assert/strict';
import { ECR } from '@aws-sdk/client-ecr';
import { ECS } from '@aws-sdk/client-ecs';
import { poll } from '../../src/base/delay';
import { connectRegistry } from '../support/registryClient';
import { runCommand } from './runCommand';
import { ENDPOINT, sandboxSettings } from './sandboxSettings';

/** A region of its own: nothing here shows in another test's lists. */
const context = { profile: 'sandbox', region: 'ap-south-1' };

describe('commands with plain answers', () => {
  const settings = sandboxSettings(context.region);
  const ecr = new ECR(settings);
  const ecs = new ECS(settings);
  const run = <T = unknown>(id: string, answers: object): Promise<T> =>
    runCommand<T>(id, { context, ...answers });
  const refused = (id: string, answers: object, message: RegExp): Promise<void> =>
    assert.rejects(run(id, answers), { message });

  describe('on repositories and images', () => {
    it('create a repository, and say why not', async () => {
      const { name, uri, arn } = await run<{ name: string; uri: string; arn: string }>('repository.create', {
        name: 'team/web',
        tagMutability: 'IMMUTABLE',
        scanOnPush: true,
      });
      const { repositories } = await ecr.describeRepositories({ repositoryNames: ['team/web'] });
      const [made] = repositories ?? [];
      assert.deepEqual(
        { name, uri, arn },
        { name: 'team/web', uri: made?.repositoryUri, arn: made?.repositoryArn },
      );
      assert.equal(made?.imageTagMutability, 'IMMUTABLE');
      assert.equal(made.imageScanningConfiguration?.scanOnPush, true);
      await refused(
        'repository.create',
        { name: 'team/web' },
        /create the repository team\/web \(Local Sandbox · ap-south-1\)/,
      );
      for (const odd of ['Team', '$(touch x)', 'a b', '--force', 'x', '../x', 'a\nb', 'ü'.repeat(3)]) {
        await refused('repository.create', { name: odd }, /A repository name has/);
      }
    });

    it('delete images, and report each that the service would not delete', async () => {
      const registry = await connectRegistry(ENDPOINT, ecr);
      const digest = await registry.pushImage('team/web', 'v1', 'layer');
      const other = await registry.pushImage('team/web', 'v2', 'other layer');
      const missing = `sha256:${'0'.repeat(64)}`;
      const { deleted, failures } = await run<{ deleted: object[]; failures: { failureCode?: string }[] }>(
        'image.delete',
        {
          repository: 'team/web',
          imageIds: [{ imageDigest: digest }, { imageDigest: missing }, { imageTag: 'nothing' }],
          confirm: true,
        },
      );
      assert.ok(JSON.stringify(deleted).includes(digest));
      assert.deepEqual(
        failures.map(({ failureCode }) => failureCode),
        ['ImageNotFound', 'ImageNotFound'],
      );
      const { imageDetails } = await ecr.describeImages({ repositoryName: 'team/web' });
      assert.deepEqual(
        imageDetails?.map(({ imageDigest }) => imageDigest),
        [other],
      );
    });

    it('delete a repository, with its images only when told so', async () => {
      const answers = { repository: 'team/web', confirm: true };
      await refused('repository.delete', answers, /delete the repository team\/web/);
      assert.deepEqual(await run('repository.delete', { ...answers, force: true }), {
        repository: 'team/web',
      });
      await refused('repository.delete', answers, /RepositoryNotFoundException/);
    });
  });

  describe('on clusters, services and tasks', () => {
    const cluster = 'by-commands';
    let revision: string;

    before(async () => {
      const { taskDefinition } = await ecs.registerTaskDefinition({
        family: 'by-commands',
        containerDefinitions: [{ name: 'app', image: '127.0.0.1:1/none:none', memory: 64 }],
      });
      revision = taskDefinition?.taskDefinitionArn ?? '';
    });

    it('create a cluster, and say what its name may be', async () => {
      const { arn } = await run<{ arn: string }>('cluster.create', { name: cluster });
      assert.match(arn, /:cluster\/by-commands$/);
      await refused('cluster.create', { name: '$(touch x)' }, /A cluster name has/);
    });

    it('create a service, set its count, and delete it', async () => {
      const service = 'web';
      const { serviceArn } = await run<{ serviceArn: string }>('service.create', {
        cluster,
        service,
        taskDefinition: 'by-commands',
        desiredCount: 0,
      });
      assert.match(serviceArn, /:service\/by-commands\/web$/);
      assert.deepEqual(await run('service.scale', { cluster, service, desiredCount: 0 }), {
        service,
        desiredCount: 0,
      });
      for (const desiredCount of [-1, 0.5, NaN, '1; rm']) {
        await refused('service.scale', { cluster, service, desiredCount }, /whole number, 0 or more/);
      }
      await refused(
        'service.scale',
        { cluster, service: 'none', desiredCount: 1 },
        /ServiceNotFoundException/,
      );
      await refused('service.rollBack', { cluster, service, confirm: true }, /./);
      await refused('cluster.delete', { cluster, confirm: true }, /ClusterContainsServicesException/);
      assert.deepEqual(await run('service.delete', { cluster, service, confirm: true }), { service });
      await refused('service.deploy', { cluster, service, confirm: false }, /web/);
    });

    it('stop a task, and stream what it wrote until told to stop', async () => {
      const { tasks } = await ecs.runTask({ cluster, taskDefinition: revision });
      const task = tasks?.[0]?.taskArn ?? '';
      const { channel } = await run<{ channel: string }>('logs.stream', { cluster, task, since: 0 });
      assert.match(channel, /^Logs: by-commands\//);
      assert.deepEqual(await run('task.stop', { cluster, task, confirm: true }), {
        task: task.slice(task.lastIndexOf('/') + 1),
      });
      await refused('task.stop', { cluster, task: '0'.repeat(32), confirm: true }, /stop the task/);
      await refused('logs.stream', { cluster, task, since: 'yesterday' }, /no date or time/);
    });

    it('deregister a revision', async () => {
      const answers = { taskDefinition: 'by-commands:1', confirm: true };
      assert.deepEqual(await run('taskDefinition.deregister', answers), {
        deregistered: ['by-commands:1'],
        deleted: [],
        inUse: [],
        failures: [],
      });
      const { taskDefinition } = await ecs.describeTaskDefinition({ taskDefinition: revision });
      assert.equal(taskDefinition?.status, 'INACTIVE');
      await refused('taskDefinition.deregister', { ...answers, taskDefinition: 'none:1' }, /none:1/);
    });

    it('delete the cluster, once it is empty', async () => {
      // A task that was stopped counts until its containers have ended.
      await poll(
        async () => {
          const { taskArns: running = [] } = await ecs.listTasks({ cluster });
          const { taskArns: stopping = [] } = await ecs.listTasks({ cluster, desiredStatus: 'STOPPED' });
          const arns = [...running, ...stopping];
          const { tasks = [] } = arns.length > 0 ? await ecs.describeTasks({ cluster, tasks: arns }) : {};
          return tasks.every(({ lastStatus }) => lastStatus === 'STOPPED') ? true : undefined;
        },
        { interval: 100, signal: AbortSignal.timeout(30_000) },
      );
      assert.deepEqual(await run('cluster.delete', { cluster, confirm: true }), { cluster });
    });
  });
});
