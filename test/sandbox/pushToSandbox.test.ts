import assert from 'node:assert/strict';
import {
  CreateRepositoryCommand,
  DescribeImagesCommand,
  GetAuthorizationTokenCommand,
  ImageNotFoundException,
} from '@aws-sdk/client-ecr';
import { run } from '../../src/base/process';
import type { Engine } from '../../src/containers/engine';
import type { ImagePush } from '../../src/image/imagePush';
import { pushImage, type PushResult, type PushServices } from '../../src/image/pushImage';
import { describeWithEngine } from '../support/engine';
import { useSandbox } from '../support/sandboxClients';
import { createScratchImage, type ScratchImage } from '../support/scratchImage';

for (const id of ['docker', 'podman'] as const) {
  describeWithEngine(
    `pushing an image to the sandbox with ${id}`,
    (engine) => {
      const sandbox = useSandbox();
      const pushed = new Set<string>();
      let image: ScratchImage;

      before(async () => {
        image = await createScratchImage('FROM scratch\nCOPY program /program\nCOPY version /version\n');
        for (const [repositoryName, imageTagMutability] of [
          ['team/web', 'MUTABLE'],
          ['team/fixed', 'IMMUTABLE'],
        ] as const) {
          await sandbox.ecr.send(new CreateRepositoryCommand({ repositoryName, imageTagMutability }));
        }
      });
      after(async () => {
        await run({ file: engine().file, args: ['image', 'rm', '--force', ...pushed] });
        await image.remove();
      });

      const services = (repositoryName: string, which: Engine): PushServices => ({
        engine: which,
        authorization: async () => {
          const { authorizationData } = await sandbox.ecr.send(new GetAuthorizationTokenCommand({}));
          const token = Buffer.from(authorizationData?.[0]?.authorizationToken ?? '', 'base64').toString();
          const [username = '', password = ''] = token.split(':');
          return { username, password, registry: authorizationData?.[0]?.proxyEndpoint ?? '' };
        },
        findDigest: async (reference) => {
          const id = reference.includes(':') ? { imageDigest: reference } : { imageTag: reference };
          try {
            const answer = await sandbox.ecr.send(
              new DescribeImagesCommand({ repositoryName, imageIds: [id] }),
            );
            return answer.imageDetails?.[0]?.imageDigest;
          } catch (error) {
            assert.ok(error instanceof ImageNotFoundException, String(error));
            return undefined;
          }
        },
      });
      const push = async (
        repository: string,
        changes: Partial<ImagePush>,
        remote = false,
      ): Promise<PushResult> => {
        const request = {
          dockerfile: image.dockerfile,
          buildContext: image.folder,
          repositoryUri: `${sandbox.registry}/${repository}`,
          tag: 'v1',
          ...changes,
        };
        pushed.add(`${request.repositoryUri}:${request.tag}`);
        const pushing = pushImage(request, services(repository, { ...engine(), remote }));
        for (;;) {
          const next = await pushing.next();
          if (next.done) {
            return next.value;
          }
        }
      };

      for (const remote of [false, true]) {
        const way = remote ? 'by an upload' : 'by the engine';
        it(`gives the digest that ECR describes (${way})`, async () => {
          const tag = remote ? 'uploaded' : 'pushed';
          await image.write('version', tag);
          const { uri, digest } = await push('team/web', { tag }, remote);
          const { imageDetails } = await sandbox.ecr.send(
            new DescribeImagesCommand({ repositoryName: 'team/web', imageIds: [{ imageDigest: digest }] }),
          );
          assert.equal(uri, `${sandbox.registry}/team/web:${tag}`);
          assert.deepEqual(imageDetails?.[0]?.imageTags, [tag]);
        });

        it(`names an immutable tag that exists (${way})`, async () => {
          const tag = `fixed-${String(remote)}`;
          await image.write('version', `${tag} first`);
          await push('team/fixed', { tag }, remote);
          await image.write('version', `${tag} second`);
          await assert.rejects(push('team/fixed', { tag }, remote), { reason: 'tagImmutable' });
        });

        it(`names a repository that does not exist (${way})`, async () => {
          await assert.rejects(push('team/missing', {}, remote), { reason: 'repositoryMissing' });
        });
      }
    },
    id,
  );
}
