import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { detectEngine } from '../../../src/containers/detectEngine';

/** What a stand-in program answers, by its first argument; anything else fails. */
type Answers = Record<string, { stdout?: string; stderr?: string; code?: number; hang?: boolean }>;

const INFO = JSON.stringify({
  ServerVersion: '27.0.1',
  OSType: 'linux',
  Architecture: 'aarch64',
  OperatingSystem: 'Debian',
  Name: hostname(),
});
const DOCKER: Answers = {
  '--version': { stdout: 'Docker version 28.0.0, build abc' },
  info: { stdout: INFO },
  context: { stdout: 'unix:///var/run/docker.sock' },
};
const PODMAN: Answers = {
  '--version': { stdout: 'podman version 5.1.0' },
  info: { stdout: JSON.stringify({ host: { os: 'linux', arch: 'amd64' }, version: { Version: '5.1.0' } }) },
};
const SILENT = { stderr: 'Cannot connect to the Docker daemon at unix:///x. Is it running?', code: 1 };

describe('finding a container engine', function () {
  this.timeout(20_000);
  if (process.platform === 'win32') {
    it('is tried with programs that need no shell, which these stand-ins do');
    return;
  }
  let folder: string;
  const path = process.env['PATH'];
  const dockerHost = process.env['DOCKER_HOST'];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'engines-'));
    process.env['PATH'] = folder;
    delete process.env['DOCKER_HOST'];
  });
  afterEach(async () => {
    process.env['PATH'] = path;
    if (dockerHost !== undefined) {
      process.env['DOCKER_HOST'] = dockerHost;
    }
    await rm(folder, { recursive: true, force: true });
  });

  const install = async (name: string, answers: Answers): Promise<string> => {
    const file = join(folder, name);
    const quote = (text = ''): string => `'${text.replaceAll("'", "'\\''")}'`;
    const cases = Object.entries(answers).map(([word, { stdout, stderr, code = 0, hang }]) =>
      [
        `${quote(word)}) printf %s ${quote(stdout)}; printf %s ${quote(stderr)} >&2`,
        hang ? 'exec /bin/sleep 60;;' : `exit ${code};;`,
      ].join('; '),
    );
    await writeFile(file, `#!/bin/sh\ncase "$1" in\n${cases.join('\n')}\nesac\nexit 1\n`);
    await chmod(file, 0o755);
    return file;
  };

  it('takes the first that is installed, in the order docker, podman, finch, nerdctl', async () => {
    await install('podman', PODMAN);
    const docker = await install('docker', DOCKER);
    assert.deepEqual(await detectEngine('auto'), {
      id: 'docker',
      file: docker,
      clientVersion: '28.0.0',
      serverVersion: '27.0.1',
      buildx: false,
      remote: process.platform === 'darwin',
      platform: 'linux/arm64',
    });
  });

  it('passes over an engine that does not answer', async () => {
    await install('docker', { ...DOCKER, info: SILENT });
    const podman = await install('podman', PODMAN);
    const engine = await detectEngine('auto');
    assert.equal(engine.id, 'podman');
    assert.equal(engine.file, podman);
  });

  it('believes what a program calls itself: podman’s stand-in for docker is podman', async () => {
    const file = await install('docker', PODMAN);
    const engine = await detectEngine('docker');
    assert.deepEqual([engine.id, engine.file, engine.buildx], ['podman', file, false]);
  });

  it('uses buildx only where its builder works', async () => {
    const nodes = 'Name: default\n\nNodes:\nName: default\nStatus: running\n';
    await install('docker', { ...DOCKER, buildx: { stdout: nodes } });
    assert.equal((await detectEngine('docker')).buildx, true);
    await install('docker', { ...DOCKER, buildx: { stderr: 'ERROR: no builder "gone" found', code: 1 } });
    assert.equal((await detectEngine('docker')).buildx, false);
  });

  it('uses the program that it is given', async () => {
    await install('docker', DOCKER);
    const file = await install('my-nerdctl', {
      '--version': { stdout: 'nerdctl version 2.0.0' },
      info: { stdout: INFO },
    });
    for (const preference of ['auto', 'nerdctl'] as const) {
      const engine = await detectEngine(preference, { path: file });
      assert.deepEqual([engine.id, engine.file], ['nerdctl', file]);
    }
  });

  it('says what was looked for when there is none', async () => {
    const none = { reason: 'engineMissing', action: 'selectEngine' };
    await assert.rejects(detectEngine('auto'), {
      ...none,
      message: /docker, podman, finch, nerdctl on PATH$/,
    });
    await assert.rejects(detectEngine('finch'), { ...none, message: /finch on PATH$/ });
    await assert.rejects(detectEngine('docker', { path: '/no/such/docker' }), {
      ...none,
      message: /awsContainers\.engine.*\/no\/such\/docker$/,
    });
  });

  it('says what each said when none answers', async () => {
    await install('docker', { ...DOCKER, info: SILENT });
    await install('podman', { ...PODMAN, info: { stderr: 'Error: try `podman machine start`', code: 125 } });
    await assert.rejects(detectEngine('auto'), {
      reason: 'engineNotRunning',
      message: /Start Docker.*docker: Cannot connect.*Is it running\?; podman: .*podman machine start/,
    });
  });

  it('never looks into the current folder or a relative one', async () => {
    await install('docker', DOCKER);
    const previous = process.cwd();
    process.env['PATH'] = '.::no/such';
    process.chdir(folder);
    try {
      await assert.rejects(detectEngine('auto'), { reason: 'engineMissing' });
    } finally {
      process.chdir(previous);
    }
  });

  it('can be cancelled while an engine keeps it waiting', async () => {
    await install('docker', { ...DOCKER, info: { hang: true } });
    const cancel = new AbortController();
    const detecting = detectEngine('docker', { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 300);
    await assert.rejects(detecting, { reason: 'cancelled' });
  });
});
