import assert from 'node:assert/strict';
import {
  buildCommand,
  imagePlatformCommand,
  pushCommand,
  saveCommand,
  type BuildRequest,
} from '../../../src/containers/buildCommands';
import type { Engine, EngineId } from '../../../src/containers/engine';
import { loginCommand } from '../../../src/containers/registryLogin';

const ECR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const LOOPBACK = '127.0.0.1:5001';

function engine(id: EngineId, changes: Partial<Engine> = {}): Engine {
  return {
    id,
    file: `/usr/bin/${id}`,
    clientVersion: '1',
    serverVersion: '1',
    buildx: false,
    remote: false,
    platform: 'linux/amd64',
    ...changes,
  };
}

const request: BuildRequest = { dockerfile: '/w/Dockerfile', context: '/w', image: `${ECR}/web:v1` };

describe('the command that builds an image', () => {
  const tail = ['--file', '/w/Dockerfile', '--tag', `${ECR}/web:v1`, '/w'];

  it('is the engine’s own build, into the engine’s own store', () => {
    const verbs: [Engine, string[]][] = [
      [engine('docker'), ['build', '--force-rm']],
      [engine('docker', { buildx: true }), ['buildx', 'build', '--load', '--progress', 'plain']],
      [engine('podman'), ['build']],
      [engine('finch'), ['build', '--progress', 'plain']],
      [engine('nerdctl'), ['build', '--progress', 'plain']],
    ];
    for (const [which, verb] of verbs) {
      assert.deepEqual(buildCommand(which, request), { file: which.file, args: [...verb, ...tail] });
    }
  });

  it('keeps each value one argument, whatever it holds', () => {
    const odd = {
      dockerfile: `/w/-f 'x' $(y) "z"`,
      context: '/w/a b; c',
      image: request.image,
      platform: 'linux/arm64',
      target: '--final',
      noCache: true,
      buildArgs: { A: '', B: `"two words" $(x); it's=1`, C: '--tag=x' },
    };
    assert.deepEqual(buildCommand(engine('docker'), odd).args, [
      'build',
      '--force-rm',
      '--file',
      odd.dockerfile,
      '--tag',
      odd.image,
      '--platform',
      'linux/arm64',
      '--no-cache',
      '--target',
      '--final',
      '--build-arg',
      'A=',
      '--build-arg',
      `B="two words" $(x); it's=1`,
      '--build-arg',
      'C=--tag=x',
      '/w/a b; c',
    ]);
  });

  it('quotes the path of a Dockerfile for podman, which reads a list of values there', () => {
    const fileOf = (dockerfile: string): string | undefined =>
      buildCommand(engine('podman'), { ...request, dockerfile }).args[2];
    assert.equal(fileOf('/w/a b'), '/w/a b');
    assert.equal(fileOf('/w/a,b'), '"/w/a,b"');
    assert.equal(fileOf('/w/say "hi"'), '"/w/say ""hi"""');
  });
});

describe('the command that pushes an image', () => {
  it('names the digest file to podman, and to nobody else', () => {
    const push = { image: `${ECR}/web:v1`, digestFile: '/tmp/d' };
    assert.deepEqual(pushCommand(engine('docker'), push).args, ['push', push.image]);
    assert.deepEqual(pushCommand(engine('podman'), push).args, [
      'push',
      '--digestfile',
      '/tmp/d',
      push.image,
    ]);
    assert.deepEqual(pushCommand(engine('nerdctl'), push).args, ['push', push.image]);
  });

  it('speaks plain HTTP with registries on loopback only', () => {
    const flags = (id: EngineId, registry: string): readonly string[] =>
      pushCommand(engine(id), { image: `${registry}/web:v1` }).args.slice(1, -1);
    assert.deepEqual(flags('docker', LOOPBACK), []);
    assert.deepEqual(flags('podman', LOOPBACK), ['--tls-verify=false']);
    assert.deepEqual(flags('nerdctl', LOOPBACK), ['--insecure-registry']);
    assert.deepEqual(flags('finch', LOOPBACK), ['--insecure-registry']);
    for (const id of ['docker', 'podman', 'finch', 'nerdctl'] as const) {
      assert.deepEqual(flags(id, ECR), []);
    }
  });

  it('names the platform to clients of containerd', () => {
    const push = { image: `${ECR}/web:v1`, platform: 'linux/arm64' };
    assert.deepEqual(pushCommand(engine('nerdctl'), push).args, [
      'push',
      '--platform',
      'linux/arm64',
      push.image,
    ]);
    assert.deepEqual(pushCommand(engine('docker'), push).args, ['push', push.image]);
    assert.deepEqual(saveCommand(engine('finch'), push.image, 'linux/arm64').args, [
      'save',
      '--platform',
      'linux/arm64',
      push.image,
    ]);
    assert.deepEqual(saveCommand(engine('podman'), push.image, 'linux/arm64').args, ['save', push.image]);
  });
});

describe('the command that signs in', () => {
  it('takes the password from standard input', () => {
    assert.deepEqual(loginCommand(engine('docker'), ECR, 'AWS'), {
      file: '/usr/bin/docker',
      args: ['login', '--username', 'AWS', '--password-stdin', ECR],
    });
    assert.deepEqual(loginCommand(engine('podman'), LOOPBACK, 'AWS').args, [
      'login',
      '--username',
      'AWS',
      '--password-stdin',
      '--tls-verify=false',
      LOOPBACK,
    ]);
  });

  it('gives finch no flag that its login does not know', () => {
    assert.deepEqual(loginCommand(engine('finch'), LOOPBACK, 'AWS').args, [
      'login',
      '--username',
      'AWS',
      '--password-stdin',
      LOOPBACK,
    ]);
  });
});

describe('the command that asks for an image’s platform', () => {
  it('asks for operating system and architecture', () => {
    assert.deepEqual(imagePlatformCommand(engine('docker'), 'web:v1').args, [
      'image',
      'inspect',
      '--format',
      '{{.Os}}/{{.Architecture}}',
      'web:v1',
    ]);
  });
});
