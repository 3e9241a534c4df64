import assert from 'node:assert/strict';
import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DescribeImagesCommand,
  PutImageCommand,
  type ImageDetail,
} from '@aws-sdk/client-ecr';
import { run, type Command, type ProcessResult } from '../../src/base/process';
import { buildCommand, pushCommand } from '../../src/containers/buildCommands';
import type { EngineId } from '../../src/containers/engine';
import { plainHttpFlags, withRegistryLogin } from '../../src/containers/registryLogin';
import { describeWithEngine } from '../support/engine';
import { readAuthorization } from '../support/registryClient';
import { useSandbox } from '../support/sandboxClients';
import { createScratchImage, type ScratchImage } from '../support/scratchImage';

for (const id of ['docker', 'podman'] as const satisfies readonly EngineId[]) {
  describeWithEngine(
    `Registry of the sandbox with ${id}`,
    (engine) => {
      const sandbox = useSandbox();
      let context: ScratchImage;
      let image: (tag: string) => string;
      /** Ids of the images that were built, under whatever names the engine then has them. */
      const built = new Set<string>();

      const call = async (args: readonly string[], env?: Command['env']): Promise<ProcessResult> =>
        run({ file: engine().file, args, ...(env === undefined ? {} : { env }) });

      const succeed = async (command: Command): Promise<string> => {
        const result = await run(command);
        assert.equal(result.exitCode, 0, result.stderr);
        return result.stdout.trim();
      };

      const signedIn = async <T>(body: (env: Readonly<Record<string, string>>) => Promise<T>): Promise<T> => {
        const authorization = Buffer.from(await readAuthorization(sandbox.ecr), 'base64').toString();
        const password = authorization.slice('AWS:'.length);
        const credentials = { registry: sandbox.registry, username: 'AWS', password };
        return withRegistryLogin(engine(), credentials, ({ env }) => body(env));
      };

      const inspect = (name: string, format: string): Promise<string> =>
        succeed({ file: engine().file, args: ['image', 'inspect', '--format', format, name] });

      const build = async (name: string): Promise<void> => {
        await succeed(
          buildCommand(engine(), { dockerfile: context.dockerfile, context: context.folder, image: name }),
        );
        built.add(await inspect(name, '{{.Id}}'));
      };

      const push = (name: string): Promise<ProcessResult> =>
        signedIn((env) => run({ ...pushCommand(engine(), { image: name }), env }));

      const pull = (name: string): Promise<ProcessResult> =>
        signedIn((env) => call(['pull', ...plainHttpFlags(engine(), name), name], env));

      const describeTag = async (imageTag: string): Promise<ImageDetail> => {
        const { imageDetails } = await sandbox.ecr.send(
          new DescribeImagesCommand({ repositoryName: 'team/web', imageIds: [{ imageTag }] }),
        );
        assert.ok(imageDetails?.[0]);
        return imageDetails[0];
      };

      /** The digests under which the engine knows an image. */
      const repoDigests = (name: string): Promise<string> => inspect(name, '{{join .RepoDigests " "}}');

      before(async function () {
        this.timeout(60_000);
        image = (tag) => `${sandbox.registry}/team/web:${tag}`;
        // Labelled, so that the image is not another test's by way of the engine's cache.
        context = await createScratchImage(
          `FROM scratch\nLABEL registry=${sandbox.registry}\nCOPY program /program\nCMD ["/program"]\n`,
        );
        await sandbox.ecr.send(new CreateRepositoryCommand({ repositoryName: 'team/web' }));
        await build(image('v1'));
      });

      after(async function () {
        this.timeout(60_000);
        for (const id of built) {
          await call(['rmi', '--force', id]);
        }
        await context.remove();
      });

      it('takes a push, and ECR describes it under the digest that the engine gives', async function () {
        this.timeout(60_000);
        const pushed = await push(image('v1'));
        assert.equal(pushed.exitCode, 0, pushed.stderr);
        const detail = await describeTag('v1');
        assert.deepEqual(detail.imageTags, ['v1']);
        assert.ok((detail.imageSizeInBytes ?? 0) > 1_000_000, String(detail.imageSizeInBytes));
        await call(['rmi', '--force', image('v1')]);
        const pulled = await pull(image('v1'));
        assert.equal(pulled.exitCode, 0, pulled.stderr);
        assert.ok((await repoDigests(image('v1'))).includes(`@${detail.imageDigest}`));
        assert.ok((await describeTag('v1')).lastRecordedPullTime);
      });

      it('gives the engine what PutImage put', async function () {
        this.timeout(60_000);
        const { images } = await sandbox.ecr.send(
          new BatchGetImageCommand({ repositoryName: 'team/web', imageIds: [{ imageTag: 'v1' }] }),
        );
        await sandbox.ecr.send(
          new PutImageCommand({
            repositoryName: 'team/web',
            imageManifest: images?.[0]?.imageManifest,
            imageTag: 'put',
          }),
        );
        const pulled = await pull(image('put'));
        assert.equal(pulled.exitCode, 0, pulled.stderr);
        assert.ok((await repoDigests(image('put'))).includes(`@${(await describeTag('put')).imageDigest}`));
      });

      it('takes an image again after it was deleted', async function () {
        this.timeout(60_000);
        const before = (await describeTag('v1')).imageDigest;
        await sandbox.ecr.send(
          new BatchDeleteImageCommand({ repositoryName: 'team/web', imageIds: [{ imageDigest: before }] }),
        );
        const pushed = await push(image('v1'));
        assert.equal(pushed.exitCode, 0, pushed.stderr);
        assert.deepEqual((await describeTag('v1')).imageTags, ['v1']);
      });

      it('tells the engine in the words of ECR why a push is refused', async function () {
        this.timeout(60_000);
        const missing = `${sandbox.registry}/missing:v1`;
        await succeed({ file: engine().file, args: ['tag', image('v1'), missing] });
        const toMissing = await push(missing);
        assert.notEqual(toMissing.exitCode, 0);
        assert.match(
          toMissing.stderr,
          /name unknown: The repository with name 'missing' does not exist in the registry with id '000000000000'/,
        );

        await sandbox.ecr.send(
          new CreateRepositoryCommand({ repositoryName: 'fixed', imageTagMutability: 'IMMUTABLE' }),
        );
        const fixed = `${sandbox.registry}/fixed:v1`;
        await succeed({ file: engine().file, args: ['tag', image('v1'), fixed] });
        assert.equal((await push(fixed)).exitCode, 0);
        assert.equal((await push(fixed)).exitCode, 0, 'the same image again changes nothing');
        await context.write(
          'Dockerfile',
          'FROM scratch\nCOPY program /program\nCMD ["/program", "--help"]\n',
        );
        await build(fixed);
        const again = await push(fixed);
        assert.notEqual(again.exitCode, 0);
        assert.match(
          again.stderr,
          /tag invalid: The image tag 'v1' already exists in the 'fixed' repository and cannot be overwritten because the tag is immutable\./,
        );
      });

      it('does not let in without the password', async function () {
        this.timeout(60_000);
        const name = image('v1');
        const noLogin = await context.write('login.json', '{}');
        const pushed = await run({
          ...pushCommand(engine(), { image: name }),
          env: { DOCKER_CONFIG: context.folder, REGISTRY_AUTH_FILE: noLogin },
        });
        assert.notEqual(pushed.exitCode, 0);
        assert.match(pushed.stderr, /no basic auth credentials|authentication required|unauthorized/i);
      });
    },
    id,
  );
}
