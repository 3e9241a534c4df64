import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEcrGateway, type EcrGateway } from '../../src/aws/ecrGateway';
import { run } from '../../src/base/process';
import type { PushEvent, PushStep } from '../../src/image/pushEvent';
import { pushImage, type PushResult } from '../../src/image/pushImage';
import { describeWithEngine } from '../support/engine';
import { useSandbox } from '../support/sandboxClients';
import { sandboxContext } from '../support/sandboxContext';
import { createScratchImage, type ScratchImage } from '../support/scratchImage';

/** What `docker login` would write to, or nothing where there is none. */
function engineConfiguration(): string {
  try {
    return readFileSync(join(homedir(), '.docker', 'config.json'), 'utf8');
  } catch {
    return '';
  }
}

/** Argument vectors and environments of all processes, as they are now. */
function processes(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8') + readFileSync(`/proc/${pid}/environ`, 'utf8');
      } catch {
        return '';
      }
    })
    .join('\n');
}

describeWithEngine('a push through the gateway', (engine) => {
  const sandbox = useSandbox();
  let ecr: EcrGateway;
  let image: ScratchImage;
  let number = 0;
  let repository: string;

  before(async () => {
    image = await createScratchImage('FROM scratch\nCOPY program /program\n');
    ecr = createEcrGateway(sandboxContext(sandbox.endpoint));
  });
  beforeEach(async () => {
    repository = `team/disturbed-${number++}`;
    await ecr.createRepository({ repositoryName: repository });
    // Layers of its own for each: nothing is there already.
    await image.write('program', `${repository} ${'x'.repeat(200_000)}`);
  });
  afterEach(async () => {
    await sandbox.control('DELETE', 'faults');
    await run({
      file: engine().file,
      args: ['image', 'rm', '--force', `${sandbox.registry}/${repository}:v1`],
    });
    const left = readdirSync(tmpdir()).filter((name) => name.includes(`aws-containers-login-${process.pid}`));
    assert.deepEqual(left, []);
  });
  after(async () => {
    ecr.dispose();
    await image.remove();
  });

  const slow = (operation: string, delayMs = 2000): Promise<unknown> =>
    sandbox.control('POST', 'faults', { operation, kind: 'delay', delayMs });
  const push = async (
    onEvent: (event: PushEvent) => unknown = () => undefined,
    signal?: AbortSignal,
  ): Promise<PushResult> => {
    const events = pushImage(
      {
        dockerfile: image.dockerfile,
        buildContext: image.folder,
        repositoryUri: `${sandbox.registry}/${repository}`,
        tag: 'v1',
      },
      {
        engine: engine(),
        authorization: (stop) => ecr.authorization(stop),
        findDigest: async (id, stop) =>
          (await ecr.image(repository, id.includes(':') ? { imageDigest: id } : { imageTag: id }, stop))
            ?.imageDigest,
      },
      signal,
    );
    for (;;) {
      const next = await events.next();
      if (next.done) {
        return next.value;
      }
      await onEvent(next.value);
    }
  };

  for (const [step, operation] of [
    ['build', '*'],
    ['signIn', 'GetAuthorizationToken'],
    ['push', 'registry'],
    ['verify', 'DescribeImages'],
  ] as const satisfies readonly (readonly [PushStep, string])[]) {
    it(`ends at once when it is cancelled at the step ${step}`, async () => {
      if (step !== 'build') {
        await slow(operation);
      }
      const stop = new AbortController();
      let cancelled = 0;
      const pushing = push((event) => {
        if (event.kind === 'stepStarted' && event.step === step) {
          setTimeout(() => {
            cancelled = Date.now();
            stop.abort();
          }, 50);
        }
      }, stop.signal);
      await assert.rejects(pushing, { reason: 'cancelled' });
      assert.ok(Date.now() - cancelled < 4500, `took ${Date.now() - cancelled} ms`);
    });
  }

  it('says that the repository is missing when it is deleted in the middle', async () => {
    await assert.rejects(
      push(async (event) => {
        if (event.kind === 'stepStarted' && event.step === 'push') {
          await ecr.deleteRepository(repository, true);
        }
      }),
      { reason: 'repositoryMissing' },
    );
  });

  it('shows the password to no process list, no output and no configuration of the user', async () => {
    const before = engineConfiguration();
    const { password } = await ecr.authorization();
    await slow('registry', 100);
    const seen: string[] = [];
    const watch = setInterval(() => seen.push(processes()), 50);
    const output: string[] = [];
    // All tokens of the sandbox begin alike.
    const start = password.slice(0, 24);
    try {
      await push((event) => output.push(JSON.stringify(event)));
    } finally {
      clearInterval(watch);
    }
    assert.ok(
      seen.some((text) => text.includes(repository)),
      'the engine was seen at work',
    );
    for (const text of [...seen, ...output]) {
      assert.ok(!text.includes(password) && !text.includes(start));
    }
    assert.equal(engineConfiguration(), before);
  }).timeout(60_000);
});
