import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { createSession } from '../../src/aws/session';
import { run as runProgram } from '../../src/base/process';
import { describeWithEngine } from '../support/engine';
import { sandboxContext } from '../support/sandboxContext';
import { createScratchImage, type ScratchImage } from '../support/scratchImage';
import { TinyImages } from '../support/tinyImage';
import { runCommand } from './runCommand';
import { ENDPOINT } from './sandboxSettings';

/** A region of its own: nothing here shows in another test's lists. */
const context = { profile: 'sandbox', region: 'ap-southeast-3' };
const CLUSTER = 'caring';

interface Deletion {
  readonly deleted: readonly { readonly imageDigest?: string; readonly imageTag?: string }[];
  readonly failures: readonly object[];
  readonly inUse: readonly { readonly imageDigest?: string; readonly usedBy: readonly string[] }[];
}

describe('care for images, by commands', () => {
  const session = createSession(sandboxContext(ENDPOINT, context.region));
  const { ecr, ecs } = session;
  let repositories = 0;
  let users = 0;
  let name: string;
  let uri: string;
  let images: TinyImages;

  const run = <T = unknown>(id: string, answers: object): Promise<T> =>
    runCommand<T>(id, { context, repository: name, ...answers });
  /** A service that has a task definition with this image, and runs no task. */
  const use = async (image: string): Promise<string> => {
    const service = `uses-${name}-${(users += 1)}`;
    const { taskDefinitionArn = '' } = await ecs.registerTaskDefinition({
      family: service,
      containerDefinitions: [{ name: 'app', image: `${uri}${image}`, memory: 64 }],
    });
    await ecs.createService({
      cluster: CLUSTER,
      serviceName: service,
      taskDefinition: taskDefinitionArn,
      desiredCount: 0,
    });
    return service;
  };
  const tagsOf = async (imageDigest: string): Promise<readonly string[] | undefined> => {
    const image = await ecr.image(name, { imageDigest });
    return image && (image.imageTags ?? []);
  };
  const fault = (method: string, body?: object): Promise<Response> =>
    fetch(`${ENDPOINT}/_sandbox/faults`, {
      method,
      headers: { 'x-sandbox-control': '1' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });

  before(() => ecs.createCluster({ clusterName: CLUSTER }));
  after(() => session.dispose());
  beforeEach(async () => {
    repositories += 1;
    name = `care${repositories}`;
    uri = (await ecr.createRepository({ repositoryName: name })).repositoryUri ?? '';
    images = new TinyImages(await ecr.authorization(), name);
  });

  describe('deletes images', () => {
    it('but those in use, which it names with their users, until it is told to', async () => {
      const used = await images.push('used', 'v1');
      const free = await images.push('free', 'v2');
      const service = await use(':v1');
      const imageIds = [{ imageDigest: used }, { imageDigest: free }];
      const result = await run<Deletion>('image.delete', { imageIds, confirm: true });
      assert.deepEqual(
        result.deleted.map(({ imageDigest }) => imageDigest),
        [free],
      );
      assert.deepEqual(result.inUse, [{ imageDigest: used, usedBy: [`service ${CLUSTER}/${service}`] }]);
      assert.deepEqual(await tagsOf(used), ['v1']);
      const forced = await run<Deletion>('image.delete', {
        imageIds: [{ imageDigest: used }],
        confirm: true,
        force: true,
      });
      assert.deepEqual([forced.deleted.length, forced.inUse], [1, []]);
      assert.equal(await tagsOf(used), undefined);
    });

    it('by tag: one of several as long as nothing names it, the last one with the image', async () => {
      const digest = await images.push('several', 'v1', 'v2');
      const last = await images.push('last', 'only');
      const service = await use(':v1');
      const other = await use(`@${last}`);
      const result = await run<Deletion>('image.delete', {
        imageIds: [{ imageTag: 'v1' }, { imageTag: 'only' }],
        confirm: true,
      });
      assert.deepEqual(result.deleted, []);
      assert.deepEqual(
        result.inUse.map(({ usedBy }) => usedBy[0]),
        [`service ${CLUSTER}/${service}`, `service ${CLUSTER}/${other}`],
      );
      await run('image.delete', { imageIds: [{ imageTag: 'v2' }], confirm: true });
      assert.deepEqual(await tagsOf(digest), ['v1']);
    });

    it('takes an index for used when a service names one of its images', async () => {
      const member = await images.push('amd64');
      const index = await images.pushIndex({ amd64: member }, 'many');
      await use(`@${member}`);
      const { inUse } = await run<Deletion>('image.delete', {
        imageIds: [{ imageDigest: index }],
        confirm: true,
      });
      assert.deepEqual(
        inUse.map(({ imageDigest }) => imageDigest),
        [index],
      );
    });

    it('not at all where it cannot be told what is in use, unless told to', async () => {
      const digest = await images.push('any', 'v1');
      const answers = { imageIds: [{ imageDigest: digest }], confirm: true };
      await fault('POST', { operation: 'ListClusters', kind: 'accessDenied' });
      try {
        await assert.rejects(run('image.delete', answers), /Nothing was deleted.*"force".*not permitted/s);
        assert.deepEqual(await tagsOf(digest), ['v1']);
        await run('image.delete', { ...answers, force: true });
      } finally {
        await fault('DELETE');
      }
      assert.equal(await tagsOf(digest), undefined);
    });
  });

  describe('cleans up', () => {
    it('untagged images, but for those in use and those that belong to what stays', async () => {
      const free = await images.push('free');
      const used = await images.push('used');
      const kept = await images.push('kept', 'v1');
      const member = await images.push('member');
      const index = await images.pushIndex({ amd64: member }, 'many');
      const going = await images.push('going');
      const goingIndex = await images.pushIndex({ arm64: going });
      await use(`@${used}`);
      const result = await run<Deletion>('repository.cleanUp', { confirm: true });
      assert.deepEqual(result.failures, []);
      assert.deepEqual(
        result.inUse.map(({ imageDigest }) => imageDigest),
        [used],
      );
      assert.deepEqual(
        result.deleted.map(({ imageDigest }) => imageDigest).sort(),
        [free, going, goingIndex].sort(),
      );
      for (const digest of [used, kept, member, index]) {
        assert.ok(await tagsOf(digest), digest);
      }
    });

    it('only older ones, or all but the newest, and says what is no number', async () => {
      await images.push('one');
      await images.push('two');
      const young = await run<Deletion>('repository.cleanUp', { olderThanDays: 1, confirm: true });
      assert.deepEqual(young.deleted, []);
      const { deleted } = await run<Deletion>('repository.cleanUp', { keepNewest: 1, confirm: true });
      assert.equal(deleted.length, 1);
      await assert.rejects(run('repository.cleanUp', { keepNewest: -1, confirm: true }), /whole numbers/);
    });

    it('more than a call takes', async () => {
      await Promise.all(Array.from({ length: 130 }, (_, index) => images.push(`many ${index}`)));
      const { deleted } = await run<Deletion>('repository.cleanUp', { confirm: true });
      assert.equal(deleted.length, 130);
    });

    it('nothing where it cannot be told what is in use, unless told to', async () => {
      await images.push('any');
      await fault('POST', { operation: 'ListClusters', kind: 'accessDenied' });
      try {
        await assert.rejects(run('repository.cleanUp', { confirm: true }), /Nothing was deleted/);
        const { deleted } = await run<Deletion>('repository.cleanUp', { confirm: true, force: true });
        assert.equal(deleted.length, 1);
      } finally {
        await fault('DELETE');
      }
    });
  });

  describe('puts tags', () => {
    it('on an image, takes them from another, and off again', async () => {
      const one = await images.push('one', 'v1');
      const two = await images.push('two', 'v2', 'latest');
      assert.deepEqual(await run('image.addTag', { image: one, tag: 'stable' }), {
        repository: name,
        tag: 'stable',
        digest: one,
      });
      assert.deepEqual(await run('image.moveTag', { image: 'v1', tag: 'latest', confirm: true }), {
        repository: name,
        tag: 'latest',
        digest: one,
        movedFrom: two,
      });
      assert.deepEqual(await tagsOf(two), ['v2']);
      await run('image.removeTag', { tag: 'stable', confirm: true });
      assert.deepEqual(await tagsOf(one), ['latest', 'v1']);
    });

    it('takes none off that a service names, until it is told to', async () => {
      const digest = await images.push('one', 'v1', 'v2');
      const service = await use(':v1');
      const answers = { tag: 'v1', confirm: true };
      await assert.rejects(
        run('image.removeTag', answers),
        new RegExp(`v1 is in use.*service ${CLUSTER}/${service}`),
      );
      await run('image.removeTag', { ...answers, force: true });
      assert.deepEqual(await tagsOf(digest), ['v2']);
    });

    it('never takes the last one off, with which the image would go', async () => {
      const digest = await images.push('one', 'only');
      await assert.rejects(
        run('image.removeTag', { tag: 'only', confirm: true }),
        /ECR deletes an image with its last tag/,
      );
      assert.deepEqual(await tagsOf(digest), ['only']);
    });

    it('says what is no tag, and which image there is none of', async () => {
      await images.push('one', 'v1');
      for (const tag of ['-x', 'a b', '', 'ü', 'x'.repeat(129)]) {
        await assert.rejects(run('image.addTag', { image: 'v1', tag }), /A tag has up to 128/, tag);
      }
      await assert.rejects(run('image.addTag', { image: 'none', tag: 'x' }), /There is no such image/);
    });

    it('does not move those of an immutable repository, but for the excluded ones', async () => {
      name = `${name}-fixed`;
      await ecr.createRepository({
        repositoryName: name,
        imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
        imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'dev-*' }],
      });
      images = new TinyImages(await ecr.authorization(), name);
      const one = await images.push('one', 'v1', 'dev-1');
      const two = await images.push('two', 'v2');
      await assert.rejects(
        run('image.moveTag', { image: two, tag: 'v1', confirm: true }),
        /The tags of care\d+-fixed are immutable.*v1/,
      );
      assert.deepEqual(await tagsOf(one), ['dev-1', 'v1']);
      await run('image.moveTag', { image: two, tag: 'dev-1', confirm: true });
      assert.deepEqual(await tagsOf(two), ['dev-1', 'v2']);
    });
  });

  describe('says', () => {
    it('what uses an image, and what uses a revision', async () => {
      await images.push('one', 'v1');
      await images.push('two', 'v2');
      const service = await use(':v1');
      const { taskDefinition, serviceArn } = await ecs.service(CLUSTER, service);
      assert.deepEqual(await run('image.usedBy', { image: 'v1' }), {
        usedBy: [
          { kind: 'taskDefinition', arn: taskDefinition },
          { kind: 'service', arn: serviceArn },
        ],
      });
      assert.deepEqual(await run('image.usedBy', { image: 'v2' }), { usedBy: [] });
      assert.deepEqual(await run('taskDefinition.usedBy', { taskDefinition }), {
        usedBy: [{ kind: 'service', arn: serviceArn }],
      });
    });

    it('how an image is pulled, with nothing secret in it', async () => {
      const digest = await images.push('one', 'v1');
      const text = await run<string>('image.copyPullCommand', { image: 'v1' });
      assert.match(text, /^(docker|podman|finch|nerdctl) pull .*care\d+:v1$/);
      assert.ok(text.endsWith(`${uri}:v1`), text);
      assert.equal(await vscode.env.clipboard.readText(), text);
      const whole = await run<string>('image.copyPullCommand', { image: digest, signIn: true });
      assert.match(
        whole,
        /^aws ecr get-login-password --region ap-southeast-3 .*\| \w+ login --username AWS --password-stdin/,
      );
      assert.ok(whole.endsWith(`${uri}@${digest}`), whole);
    });
  });

  describeWithEngine('with an engine', (engine) => {
    let image: ScratchImage;
    before(async () => {
      image = await createScratchImage('FROM scratch\nCOPY program /program\n');
    });
    after(() => image.remove());

    it('pulls an image that was pushed, under the name of its tag', async function () {
      this.timeout(120_000);
      const { dockerfile, folder: buildContext } = image;
      await run('image.push', { dockerfile, buildContext, tag: 'v1' });
      const command = (...args: string[]) => runProgram({ file: engine().file, args: ['image', ...args] });
      await command('rm', '--force', `${uri}:v1`);
      assert.deepEqual(await run('image.pull', { image: 'v1' }), { image: `${uri}:v1` });
      assert.equal((await command('inspect', `${uri}:v1`)).exitCode, 0);
      await command('rm', '--force', `${uri}:v1`);
      await assert.rejects(run('image.pull', { image: 'none' }), /There is no such image/);
    });
  });
});
