import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createSession, type AwsSession } from '../../src/aws/session';
import { run } from '../../src/base/process';
import { pullImage, type PullEvent } from '../../src/image/pullImage';
import { pushImage } from '../../src/image/pushImage';
import { describeWithEngine } from '../support/engine';
import { useSandbox } from '../support/sandboxClients';
import { sandboxContext } from '../support/sandboxContext';
import { createScratchImage, type ScratchImage } from '../support/scratchImage';

for (const id of ['docker', 'podman'] as const) {
  describeWithEngine(
    `pulling an image from the sandbox with ${id}`,
    (engine) => {
      const sandbox = useSandbox();
      let session: AwsSession;
      let image: ScratchImage;
      let uri: string;
      let digest: string;

      const forget = (...names: readonly string[]) =>
        run({ file: engine().file, args: ['image', 'rm', '--force', ...names] });
      const has = async (name: string): Promise<boolean> =>
        (await run({ file: engine().file, args: ['image', 'inspect', name] })).exitCode === 0;
      const pull = async (
        name: string,
        signal?: AbortSignal,
        remote = false,
        onEvent: (event: PullEvent) => unknown = () => undefined,
      ): Promise<PullEvent[]> => {
        const events: PullEvent[] = [];
        const services = {
          engine: { ...engine(), remote },
          authorization: (stop?: AbortSignal) => session.ecr.authorization(stop),
        };
        for await (const event of pullImage({ image: name }, services, signal)) {
          events.push(event);
          onEvent(event);
        }
        return events;
      };
      const signIns = async (): Promise<string[]> =>
        (await readdir(tmpdir())).filter(
          (name) => name.startsWith('aws-containers-login-') && name.includes(`-${process.pid}-`),
        );

      before(async function () {
        this.timeout(60_000);
        session = createSession(sandboxContext(sandbox.endpoint));
        const { repositoryUri = '' } = await session.ecr.createRepository({ repositoryName: 'team/web' });
        image = await createScratchImage('FROM scratch\nCOPY program /program\nCOPY version /version\n');
        await image.write('version', 'pulled');
        const push = { dockerfile: image.dockerfile, buildContext: image.folder, repositoryUri, tag: 'v1' };
        const pushing = pushImage(push, {
          engine: engine(),
          authorization: (stop) => session.ecr.authorization(stop),
          findDigest: async (tag) => (await session.ecr.image('team/web', { imageTag: tag }))?.imageDigest,
        });
        for (let next = await pushing.next(); ; next = await pushing.next()) {
          if (next.done) {
            ({ uri, digest } = next.value);
            break;
          }
        }
      });
      beforeEach(() => forget(uri));
      after(async () => {
        await forget(uri, `${uri.replace(/:v1$/, '')}@${digest}`);
        await image.remove();
        session.dispose();
      });

      it('has it under the name that it was pulled by, tag or digest, and leaves no sign-in', async () => {
        const exact = `${uri.replace(/:v1$/, '')}@${digest}`;
        for (const name of [uri, exact]) {
          assert.equal(await has(name), false);
          const events = await pull(name);
          assert.equal(await has(name), true);
          assert.deepEqual(
            events.flatMap((event) => (event.kind === 'stepStarted' ? event.step : [])),
            ['signIn', 'pull'],
          );
          assert.ok(events.some(({ kind }) => kind === 'output'));
          await forget(name);
        }
        assert.deepEqual(await signIns(), []);
      });

      it('says that there is no such image, or no such repository', async () => {
        await assert.rejects(pull(uri.replace(/v1$/, 'none')), { reason: 'notFound' });
        await assert.rejects(pull(uri.replace('team/web', 'team/none')), { reason: 'notFound' });
      });

      it('ends when it is cancelled, with nothing left of the sign-in', async () => {
        const stop = new AbortController();
        const pulling = pull(uri, stop.signal, false, ({ kind }) => kind === 'stepStarted' && stop.abort());
        await assert.rejects(pulling, { reason: 'cancelled' });
        assert.deepEqual(await signIns(), []);
      });

      it('says that an engine in a virtual machine does not reach this machine', () =>
        assert.rejects(pull(uri, undefined, true), { reason: 'endpointUnreachable' }));
    },
    id,
  );
}
