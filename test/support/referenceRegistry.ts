import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { poll } from '../../src/base/delay';
import { findProgram } from '../../src/base/findProgram';
import { start } from '../../src/base/process';
import { skipForWantOf } from './engine';

/** A registry that is not ours: Debian's `docker-registry`, over plain HTTP, with basic sign-in. */
export interface ReferenceRegistry {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  readonly username: string;
  readonly password: string;
  /** The digest a registry gives for a tag or digest of a repository, or `undefined`. */
  findDigest(repository: string, reference: string): Promise<string | undefined>;
  /** Asks the registry for a document below /v2/. */
  get(path: string, accept?: string): Promise<Response>;
  close(): Promise<void>;
}

const USERNAME = 'AWS';
/** With a space and shell characters, to show that nothing on the way interprets it. */
const PASSWORD = 'open sesame';
const PASSWORD_HASH = '$2b$04$ijQyDMlgB5hmJbqmeERzBeBx72yLFwzWzkAwgS1xLezAf9fRItaL6';

const MANIFESTS = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ');

/** To be called from a hook: skips its tests, with the reason, where there is no such registry. */
export async function startReferenceRegistry(context: Mocha.Context): Promise<ReferenceRegistry> {
  if ((await findProgram('docker-registry')) === undefined) {
    skipForWantOf(context, 'docker-registry (Debian package docker-registry)');
  }
  const folder = await mkdtemp(join(tmpdir(), 'reference-registry-'));
  const host = `127.0.0.1:${await freePort()}`;
  await writeFile(join(folder, 'htpasswd'), `${USERNAME}:${PASSWORD_HASH}\n`);
  await writeFile(
    join(folder, 'config.yml'),
    JSON.stringify({
      version: '0.1',
      log: { level: 'error', accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: join(folder, 'data') }, delete: { enabled: true } },
      http: { addr: host },
      auth: { htpasswd: { realm: 'reference', path: join(folder, 'htpasswd') } },
    }),
  );
  const server = start({ file: 'docker-registry', args: ['serve', join(folder, 'config.yml')] });
  const authorization = `Basic ${Buffer.from(`${USERNAME}:${PASSWORD}`).toString('base64')}`;
  const get = (path: string, accept = MANIFESTS): Promise<Response> =>
    fetch(`http://${host}/v2/${path}`, { headers: { authorization, accept } });
  await poll(async () => ((await get('').catch(() => undefined))?.ok ? true : undefined), {
    interval: 50,
    signal: AbortSignal.timeout(15_000),
  });
  return {
    host,
    username: USERNAME,
    password: PASSWORD,
    get,
    findDigest: async (repository, reference) => {
      const response = await get(`${repository}/manifests/${reference}`);
      await response.arrayBuffer();
      return response.ok ? (response.headers.get('docker-content-digest') ?? undefined) : undefined;
    },
    close: async () => {
      server.kill();
      await server.ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
