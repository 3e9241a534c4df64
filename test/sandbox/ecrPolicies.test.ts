import assert from 'node:assert/strict';
import { createSession, type AwsSession } from '../../src/aws/session';
import { STARTER_LIFECYCLE_POLICY } from '../../src/ecr/lifecyclePolicy';
import { previewLifecycle } from '../../src/ecr/previewLifecycle';
import { starterRepositoryPolicy } from '../../src/ecr/repositoryPolicy';
import { useSandbox } from '../support/sandboxClients';
import { sandboxContext } from '../support/sandboxContext';
import { TinyImages } from '../support/tinyImage';

/** Untagged images all go but the newest. */
const KEEP_ONE_UNTAGGED = JSON.stringify({
  rules: [
    {
      rulePriority: 7,
      selection: { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 1 },
      action: { type: 'expire' },
    },
  ],
});

describe('policies of a repository', () => {
  const sandbox = useSandbox();
  let session: AwsSession;

  before(async () => {
    session = createSession(sandboxContext(sandbox.endpoint));
    for (const repositoryName of ['web', 'many', 'indexes']) {
      await session.ecr.createRepository({ repositoryName });
    }
  });
  after(() => session.dispose());

  it('are read, saved and deleted, and are nothing where there is none', async () => {
    const { ecr } = session;
    assert.equal(await ecr.lifecyclePolicy('web'), undefined);
    assert.equal(await ecr.deleteLifecyclePolicy('web'), false);
    await ecr.putLifecyclePolicy('web', STARTER_LIFECYCLE_POLICY);
    assert.equal(await ecr.lifecyclePolicy('web'), STARTER_LIFECYCLE_POLICY);
    assert.equal(await ecr.deleteLifecyclePolicy('web'), true);
    assert.equal(await ecr.lifecyclePolicy('web'), undefined);

    const text = starterRepositoryPolicy(await ecr.repository('web'));
    assert.match(text, /arn:aws:iam::000000000000:root/);
    assert.equal(await ecr.repositoryPolicy('web'), undefined);
    assert.equal(await ecr.deleteRepositoryPolicy('web'), false);
    await ecr.setRepositoryPolicy('web', text);
    assert.equal(await ecr.repositoryPolicy('web'), text);
    assert.equal(await ecr.deleteRepositoryPolicy('web'), true);
    assert.equal(await ecr.repositoryPolicy('web'), undefined);
  });

  it('are refused in the words of ECR', async () => {
    const wrong = STARTER_LIFECYCLE_POLICY.replace('"untagged"', '"tagged"');
    await assert.rejects(session.ecr.putLifecyclePolicy('web', wrong), {
      reason: 'requestRefused',
      message: /save the lifecycle policy of web .*Lifecycle policy validation failure/s,
    });
    await assert.rejects(session.ecr.setRepositoryPolicy('web', '{}'), {
      reason: 'requestRefused',
      message: /save the policy of the repository web .*Invalid repository policy provided/s,
    });
    await assert.rejects(session.ecr.lifecyclePolicy('none'), { reason: 'notFound' });
  });

  it('are previewed without being saved: over all pages, the oldest first, with sizes', async () => {
    const images = new TinyImages(await session.ecr.authorization(), 'many');
    const digests: string[] = [];
    for (let index = 0; index < 104; index += 1) {
      digests.push(await images.push(`content ${index}`));
    }
    await images.push('tagged', 'v1');
    const found = await previewLifecycle(session.ecr, 'many', KEEP_ONE_UNTAGGED, { interval: 20 });
    assert.deepEqual(
      found.map(({ digest }) => digest).sort(),
      digests.slice(0, -1).sort(),
      'all but the newest, over two pages',
    );
    const times = found.map(({ pushedAt }) => pushedAt?.getTime() ?? NaN);
    assert.deepEqual(
      times,
      [...times].sort((left, right) => left - right),
    );
    const [first] = found;
    assert.equal(first?.action, 'expire');
    assert.equal(first.rulePriority, 7);
    assert.ok((first.size ?? 0) > 0);
    assert.equal(await session.ecr.lifecyclePolicy('many'), undefined);
    assert.equal((await session.ecr.image('many', { imageDigest: first.digest }))?.imageDigest, first.digest);
  });

  it('are previewed one after another', async () => {
    const [one, other] = await Promise.all([
      previewLifecycle(session.ecr, 'web', KEEP_ONE_UNTAGGED, { interval: 20 }),
      previewLifecycle(session.ecr, 'web', KEEP_ONE_UNTAGGED, { interval: 20 }),
    ]);
    assert.deepEqual([one, other], [[], []]);
  });

  it('leave what an index refers to, as long as the index stays', async () => {
    const images = new TinyImages(await session.ecr.authorization(), 'indexes');
    await images.pushIndex({ amd64: await images.push('amd64'), arm64: await images.push('arm64') }, 'v1');
    assert.deepEqual(await previewLifecycle(session.ecr, 'indexes', KEEP_ONE_UNTAGGED, { interval: 20 }), []);
  });

  it('are not previewed when ECR refuses them, and no longer than the user waits', async () => {
    await assert.rejects(previewLifecycle(session.ecr, 'web', '{}'.padEnd(120)), {
      reason: 'requestRefused',
      message: /preview the lifecycle policy of web .*validation failure/s,
    });
    await assert.rejects(
      previewLifecycle(session.ecr, 'web', KEEP_ONE_UNTAGGED, { signal: AbortSignal.timeout(100) }),
      { reason: 'cancelled' },
    );
  });
});
