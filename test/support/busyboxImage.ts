import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { run } from '../../src/base/process';
import type { Engine } from '../../src/containers/engine';
import { skipForWantOf } from './engine';

/** A statically linked set of Unix programs; Debian's package `busybox-static` puts it there. */
const BUSYBOX = '/bin/busybox';

/** An image with a shell and the usual programs, built from what this machine has. */
export interface BusyboxImage {
  readonly reference: string;
  remove(): Promise<void>;
}

/** To be called from a hook: skips its tests, with the reason, where there is no busybox to build from. */
export async function buildBusyboxImage(context: Mocha.Context, engine: Engine): Promise<BusyboxImage> {
  if (!existsSync(BUSYBOX)) {
    skipForWantOf(context, `${BUSYBOX} (Debian package busybox-static)`);
  }
  const folder = await mkdtemp(join(tmpdir(), 'busybox-image-'));
  const reference = `localhost/aws-containers-test/busybox:${randomBytes(4).toString('hex')}`;
  try {
    await copyFile(BUSYBOX, join(folder, 'busybox'));
    await writeFile(
      join(folder, 'Dockerfile'),
      'FROM scratch\nCOPY busybox /bin/busybox\nCOPY busybox /bin/sh\nENV PATH=/bin\nWORKDIR /tmp\n',
    );
    const result = await run({
      file: engine.file,
      args: ['build', '--tag', reference, folder],
      env: { DOCKER_BUILDKIT: engine.buildx ? undefined : '0' },
    });
    if (result.exitCode !== 0) {
      throw new Error(`The test image could not be built: ${result.stderr}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return {
    reference,
    remove: async () => {
      await run({ file: engine.file, args: ['image', 'rm', '--force', reference] });
    },
  };
}

/**
 * Podman as root asks for more open files than a machine that is itself a container may give: makes it ask for
 * what there is.
 * @returns what undoes it
 */
export async function fitPodmanToMachine(): Promise<() => Promise<void>> {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  const hard = (name: string): string =>
    new RegExp(`^${name}\\s+\\S+\\s+(\\S+)`, 'm').exec(limits)?.[1] ?? '';
  const files = Number(hard('Max open files'));
  if (process.env['CONTAINERS_CONF'] !== undefined || !(files < 1_048_576)) {
    return () => Promise.resolve();
  }
  const folder = await mkdtemp(join(tmpdir(), 'podman-limits-'));
  const file = join(folder, 'containers.conf');
  await writeFile(file, `[containers]\ndefault_ulimits = ["nofile=${files}:${files}", "nproc=1024:1024"]\n`);
  process.env['CONTAINERS_CONF'] = file;
  return async () => {
    delete process.env['CONTAINERS_CONF'];
    await rm(folder, { recursive: true, force: true });
  };
}
