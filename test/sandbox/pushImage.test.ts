import assert from 'node:assert/strict';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { poll } from '../../src/base/delay';
import { run } from '../../src/base/process';
import type { Engine } from '../../src/containers/engine';
import type { ImagePush } from '../../src/image/imagePush';
import { BuildFailedError } from '../../src/image/pushErrors';
import type { PushEvent } from '../../src/image/pushEvent';
import { pushImage, type PushResult, type PushServices } from '../../src/image/pushImage';
import { describeWithEngine } from '../support/engine';
import { startReferenceRegistry, type ReferenceRegistry } from '../support/referenceRegistry';
import { createScratchImage, type ScratchImage } from '../support/scratchImage';

/** On every layer that is built here, so that what failed builds leave behind can be found and removed. */
const LABEL = 'aws-containers.test';
const FROM = `FROM scratch\nLABEL ${LABEL}=push\n`;

interface Finished {
  readonly events: readonly PushEvent[];
  readonly result: PushResult;
}

async function collect(pushing: AsyncGenerator<PushEvent, PushResult, void>): Promise<Finished> {
  const events: PushEvent[] = [];
  for (;;) {
    const next = await pushing.next();
    if (next.done) {
      return { events, result: next.value };
    }
    events.push(next.value);
  }
}

function outputOf(events: readonly PushEvent[]): string {
  return events.map((event) => (event.kind === 'output' ? event.text : '')).join('');
}

async function leftovers(): Promise<string[]> {
  const names = await readdir(tmpdir());
  return names.filter(
    (name) =>
      /^aws-containers-(?:push|image)-/.test(name) ||
      (name.startsWith('aws-containers-login-') && name.includes(`-${process.pid}-`)),
  );
}

/** Programs that run with this text in their arguments. */
async function processesWith(text: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes(text));
}

for (const id of ['docker', 'podman'] as const) {
  describeWithEngine(
    `pushing an image with ${id}`,
    (engine) => {
      let registry: ReferenceRegistry;
      const images: ScratchImage[] = [];
      const pushed = new Set<string>();

      before(async function () {
        registry = await startReferenceRegistry(this);
      });
      after(async () => {
        await run({ file: engine().file, args: ['image', 'rm', '--force', ...pushed] });
        await run({
          file: engine().file,
          args: ['image', 'prune', '--force', '--filter', `label=${LABEL}=push`],
        });
        await Promise.all(images.map((image) => image.remove()));
        await registry?.close();
      });
      afterEach(async () => {
        assert.deepEqual(await leftovers(), []);
      });

      const scratch = async (dockerfile: string, folderName?: string): Promise<ScratchImage> => {
        const image = await createScratchImage(dockerfile, folderName);
        images.push(image);
        return image;
      };
      const services = (changes: Partial<PushServices> = {}): PushServices => ({
        engine: engine(),
        authorization: async () => ({
          registry: `http://${registry.host}`,
          username: registry.username,
          password: registry.password,
        }),
        findDigest: (reference) => registry.findDigest('team/web', reference),
        ...changes,
      });
      const request = (image: ScratchImage, changes: Partial<ImagePush> = {}): ImagePush => {
        const push = {
          dockerfile: image.dockerfile,
          buildContext: image.folder,
          repositoryUri: `${registry.host}/team/web`,
          tag: 'v1',
          ...changes,
        };
        pushed.add(`${push.repositoryUri}:${push.tag}`);
        return push;
      };
      const remote = (): Engine => ({ ...engine(), remote: true });

      it('builds, signs in, pushes and verifies, and gives the digest that the registry has', async () => {
        const image = await scratch(`${FROM}COPY program /program\nENTRYPOINT ["/program"]\n`);
        const { events, result } = await collect(pushImage(request(image), services()));
        assert.deepEqual(result, {
          uri: `${registry.host}/team/web:v1`,
          digest: await registry.findDigest('team/web', 'v1'),
        });
        const steps = events.flatMap((event) =>
          event.kind === 'stepStarted' || event.kind === 'stepFinished'
            ? [`${event.kind} ${event.step}`]
            : [],
        );
        assert.deepEqual(steps, [
          'stepStarted build',
          'stepFinished build',
          'stepStarted signIn',
          'stepFinished signIn',
          'stepStarted push',
          'stepFinished push',
          'stepStarted verify',
          'stepFinished verify',
        ]);
        const progress = events.flatMap((event) => (event.kind === 'progress' ? [event] : []));
        assert.deepEqual(
          progress.filter(({ step }) => step === 'build').map(({ current, total }) => `${current}/${total}`),
          ['1/4', '2/4', '3/4', '4/4'],
        );
        const last = progress.findLast(({ step }) => step === 'push');
        assert.ok(last && last.total > 0 && last.current === last.total, JSON.stringify(last));
        assert.match(outputOf(events), /COPY program \/program/);
        assert.ok(!outputOf(events).includes(registry.password));
      });

      it('takes spaces, quotes, shell characters and leading dashes in names', async () => {
        const image = await scratch('', `-rf $(touch pwned) "it's" ; & ü`);
        const dockerfile = await image.write(
          `-f 'x', $HOME & "y".Dockerfile`,
          `${FROM.replace('\n', ' AS final\n')}ARG GREETING\nLABEL greeting=$GREETING\nCOPY program /program\n`,
        );
        const greeting = `--tag=x "quoted" $(touch pwned); it's; a=b`;
        const { result } = await collect(
          pushImage(
            request(image, {
              dockerfile,
              tag: '_odd.-tag',
              target: 'final',
              buildArgs: { GREETING: greeting },
            }),
            services(),
          ),
        );
        assert.equal(result.digest, await registry.findDigest('team/web', '_odd.-tag'));
        assert.deepEqual(await labelsOf(registry, 'team/web', '_odd.-tag'), { greeting });
        assert.ok(!(await readdir(image.folder)).includes('pwned'));
      });

      it('uploads what the engine saves when the engine does not share the loopback of this machine', async () => {
        const image = await scratch(
          `${FROM}COPY program /program\nCOPY a.txt /a.txt\nCOPY a.txt /b.txt\nCOPY a.txt /a.txt\nLABEL by=upload\n`,
        );
        await image.write('a.txt', 'hello\n');
        const { events, result } = await collect(
          pushImage(request(image, { tag: 'remote' }), services({ engine: remote() })),
        );
        assert.equal(result.digest, await registry.findDigest('team/web', 'remote'));
        assert.deepEqual(await labelsOf(registry, 'team/web', 'remote'), { by: 'upload' });
        assert.ok(events.some((event) => event.kind === 'progress' && event.step === 'push'));
        // The same image comes back from the registry: the id is the digest of its configuration.
        const before = await idOf(engine(), result.uri);
        const manifest = (await (await registry.get('team/web/manifests/remote')).json()) as {
          config: { digest: string };
        };
        assert.equal(manifest.config.digest, before);
      });

      it('names the line of the Dockerfile at which a build fails', async () => {
        const cases: [dockerfile: string, line: number, message: RegExp][] = [
          [`${FROM}COPY program /p\n\n# a comment\nCOPY missing.txt /x\n`, 6, /missing\.txt/],
          [`${FROM}COPPY program /p\n`, 3, /unknown instruction: "?COPPY/i],
          [`${FROM}COPY program /p\nENV A=1 \\\n  B=2\nRUN ["/p", "--nonsense"]\n`, 6, /--nonsense/],
          [`${FROM}COPY program /p\nFROM scratch\nCOPY --from=nowhere /a /b\n`, 5, /nowhere/],
        ];
        for (const [dockerfile, line, message] of cases) {
          const image = await scratch(dockerfile);
          await assert.rejects(collect(pushImage(request(image), services())), (error) => {
            assert.ok(error instanceof BuildFailedError, String(error));
            assert.equal(error.reason, 'buildFailed');
            assert.deepEqual(error.location, { file: image.dockerfile, line }, error.message);
            assert.match(error.message, message);
            assert.match(error.message, new RegExp(`line ${line} of Dockerfile`));
            return true;
          });
        }
      });

      it('explains a program for another processor', async () => {
        const image = await scratch(
          `FROM scratch\nCOPY foreign /bin/sh\nLABEL ${LABEL}=push\nRUN echo hello\n`,
        );
        await writeFile(`${image.folder}/foreign`, foreignProgram());
        await chmod(`${image.folder}/foreign`, 0o755);
        const foreign = engine().platform === 'linux/arm64' ? 'linux/amd64' : 'linux/arm64';
        await assert.rejects(
          collect(pushImage(request(image, { platform: foreign }), services())),
          (error) => {
            assert.ok(error instanceof BuildFailedError, String(error));
            assert.match(error.message, /emulation/);
            assert.match(error.message, new RegExp(foreign));
            assert.equal(error.location?.line, 4);
            return true;
          },
        );
      });

      it('pushes an image for the platform that was asked for', async () => {
        const image = await scratch(`FROM scratch\nCOPY program /program\n`);
        await collect(pushImage(request(image, { tag: 'arm', platform: 'linux/arm64' }), services()));
        const config = await configOf(registry, 'team/web', 'arm');
        assert.equal(`${config.os}/${config.architecture}`, 'linux/arm64');
      });

      for (const way of ['engine', 'upload'] as const) {
        it(`tells a refused sign-in (${way})`, async () => {
          const image = await scratch(`${FROM}COPY program /program\n`);
          const secret = 'not-the-password';
          const refused = services({
            engine: way === 'upload' ? remote() : engine(),
            authorization: async () => ({ registry: registry.host, username: 'AWS', password: secret }),
          });
          await assert.rejects(collect(pushImage(request(image), refused)), (error: Error) => {
            assert.equal((error as { reason?: string }).reason, 'signInRefused');
            assert.ok(!error.message.includes(secret));
            return true;
          });
        });

        it(`tells that the profile may not push (${way})`, async () => {
          const image = await scratch(`${FROM}COPY program /program\n`);
          const denying = await startDenyingRegistry();
          try {
            await assert.rejects(
              collect(
                pushImage(
                  request(image, { repositoryUri: `${denying.host}/team/web` }),
                  services({ engine: way === 'upload' ? remote() : engine() }),
                ),
              ),
              { reason: 'accessDenied', message: /ecr:InitiateLayerUpload/ },
            );
          } finally {
            denying.close();
          }
        });
      }

      it('ends the engine and all that it has started when cancelled in mid-build', async () => {
        const marker = `marker-${process.pid}-${Date.now()}`;
        const image = await scratch(
          `${FROM}COPY program /program\nCOPY a.js /a.js\nRUN ["/program", "/a.js", "--watch=forever", "--outfile=/${marker}.js"]\n`,
        );
        await image.write('a.js', 'console.log(1)\n');
        const cancel = new AbortController();
        const pushing = collect(pushImage(request(image, { tag: 'never' }), services(), cancel.signal));
        pushing.catch(() => undefined);
        await poll(async () => ((await processesWith(marker)).length > 0 ? true : undefined), {
          interval: 50,
          signal: AbortSignal.timeout(15_000),
        });
        // The engine's client may be among these before the program itself: wait for the program.
        await poll(
          async () =>
            (await processesWith(`--outfile=/${marker}`)).some((line) => line.startsWith('/program'))
              ? true
              : undefined,
          { interval: 50, signal: AbortSignal.timeout(15_000) },
        );
        cancel.abort();
        await assert.rejects(pushing, { reason: 'cancelled' });
        await poll(async () => ((await processesWith(marker)).length === 0 ? true : undefined), {
          interval: 50,
          signal: AbortSignal.timeout(10_000),
        });
      });

      it('ends the engine when the consumer stops iterating', async () => {
        const image = await scratch(`${FROM}COPY program /program\n`);
        for await (const event of pushImage(request(image, { tag: 'abandoned' }), services())) {
          if (event.kind === 'output') {
            break;
          }
        }
        assert.equal(await registry.findDigest('team/web', 'abandoned'), undefined);
        assert.deepEqual(await processesWith(':abandoned'), []);
      });
    },
    id,
  );
}

interface ImageConfig {
  readonly os: string;
  readonly architecture: string;
  readonly config: { readonly Labels?: Record<string, string> };
}

async function configOf(registry: ReferenceRegistry, repository: string, tag: string): Promise<ImageConfig> {
  const manifest = (await (await registry.get(`${repository}/manifests/${tag}`)).json()) as {
    config: { digest: string };
  };
  return (await (await registry.get(`${repository}/blobs/${manifest.config.digest}`)).json()) as ImageConfig;
}

async function labelsOf(
  registry: ReferenceRegistry,
  repository: string,
  tag: string,
): Promise<Record<string, string>> {
  const {
    'io.buildah.version': _builder,
    [LABEL]: _test,
    ...labels
  } = (await configOf(registry, repository, tag)).config.Labels ?? {};
  return labels;
}

async function idOf(engine: Engine, image: string): Promise<string> {
  const { stdout } = await run({
    file: engine.file,
    args: ['image', 'inspect', '--format', '{{.Id}}', image],
  });
  const id = stdout.trim();
  return id.startsWith('sha256:') ? id : `sha256:${id}`;
}

/** The head of a Linux program for a processor that this machine does not have. */
function foreignProgram(): Buffer {
  const header = Buffer.alloc(120);
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(header);
  header.writeUInt16LE(2, 16);
  header.writeUInt16LE(process.arch === 's390x' ? 62 : 22, 18);
  header.writeUInt32LE(1, 20);
  return header;
}

/** A registry that takes every sign-in, and denies every push in ECR's words. */
async function startDenyingRegistry(): Promise<{ host: string; close(): void }> {
  const message = 'User: someone is not authorized to perform: ecr:InitiateLayerUpload';
  const server = createServer((request, response) => {
    request.resume();
    request.once('end', () => {
      if (request.url === '/v2/' && request.headers.authorization) {
        response.writeHead(200).end('{}');
      } else if (request.url === '/v2/') {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
      } else if (request.method === 'HEAD') {
        response.writeHead(404).end();
      } else {
        response
          .writeHead(403, { 'content-type': 'application/json' })
          .end(JSON.stringify({ errors: [{ code: 'DENIED', message }] }));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
