import assert from 'node:assert/strict';
import { resourceName } from '../../src/aws/arn';
import type { EcrGateway } from '../../src/aws/ecrGateway';
import type { EcsGateway } from '../../src/aws/ecsGateway';
import { createSession, type AwsSession } from '../../src/aws/session';
import { poll } from '../../src/base/delay';
import { findImageUse, usersInWords, usesOf, type ImageUse } from '../../src/deploy/imageUse';
import { findWorkloadsOf } from '../../src/deploy/revisionUse';
import { describeWorkload } from '../../src/deploy/workloads';
import { tagImage } from '../../src/image/tagImage';
import { useSandbox } from '../support/sandboxClients';
import { sandboxContext } from '../support/sandboxContext';
import { TinyImages } from '../support/tinyImage';

describe('What uses images, against the sandbox', function () {
  this.timeout(60_000);
  const sandbox = useSandbox();
  let session: AwsSession;
  let uri: string;
  const digests: Record<string, string> = {};

  const register = async (family: string, ...images: readonly string[]): Promise<string> => {
    const { taskDefinitionArn = '' } = await session.ecs.registerTaskDefinition({
      family,
      containerDefinitions: images.map((image, index) => ({ name: `app${index}`, image, memory: 64 })),
    });
    return taskDefinitionArn;
  };
  const find = (asked?: string[]): Promise<readonly ImageUse[]> =>
    findImageUse(session, { name: 'web', uri }, undefined, (cluster) => asked?.push(cluster));
  const usersOf = (uses: readonly ImageUse[], digest = '', members: readonly string[] = []): string[] =>
    usersInWords(usesOf(uses, { digest, members })).sort();

  const runTask = async (taskDefinition: string): Promise<string> => {
    const { items } = await session.ecs.runTask({ cluster: 'one', taskDefinition });
    const arn = items[0]?.taskArn ?? '';
    await poll(
      async () => (await session.ecs.describeTasks('one', [arn])).items[0]?.containers?.[0]?.imageDigest,
      { interval: 20, signal: AbortSignal.timeout(20_000) },
    );
    return arn;
  };

  before(async () => {
    session = createSession(sandboxContext(sandbox.endpoint));
    const { ecr, ecs } = session;
    for (const repositoryName of ['web', 'other']) {
      uri = (await ecr.createRepository({ repositoryName })).repositoryUri ?? '';
      const images = new TinyImages(await ecr.authorization(), repositoryName);
      digests['v1'] = await images.push('one', 'v1');
      digests['v2'] = await images.push('two', 'v2', 'latest');
      digests['v3'] = await images.push('three', 'v3');
      digests['amd64'] = await images.push('amd64');
      digests['index'] = await images.pushIndex({ amd64: digests['amd64'] }, 'many');
    }
    uri = uri.replace(/other$/, 'web');
    await ecs.createCluster({ clusterName: 'one' });
    await ecs.createCluster({ clusterName: 'two' });
    await register('web', `${uri}:v1`);
    await register('pinned', 'busybox', `${uri}@${digests['v3']}`);
    await register('newest', uri);
    await register('elsewhere', uri.replace(/web$/, 'other:many'));
    await register('gone', `${uri}:none`);
    for (const [cluster, family] of [
      ['one', 'web'],
      ['two', 'web'],
      ['two', 'pinned'],
      ['two', 'elsewhere'],
      ['two', 'gone'],
    ] as const) {
      await ecs.createService({ cluster, serviceName: family, taskDefinition: family, desiredCount: 0 });
    }
  });
  after(() => session.dispose());

  it('are services of any cluster, by the tag or the digest in their task definitions', async () => {
    const asked: string[] = [];
    const uses = await find(asked);
    assert.deepEqual(asked, ['one', 'two']);
    assert.deepEqual(usersOf(uses, digests['v1']), ['service one/web', 'service two/web']);
    assert.deepEqual(usersOf(uses, digests['v3']), ['service two/pinned']);
    assert.deepEqual(usersOf(uses, digests['index']), []);
    assert.deepEqual(
      uses.map(({ tag }) => tag),
      ['v1', 'v1', undefined],
    );
  });

  it('are found with one call for each task definition and each tag, however many use them', async () => {
    const calls: string[] = [];
    const ecs: EcsGateway = {
      ...session.ecs,
      taskDefinition: (id, signal) => {
        calls.push(resourceName(id));
        return session.ecs.taskDefinition(id, signal);
      },
    };
    const ecr: EcrGateway = {
      ...session.ecr,
      image: (repository, id, signal) => {
        calls.push(id.imageTag ?? '');
        return session.ecr.image(repository, id, signal);
      },
    };
    await findImageUse({ ecr, ecs }, { name: 'web', uri });
    assert.deepEqual(calls.sort(), ['elsewhere:1', 'gone:1', 'none', 'pinned:1', 'v1', 'web:1']);
  });

  it('are tasks, by what they run and no longer by where the tag has gone', async () => {
    const { ecs, ecr } = session;
    const arn = await runTask('newest');
    assert.deepEqual(usersOf(await find(), digests['v2']), ['a task in one']);
    await tagImage(ecr, { repository: 'web', digest: digests['v3'] ?? '' }, 'latest');
    assert.deepEqual(usersOf(await find(), digests['v2']), ['a task in one']);
    assert.deepEqual(usersOf(await find(), digests['v3']), ['service two/pinned']);
    await ecs.stopTask('one', arn, 'the test');
  });

  it('use an index when they run one of its images', async () => {
    await register('member', `${uri}@${digests['amd64']}`);
    const arn = await runTask('member');
    const uses = await find();
    assert.deepEqual(usersOf(uses, digests['index'], [digests['amd64'] ?? '']), ['a task in one']);
    await session.ecs.stopTask('one', arn, 'the test');
  });

  it('are deployments that are still under way', async () => {
    const { ecs } = session;
    await ecs.updateService({ cluster: 'one', service: 'web', desiredCount: 1 });
    await poll(async () => (await ecs.service('one', 'web')).runningCount === 1 || undefined, {
      interval: 20,
      signal: AbortSignal.timeout(20_000),
    });
    await ecs.updateService({ cluster: 'one', service: 'web', taskDefinition: 'gone' });
    assert.match((await ecs.service('one', 'web')).taskDefinition ?? '', /gone/);
    const uses = (await find()).filter(({ workload }) => workload.kind === 'service');
    assert.ok(usersOf(uses, digests['v1']).includes('service one/web'));
  });

  it('are found for a revision, too', async () => {
    const { taskDefinition } = await session.ecs.taskDefinition('web');
    const found = await findWorkloadsOf(session.ecs, taskDefinition.taskDefinitionArn ?? '');
    assert.ok(found.map(describeWorkload).includes('service two/web'), found.map(describeWorkload).join());
    assert.ok(!found.map(describeWorkload).includes('service two/pinned'));
  });

  for (const operation of ['ListClusters', 'DescribeServices', 'DescribeTaskDefinition', 'DescribeImages']) {
    it(`are not guessed at where ${operation} is not permitted`, async () => {
      await sandbox.control('POST', 'faults', { operation, kind: 'accessDenied' });
      try {
        await assert.rejects(find(), { reason: 'accessDenied' });
      } finally {
        await sandbox.control('DELETE', 'faults');
      }
    });
  }
});

describe('Tags of images, against the sandbox', () => {
  const sandbox = useSandbox();
  let session: AwsSession;
  const digests: Record<string, string> = {};
  const digestOf = async (imageTag: string, repository = 'web'): Promise<string | undefined> =>
    (await session.ecr.image(repository, { imageTag }))?.imageDigest;

  before(async () => {
    session = createSession(sandboxContext(sandbox.endpoint));
    const { ecr } = session;
    await ecr.createRepository({ repositoryName: 'web' });
    await ecr.createRepository({
      repositoryName: 'fixed',
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'dev-*' }],
    });
    for (const repositoryName of ['web', 'fixed']) {
      const images = new TinyImages(await ecr.authorization(), repositoryName);
      digests['one'] = await images.push('one', 'v1', 'dev-1');
      digests['two'] = await images.push('two', 'v2');
      digests['index'] = await images.pushIndex({ amd64: digests['one'] }, 'many');
    }
  });
  after(() => session.dispose());

  it('are put on an image, or an index, beside those that it has', async () => {
    await tagImage(session.ecr, { repository: 'web', digest: digests['one'] ?? '' }, 'stable');
    await tagImage(session.ecr, { repository: 'web', digest: digests['index'] ?? '' }, 'all');
    assert.equal(await digestOf('stable'), digests['one']);
    assert.equal(await digestOf('v1'), digests['one']);
    assert.equal(await digestOf('all'), digests['index']);
  });

  it('stay when they are there already', async () => {
    await tagImage(session.ecr, { repository: 'web', digest: digests['one'] ?? '' }, 'v1');
    assert.equal(await digestOf('v1'), digests['one']);
  });

  it('move from one image to another, which stays', async () => {
    await tagImage(session.ecr, { repository: 'web', digest: digests['one'] ?? '' }, 'v2');
    assert.equal(await digestOf('v2'), digests['one']);
    const old = await session.ecr.image('web', { imageDigest: digests['two'] });
    assert.deepEqual(old?.imageTags ?? [], []);
  });

  it('stay where they are in a repository that keeps them there, but for those that it excludes', async () => {
    const place = { repository: 'fixed', digest: digests['two'] ?? '' };
    await assert.rejects(tagImage(session.ecr, place, 'v1'), { reason: 'tagImmutable' });
    assert.equal(await digestOf('v1', 'fixed'), digests['one']);
    await tagImage(session.ecr, place, 'dev-1');
    assert.equal(await digestOf('dev-1', 'fixed'), digests['two']);
    await tagImage(session.ecr, place, 'new');
    assert.equal(await digestOf('new', 'fixed'), digests['two']);
  });

  it('are not put on an image that is gone', async () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    await assert.rejects(tagImage(session.ecr, { repository: 'web', digest }, 'any'), { reason: 'notFound' });
  });
});
