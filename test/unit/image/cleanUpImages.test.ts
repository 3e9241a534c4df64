import assert from 'node:assert/strict';
import type { ImageIdentifier } from '@aws-sdk/client-ecr';
import fc from 'fast-check';
import type { EcrGateway } from '../../../src/aws/ecrGateway';
import { UserError } from '../../../src/base/errors';
import {
  planImageCleanUp,
  removeImages,
  type ImageCleanUp,
  type ImageCleanUpPlan,
  type ImageRemoval,
} from '../../../src/image/cleanUpImages';
import type { StoredImage } from '../../../src/image/repositoryImages';

const NOW = new Date('2026-03-31T12:00:00Z');

const image = (digest: string, daysAgo: number, more: Partial<StoredImage> = {}): StoredImage => ({
  digest,
  tags: [],
  bytes: 10,
  pushedAt: new Date(NOW.getTime() - daysAgo * 86_400_000),
  ...more,
});

const plan = (
  images: readonly StoredImage[],
  used: readonly string[] = [],
  cleanUp: ImageCleanUp = {},
): ImageCleanUpPlan => planImageCleanUp(images, (digest) => used.includes(digest), cleanUp, NOW);

const stepsOf = ({ steps }: ImageCleanUpPlan): string[][] =>
  steps.map((step) => step.map(({ digest }) => digest));

describe('a clean-up of images', () => {
  it('takes untagged images, newest first, and no tagged one', () => {
    const found = plan([image('old', 9), image('new', 1), image('kept', 9, { tags: ['v1'] })]);
    assert.deepEqual(stepsOf(found), [['new', 'old']]);
    assert.deepEqual([found.bytes, found.held, found.inUse], [20, 0, []]);
  });

  it('takes only those that are older, or all but the newest', () => {
    const images = [image('a', 1), image('b', 10), image('c', 20), image('d', 30)];
    assert.deepEqual(stepsOf(plan(images, [], { olderThanDays: 10 })), [['c', 'd']]);
    assert.deepEqual(stepsOf(plan(images, [], { keepNewest: 3 })), [['d']]);
    assert.deepEqual(stepsOf(plan(images, [], { keepNewest: 1, olderThanDays: 15 })), [['c', 'd']]);
    assert.deepEqual(stepsOf(plan(images, [], { keepNewest: 9 })), []);
  });

  it('leaves out what is in use, and says which', () => {
    const found = plan([image('a', 1), image('b', 2)], ['b']);
    assert.deepEqual(stepsOf(found), [['a']]);
    assert.deepEqual(
      found.inUse.map(({ digest }) => digest),
      ['b'],
    );
  });

  it('keeps the images of an index that stays', () => {
    const found = plan([
      image('index', 1, { tags: ['v1'], members: ['amd64', 'arm64'] }),
      image('amd64', 1),
      image('arm64', 1),
      image('free', 1),
    ]);
    assert.deepEqual(stepsOf(found), [['free']]);
    assert.equal(found.held, 2);
  });

  it('takes an untagged index first, and its images only where no other index has them', () => {
    const images = [
      image('index', 3, { members: ['amd64', 'shared', 'named'], bytes: 0 }),
      image('other', 1, { tags: ['v2'], members: ['shared'], bytes: 0 }),
      image('amd64', 3),
      image('shared', 3),
      image('named', 3, { tags: ['v1-arm64'] }),
    ];
    const found = plan(images);
    assert.deepEqual(stepsOf(found), [['index'], ['amd64']]);
    assert.deepEqual([found.held, found.bytes], [1, 10]);
  });

  it('counts an index as one image, whatever it refers to', () => {
    const images = [
      image('first', 3, { members: ['a', 'b'] }),
      image('a', 3),
      image('b', 3),
      image('second', 2, { members: ['c'] }),
      image('c', 2),
    ];
    assert.deepEqual(stepsOf(plan(images, [], { keepNewest: 1 })), [['first'], ['a', 'b']]);
  });

  it('takes an index of which a task runs one image for used, with all its images', () => {
    const found = plan(
      [image('index', 1, { members: ['amd64', 'arm64'] }), image('amd64', 1), image('arm64', 1)],
      ['amd64'],
    );
    assert.deepEqual(stepsOf(found), []);
    assert.deepEqual(
      found.inUse.map(({ digest }) => digest),
      ['index'],
    );
    assert.equal(found.held, 2);
  });

  it('keeps artefacts of images that stay, and takes those of images that go or are gone', () => {
    const found = plan([
      image('kept', 1, { tags: ['v1'] }),
      image('signature', 1, { subject: 'kept' }),
      image('going', 1),
      image('attestation', 1, { subject: 'going' }),
      image('orphan', 1, { subject: 'gone' }),
    ]);
    assert.deepEqual(stepsOf(found), [['going', 'orphan'], ['attestation']]);
    assert.equal(found.held, 1);
  });

  it('never takes what is tagged, in use, or belongs to what stays, before what refers to it', () => {
    const digests = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const some = fc.subarray(digests);
    const repository = fc.tuple(
      ...digests.map((digest, position) =>
        fc
          .record({
            tagged: fc.boolean(),
            // An index refers only to what was there before it: no circles.
            members: fc.subarray(digests.slice(position + 1)),
            index: fc.boolean(),
            subject: fc.option(fc.constantFrom('z', ...digests.slice(0, position)), { nil: undefined }),
            age: fc.nat(20),
          })
          .map(({ tagged, members, index, subject, age }) =>
            image(digest, age, {
              ...(tagged ? { tags: ['t'] } : {}),
              ...(index ? { members } : {}),
              ...(subject === undefined ? {} : { subject }),
            }),
          ),
      ),
    );
    fc.assert(
      fc.property(repository, some, fc.nat(3), (images, used, keepNewest) => {
        const { steps, held } = plan(images, used, { keepNewest });
        const order = steps.flat().map(({ digest }) => digest);
        assert.equal(new Set(order).size, order.length, 'each once');
        assert.ok(held >= 0);
        for (const [position, each] of steps.flat().entries()) {
          assert.deepEqual(each.tags, []);
          assert.ok(!used.includes(each.digest));
          const holders = images.filter(({ members }) => members?.includes(each.digest));
          for (const { digest } of holders) {
            const before = order.indexOf(digest);
            assert.ok(before >= 0 && before < position, `${digest} before ${each.digest}`);
          }
          assert.ok(
            each.subject === undefined || each.subject === 'z' || order.includes(each.subject),
            'with what it is about',
          );
        }
      }),
    );
  });
});

describe('removing images', () => {
  const removing = async (
    steps: readonly string[][],
    deleteImages: (ids: readonly ImageIdentifier[]) => Promise<ImageRemoval>,
    signal?: AbortSignal,
  ): Promise<ImageRemoval[]> => {
    const ecr = { deleteImages: (_repository: string, ids: readonly ImageIdentifier[]) => deleteImages(ids) };
    const removals: ImageRemoval[] = [];
    const images = steps.map((step) => step.map((digest) => ({ digest })));
    for await (const removal of removeImages(ecr as unknown as EcrGateway, 'web', images, signal)) {
      removals.push(removal);
    }
    return removals;
  };
  const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `sha256:${index}`);

  it('takes a hundred a call, and a step after the one before', async () => {
    const sizes: number[] = [];
    await removing([names(250), names(3)], (ids) => {
      sizes.push(ids.length);
      return Promise.resolve({ deleted: ids, failures: [] });
    });
    assert.deepEqual(sizes, [100, 100, 50, 3]);
  });

  it('passes on what ECR would not delete, but not what is gone or stays with its index', async () => {
    const failureOf = (failureCode: string) => ({
      imageId: { imageDigest: 'sha256:0' },
      failureCode: failureCode as 'ImageNotFound',
    });
    const failures = [
      failureOf('ImageNotFound'),
      failureOf('ImageReferencedByManifestList'),
      failureOf('KmsError'),
    ];
    const [first, second] = await removing([['a'], ['b']], () => Promise.resolve({ deleted: [], failures }));
    assert.deepEqual(
      first?.failures.map(({ failureCode }) => failureCode),
      ['ImageReferencedByManifestList', 'KmsError'],
    );
    assert.deepEqual(
      second?.failures.map(({ failureCode }) => failureCode),
      ['KmsError'],
    );
  });

  it('ends with the first call that fails as a whole: all that is left has failed', async () => {
    let calls = 0;
    const removals = await removing([names(250)], (ids) => {
      calls += 1;
      return calls === 1
        ? Promise.resolve({ deleted: ids, failures: [] })
        : Promise.reject(new UserError('accessDenied', 'not permitted'));
    });
    assert.equal(calls, 2);
    assert.deepEqual(
      removals.map(({ deleted, failures }) => [deleted.length, failures.length]),
      [
        [100, 0],
        [0, 150],
      ],
    );
    assert.equal(removals[1]?.failures[0]?.failureReason, 'not permitted');
  });

  it('ends between two calls when it is cancelled', async () => {
    const stop = new AbortController();
    let calls = 0;
    const work = removing(
      [names(250)],
      (ids) => {
        calls += 1;
        stop.abort();
        return Promise.resolve({ deleted: ids, failures: [] });
      },
      stop.signal,
    );
    await assert.rejects(work, { reason: 'cancelled' });
    assert.equal(calls, 1);
  });
});
