import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { start } from '../../src/base/process';
import { poll } from '../../src/base/delay';
import { withRegistryLogin } from '../../src/containers/registryLogin';
import { describeWithEngine } from '../support/engine';
import { startReferenceRegistry, type ReferenceRegistry } from '../support/referenceRegistry';

for (const id of ['docker', 'podman'] as const) {
  describeWithEngine(
    `signing in to a registry with ${id}`,
    (engine) => {
      let registry: ReferenceRegistry;
      before(async function () {
        registry = await startReferenceRegistry(this);
      });
      after(() => registry?.close());

      const folderOf = (env: Readonly<Record<string, string>>): string =>
        env['DOCKER_CONFIG'] ?? dirname(env['REGISTRY_AUTH_FILE'] ?? '');
      const credentials = (): { registry: string; username: string; password: string } => ({
        registry: registry.host,
        username: registry.username,
        password: registry.password,
      });

      it('keeps the credentials in a private folder while the body runs, and removes it afterwards', async () => {
        let folder = '';
        const result = await withRegistryLogin(engine(), credentials(), async ({ env }) => {
          folder = folderOf(env);
          assert.equal(statSync(folder).mode & 0o777, 0o700);
          const file = join(folder, id === 'podman' ? 'auth.json' : 'config.json');
          const { auths } = JSON.parse(readFileSync(file, 'utf8')) as {
            auths: Record<string, { auth?: string }>;
          };
          assert.equal(
            Buffer.from(auths[registry.host]?.auth ?? '', 'base64').toString(),
            `${registry.username}:${registry.password}`,
          );
          return 42;
        });
        assert.equal(result, 42);
        assert.equal(existsSync(folder), false);
      });

      it('removes the folder when the body fails', async () => {
        let folder = '';
        await assert.rejects(
          withRegistryLogin(engine(), credentials(), async ({ env }) => {
            folder = folderOf(env);
            throw new Error('broken body');
          }),
          /broken body/,
        );
        assert.notEqual(folder, '');
        assert.equal(existsSync(folder), false);
      });

      it('tells a refused sign-in from an unreachable registry', async () => {
        await assert.rejects(
          withRegistryLogin(engine(), { ...credentials(), password: 'wrong-secret' }, async () => undefined),
          (error: Error) => {
            assert.equal((error as { reason?: string }).reason, 'signInRefused');
            assert.ok(!error.message.includes('wrong-secret'));
            assert.match(error.message, /127\.0\.0\.1/);
            return true;
          },
        );
        await assert.rejects(
          withRegistryLogin(engine(), { ...credentials(), registry: '127.0.0.1:1' }, async () => undefined),
          { reason: 'endpointUnreachable' },
        );
      });

      it('leaves nothing when cancelled', async () => {
        const before = await loginFolders();
        const cancel = new AbortController();
        const signingIn = withRegistryLogin(engine(), credentials(), async () => undefined, cancel.signal);
        await poll(async () => ((await loginFolders()).length > before.length ? true : undefined), {
          interval: 1,
        });
        cancel.abort();
        await assert.rejects(signingIn, { reason: 'cancelled' });
        assert.deepEqual(await loginFolders(), before);
      });

      it('removes the folder when this process is told to end, and what a killed one has left', async () => {
        const { file, ...rest } = engine();
        const script = `
          import { withRegistryLogin } from ${JSON.stringify(join(__dirname, '../../src/containers/registryLogin'))};
          import { readFileSync } from 'node:fs';
          const [engine, credentials] = JSON.parse(readFileSync(0, 'utf8'));
          void withRegistryLogin(engine, credentials, (login) => {
            console.log(JSON.stringify(login.env));
            return new Promise(() => setInterval(() => undefined, 1000));
          });`;
        const scripts = await mkdtemp(join(tmpdir(), 'login-script-'));
        try {
          await writeFile(join(scripts, 'script.cts'), script);
          for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
            let output = '';
            const child = start(
              {
                file: process.execPath,
                args: ['-r', require.resolve('tsx/cjs'), join(scripts, 'script.cts')],
                stdin: JSON.stringify([{ file, ...rest }, credentials()]),
              },
              { onOutput: (text) => (output += text) },
            );
            const folder = await poll(
              async () =>
                output.includes('}') ? folderOf(JSON.parse(output) as Record<string, string>) : undefined,
              { interval: 20, signal: AbortSignal.timeout(15_000) },
            );
            assert.ok(existsSync(folder));
            child.child.kill(signal);
            await child.ended;
            assert.equal(child.child.signalCode, signal);
            if (signal === 'SIGKILL') {
              await withRegistryLogin(engine(), credentials(), async () => undefined);
            }
            assert.equal(existsSync(folder), false);
          }
        } finally {
          await rm(scripts, { recursive: true, force: true });
        }
      });

      if (id === 'docker') {
        it('keeps the credentials out of the credential helper that the user has configured', async () => {
          const own = await mkdtemp(join(tmpdir(), 'users-config-'));
          const previous = process.env['DOCKER_CONFIG'];
          try {
            await mkdir(join(own, 'contexts'));
            await writeFile(
              join(own, 'config.json'),
              JSON.stringify({
                credsStore: 'no-such-helper',
                credHelpers: { [registry.host]: 'no-such-helper' },
                auths: { 'example.invalid': { auth: 'c2VjcmV0' } },
                HttpHeaders: { 'X-Kept': 'yes' },
              }),
            );
            process.env['DOCKER_CONFIG'] = own;
            await withRegistryLogin(engine(), credentials(), async ({ env }) => {
              const text = readFileSync(join(folderOf(env), 'config.json'), 'utf8');
              assert.match(text, /X-Kept/);
              assert.doesNotMatch(text, /no-such-helper|c2VjcmV0/);
              assert.ok(existsSync(join(folderOf(env), 'contexts')));
            });
            assert.ok(existsSync(join(own, 'contexts')), 'the user’s own contexts are still there');
          } finally {
            if (previous === undefined) {
              delete process.env['DOCKER_CONFIG'];
            } else {
              process.env['DOCKER_CONFIG'] = previous;
            }
            await rm(own, { recursive: true, force: true });
          }
        });
      }
    },
    id,
  );
}

async function loginFolders(): Promise<string[]> {
  return (await readdir(tmpdir())).filter(
    (name) => name.startsWith('aws-containers-login-') && name.includes(`-${process.pid}-`),
  );
}
