import assert from 'node:assert/strict';
import { EcsHarness, isSteady } from './ecsHarness';

describe('sandbox ECS clusters', () => {
  let ecs: EcsHarness;
  beforeEach(() => (ecs = new EcsHarness()));
  afterEach(() => ecs.service.stop());

  it('creates "default" where no name is given, and again gives the one that is there', async () => {
    const first = await ecs.call('CreateCluster', {
      settings: [{ name: 'containerInsights', value: 'enabled' }],
    });
    const second = await ecs.call('CreateCluster', { clusterName: 'default' });
    assert.deepEqual(second, first);
    assert.equal(first.cluster.clusterArn, 'arn:aws:ecs:eu-west-1:000000000000:cluster/default');
    assert.equal(first.cluster.status, 'ACTIVE');
    assert.deepEqual(first.cluster.settings, [{ name: 'containerInsights', value: 'enabled' }]);
  });

  it('describes by name and ARN, includes what is asked for, and reports the missing', async () => {
    await ecs.call('CreateCluster', { clusterName: 'a', tags: [{ key: 'k', value: 'v' }] });
    const { clusters, failures } = await ecs.call('DescribeClusters', {
      clusters: ['a', 'arn:aws:ecs:eu-west-1:000000000000:cluster/b'],
    });
    assert.deepEqual([clusters[0].tags, clusters[0].settings, clusters[0].statistics], [[], [], []]);
    assert.deepEqual(failures, [{ arn: 'arn:aws:ecs:eu-west-1:000000000000:cluster/b', reason: 'MISSING' }]);
    const whole = await ecs.call('DescribeClusters', {
      clusters: ['arn:aws:ecs:eu-west-1:000000000000:cluster/a'],
      include: ['TAGS', 'SETTINGS', 'STATISTICS'],
    });
    assert.deepEqual(whole.clusters[0].tags, [{ key: 'k', value: 'v' }]);
    assert.equal(whole.clusters[0].statistics.length, 4);
    assert.equal(whole.clusters[0].settings.length, 1);
  });

  it('refuses more than a hundred', async () => {
    const clusters = Array.from({ length: 101 }, (_, index) => `c${index}`);
    const error = await ecs.refusal('DescribeClusters', { clusters });
    assert.deepEqual(
      [error.code, error.message],
      ['InvalidParameterException', 'clusters can have at most 100 items.'],
    );
  });

  it('pages through the list without loss when clusters come and go in between', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await ecs.call('CreateCluster', { clusterName: name });
    }
    const first = await ecs.call('ListClusters', { maxResults: 2 });
    await ecs.call('DeleteCluster', { cluster: 'b' });
    await ecs.call('CreateCluster', { clusterName: 'aa' });
    const second = await ecs.call('ListClusters', { maxResults: 100, nextToken: first.nextToken });
    const names = [...first.clusterArns, ...second.clusterArns].map((arn: string) => arn.split('/').at(-1));
    assert.deepEqual(names, ['a', 'b', 'c', 'd', 'e']);
    assert.equal('nextToken' in second, false);
  });

  it('deletes an empty cluster only', async () => {
    await ecs.createWeb('good');
    await ecs.serviceWhere(isSteady);
    const withService = await ecs.refusal('DeleteCluster', { cluster: 'default' });
    assert.deepEqual(
      [withService.code, withService.message],
      ['ClusterContainsServicesException', 'The Cluster cannot be deleted while Services are active.'],
    );
    await ecs.call('DeleteService', { service: 'web', force: true });
    await ecs.serviceWhere(({ status }) => status === 'INACTIVE');
    const { tasks } = await ecs.call('RunTask', { taskDefinition: 'web' });
    const withTask = await ecs.refusal('DeleteCluster', { cluster: 'default' });
    assert.deepEqual(
      [withTask.code, withTask.message],
      ['ClusterContainsTasksException', 'The Cluster cannot be deleted while Tasks are active.'],
    );
    await ecs.call('StopTask', { task: tasks[0].taskArn });
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    const { cluster } = await ecs.call('DeleteCluster', { cluster: 'default' });
    assert.equal(cluster.status, 'INACTIVE');
    assert.deepEqual((await ecs.call('ListClusters')).clusterArns, []);
    const inactive = await ecs.refusal('RunTask', { taskDefinition: 'web' });
    assert.deepEqual(
      [inactive.code, inactive.message],
      ['ClusterNotFoundException', 'The referenced cluster was inactive.'],
    );
    assert.equal((await ecs.call('CreateCluster')).cluster.status, 'ACTIVE');
  });

  it('takes only the setting and the values that clusters have', async () => {
    for (const setting of [{ name: 'other' }, { name: 'containerInsights', value: 'on' }]) {
      for (const operation of ['CreateCluster', 'UpdateClusterSettings'] as const) {
        await ecs.call('CreateCluster', { clusterName: 'strict' });
        const error = await ecs.refusal(operation, { cluster: 'strict', settings: [setting] });
        assert.equal(error.code, 'InvalidParameterException');
        assert.match(error.message, /Member must satisfy enum value set/);
      }
    }
  });

  it('changes settings one by one', async () => {
    await ecs.call('CreateCluster', { clusterName: 'a' });
    const { cluster } = await ecs.call('UpdateClusterSettings', {
      cluster: 'a',
      settings: [{ name: 'containerInsights', value: 'enhanced' }],
    });
    assert.deepEqual(cluster.settings, [{ name: 'containerInsights', value: 'enhanced' }]);
  });

  it('takes a default strategy of associated providers only', async () => {
    await ecs.call('CreateCluster', { clusterName: 'a' });
    const strategy = { defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }] };
    const error = await ecs.refusal('PutClusterCapacityProviders', {
      cluster: 'a',
      capacityProviders: [],
      ...strategy,
    });
    assert.match(error.message, /not associated with the cluster/);
    await ecs.call('PutClusterCapacityProviders', {
      cluster: 'a',
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      ...strategy,
    });
    await ecs.register('good', {
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
    });
    const { tasks } = await ecs.call('RunTask', {
      cluster: 'a',
      taskDefinition: 'web',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    });
    assert.deepEqual(
      [tasks[0].launchType, tasks[0].capacityProviderName, tasks[0].platformVersion],
      ['FARGATE', 'FARGATE', '1.4.0'],
    );
  });

  it('keeps regions apart', async () => {
    await ecs.call('CreateCluster', { clusterName: 'a' });
    assert.deepEqual((await ecs.call('ListClusters', {}, 'us-east-1')).clusterArns, []);
    for (const cluster of ['a', 'arn:aws:ecs:eu-west-1:000000000000:cluster/a']) {
      const error = await ecs.refusal('ListTasks', { cluster }, 'us-east-1');
      assert.deepEqual([error.code, error.message], ['ClusterNotFoundException', 'Cluster not found.']);
    }
  });
});

describe('sandbox ECS tags', () => {
  let ecs: EcsHarness;
  beforeEach(() => (ecs = new EcsHarness()));
  afterEach(() => ecs.service.stop());

  it('adds, replaces and removes tags of each kind of resource', async () => {
    const service = await ecs.createWeb('good', { tags: [{ key: 'a', value: '1' }] });
    const { tasks } = await ecs.call('RunTask', { taskDefinition: 'web', tags: [{ key: 'a', value: '1' }] });
    const { cluster } = await ecs.call('CreateCluster');
    const arns = [service.serviceArn, service.taskDefinition, tasks[0].taskArn, cluster.clusterArn];
    for (const resourceArn of arns) {
      await ecs.call('TagResource', {
        resourceArn,
        tags: [
          { key: 'a', value: '2' },
          { key: 'b', value: '3' },
        ],
      });
      await ecs.call('UntagResource', { resourceArn, tagKeys: ['b'] });
      const { tags } = await ecs.call('ListTagsForResource', { resourceArn });
      assert.deepEqual(tags, [{ key: 'a', value: '2' }]);
    }
    const described = await ecs.call('DescribeServices', { services: ['web'], include: ['TAGS'] });
    assert.deepEqual(described.services[0].tags, [{ key: 'a', value: '2' }]);
  });

  it('refuses reserved keys, doubles, and resources that are not there', async () => {
    const cases: readonly [object, string][] = [
      [{ tags: [{ key: 'aws:x', value: '1' }] }, 'InvalidParameterException'],
      [{ tags: [{ key: 'a' }, { key: 'a' }] }, 'InvalidParameterException'],
      [{ tags: [{ key: '', value: '1' }] }, 'InvalidParameterException'],
    ];
    for (const [input, code] of cases) {
      assert.equal((await ecs.refusal('CreateCluster', input)).code, code);
    }
    const missing = await ecs.refusal('ListTagsForResource', {
      resourceArn: 'arn:aws:ecs:eu-west-1:000000000000:cluster/none',
    });
    assert.equal(missing.code, 'ClusterNotFoundException');
    const nonsense = await ecs.refusal('ListTagsForResource', { resourceArn: 'none' });
    assert.equal(nonsense.code, 'InvalidParameterException');
  });
});
