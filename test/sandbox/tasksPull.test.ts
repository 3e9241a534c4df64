import assert from 'node:assert/strict';
import { run } from '../../src/base/process';
import type { Engine } from '../../src/containers/engine';
import { plainHttpFlags, withRegistryLogin } from '../../src/containers/registryLogin';
import type { ImageLookup } from '../../src/sandbox/registry/imageLookup';
import type { TaskUpdate } from '../../src/sandbox/tasks/taskRuntime';
import { buildBusyboxImage, fitPodmanToMachine, type BusyboxImage } from '../support/busyboxImage';
import { describeWithEngine } from '../support/engine';
import { startReferenceRegistry, type ReferenceRegistry } from '../support/referenceRegistry';
import { openTaskBench, type TaskBench } from '../support/taskBench';

for (const id of ['docker', 'podman'] as const) {
  describeWithEngine(
    `the images of tasks on ${id}`,
    (engine) => {
      let local: BusyboxImage | undefined;
      let registry: ReferenceRegistry;
      let images: ImageLookup;
      let digest: string;
      let imageId: string;
      let undo: (() => Promise<void>) | undefined;

      const ask = async (...args: string[]): Promise<string> =>
        (await run({ file: engine().file, args })).stdout.trim();

      before(async function () {
        this.timeout(90_000);
        undo = id === 'podman' ? await fitPodmanToMachine() : undefined;
        local = await buildBusyboxImage(this, engine());
        registry = await startReferenceRegistry(this);
        const pushed = `${registry.host}/team/app:v1`;
        await ask('tag', local.reference, pushed);
        await withRegistryLogin(
          engine(),
          { registry: registry.host, username: registry.username, password: registry.password },
          async ({ env }) => {
            const args = ['push', ...plainHttpFlags(engine(), registry.host), pushed];
            assert.equal((await run({ file: engine().file, args, env })).exitCode, 0);
          },
        );
        digest = (await registry.findDigest('team/app', 'v1')) ?? '';
        const manifest = (await (await registry.get('team/app/manifests/v1')).json()) as {
          config: { digest: string };
        };
        imageId = manifest.config.digest;
        await ask('image', 'rm', pushed);
        images = {
          resolve: (region, repository, tagOrDigest) =>
            region === 'eu-west-1' && repository === 'team/app' && ['v1', digest].includes(tagOrDigest)
              ? {
                  digest,
                  configDigest: imageId,
                  mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
                }
              : undefined,
          credentials: () => ({ username: registry.username, password: registry.password }),
        };
      });
      after(async function () {
        this.timeout(60_000);
        await registry?.close();
        await local?.remove();
        await undo?.();
      });

      const open = (changed: Partial<Engine> = {}): Promise<TaskBench> =>
        openTaskBench({ engine: { ...engine(), ...changed }, images, registryHost: registry.host });
      const runAndStop = (bench: TaskBench, image: string): Promise<TaskUpdate> =>
        bench.run([{ name: 'app', image, command: ['sh', '-c', 'exit 4'] }]).stopped();

      it('runs the image that the engine already has, without a pull', async () => {
        const bench = await open({ remote: true });
        for (const image of [`${registry.host}/team/app:v1`, `${registry.host}/team/app@${digest}`]) {
          const { containers } = await runAndStop(bench, image);
          assert.equal(containers[0]?.exitCode, 4, containers[0]?.reason);
          assert.equal(containers[0]?.imageDigest, digest);
        }
        await bench.close();
      });

      it('says what an engine that cannot reach the registry needs', async () => {
        const bench = await openTaskBench({
          engine: { ...engine(), remote: true },
          registryHost: registry.host,
          images: {
            ...images,
            resolve: () => ({
              digest: `sha256:${'1'.repeat(64)}`,
              configDigest: `sha256:${'2'.repeat(64)}`,
              mediaType: 'x',
            }),
          },
        });
        const { stoppedReason } = await runAndStop(bench, `${registry.host}/team/app:v1`);
        assert.match(
          stoppedReason ?? '',
          /^CannotPullContainerError: .*does not share this machine's loopback/,
        );
        await bench.close();
      });

      it('pulls with the registry’s credentials, once for tasks that start together, and removes it at the end', async function () {
        this.timeout(60_000);
        await ask('image', 'rm', '--force', local?.reference ?? '');
        assert.equal(await ask('image', 'ls', '--quiet', '--no-trunc', `--filter=reference=*/team/app`), '');
        const bench = await open();
        const results = await Promise.all(
          [
            `${registry.host}/team/app:v1`,
            `${registry.host}/team/app@${digest}`,
            '000000000000.dkr.ecr.eu-west-1.amazonaws.com/team/app:v1',
          ].map((image) => runAndStop(bench, image)),
        );
        for (const { containers } of results) {
          assert.equal(containers[0]?.exitCode, 4, containers[0]?.reason);
          assert.equal(containers[0]?.imageDigest, digest);
        }
        const elsewhere = await runAndStop(bench, '000000000000.dkr.ecr.us-east-1.amazonaws.com/team/app:v1');
        assert.match(elsewhere.stoppedReason ?? '', /^CannotPullContainerError: .*: not found$/);
        await bench.close();
        assert.notEqual(
          (await run({ file: engine().file, args: ['image', 'inspect', imageId] })).exitCode,
          0,
        );
      });

      it('fails with the words of the engine when a pull fails', async function () {
        this.timeout(60_000);
        const bench = await openTaskBench({
          engine: engine(),
          registryHost: registry.host,
          images: {
            ...images,
            resolve: () => ({ digest: `sha256:${'3'.repeat(64)}`, mediaType: 'x' }),
          },
        });
        const { stoppedReason, stopCode } = await runAndStop(bench, `${registry.host}/team/app:gone`);
        assert.equal(stopCode, 'TaskFailedToStart');
        assert.match(
          stoppedReason ?? '',
          /^CannotPullContainerError: pull image manifest has been retried 1 time\(s\): failed to resolve ref .*team\/app:gone: .*(not found|unknown)/,
        );
        assert.ok(!stoppedReason?.includes(registry.password));
        await bench.close();
      });
    },
    id,
  );
}
