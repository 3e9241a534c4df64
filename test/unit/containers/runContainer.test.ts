import assert from 'node:assert/strict';
import type { Engine, EngineId } from '../../../src/containers/engine';
import {
  attachAgain,
  createVolume,
  execInContainer,
  inspectContainer,
  killContainer,
  listContainers,
  removeContainers,
  startAttached,
} from '../../../src/containers/controlContainer';
import { pullImage } from '../../../src/containers/engineImage';
import { createContainer, runDetached, type ContainerSpec } from '../../../src/containers/runContainer';

const engineOf = (id: EngineId): Engine => ({
  id,
  file: `/usr/bin/${id}`,
  clientVersion: '1',
  serverVersion: '1',
  buildx: false,
  remote: false,
  platform: 'linux/amd64',
});
const docker = engineOf('docker');
const podman = engineOf('podman');

const plain: ContainerSpec = {
  name: 'c',
  image: 'sha256:abc',
  labels: {},
  network: { kind: 'none' },
};

describe('createContainer', () => {
  it('never pulls, never uses a shell, and keeps each option and its value one argument', () => {
    const { file, args, stdin } = createContainer(docker, {
      ...plain,
      labels: { 'com.example.a': '--privileged' },
      network: {
        kind: 'bridge',
        publish: [
          { containerPort: 80, protocol: 'tcp' },
          { containerPort: 53, hostPort: 5353, protocol: 'udp' },
        ],
      },
      command: ['--flag', 'a b; c'],
      environment: { A: "it's\n$HOME", EMPTY: '' },
      workingDirectory: '/a b',
      user: '1000:1000',
      interactive: true,
      pseudoTerminal: true,
      privileged: true,
      readonlyRootFilesystem: true,
      init: true,
      memory: 128,
      memoryReservation: 64,
      swap: 10,
      cpus: 0.25,
      cpuShares: 256,
    });
    assert.equal(file, '/usr/bin/docker');
    assert.equal(stdin, undefined);
    assert.deepEqual(args, [
      'create',
      '--name=c',
      '--pull=never',
      '--label=com.example.a=--privileged',
      '--log-driver=json-file',
      '--log-opt=max-size=10m',
      '--network=bridge',
      '--publish=127.0.0.1::80/tcp',
      '--publish=127.0.0.1:5353:53/udp',
      "--env=A=it's\n$HOME",
      '--env=EMPTY=',
      '--workdir=/a b',
      '--user=1000:1000',
      '--interactive',
      '--tty',
      '--privileged',
      '--read-only',
      '--init',
      '--memory=128m',
      '--memory-swap=138m',
      '--memory-reservation=64m',
      '--cpus=0.25',
      '--cpu-shares=256',
      'sha256:abc',
      '--flag',
      'a b; c',
    ]);
  });

  it('never publishes beyond the loopback', () => {
    for (const engine of [docker, podman, engineOf('nerdctl')]) {
      const { args } = runDetached(engine, {
        ...plain,
        network: { kind: 'bridge', publish: [{ containerPort: 80, protocol: 'tcp' }] },
      });
      assert.deepEqual(
        args.filter((argument) => argument.startsWith('--publish')),
        ['--publish=127.0.0.1::80/tcp'],
      );
    }
  });

  it('gives docker the entry point’s arguments before the command, and podman all of it as a list', () => {
    const spec = { ...plain, entryPoint: ['[', '-e', '/x', ']'], command: ['more'] };
    const tail = (engine: Engine): string[] => {
      const { args } = createContainer(engine, spec);
      return args
        .filter((argument) => argument.startsWith('--entrypoint'))
        .concat(args.slice(args.indexOf(spec.image)));
    };
    assert.deepEqual(tail(docker), ['--entrypoint=[', 'sha256:abc', '-e', '/x', ']', 'more']);
    assert.deepEqual(tail(podman), ['--entrypoint=["[","-e","/x","]"]', 'sha256:abc', 'more']);
  });

  it('quotes paths with commas for --mount', () => {
    const { args } = createContainer(docker, {
      ...plain,
      mounts: [
        { kind: 'bind', source: '/a,b "c"', target: '/d', readOnly: true },
        { kind: 'volume', source: 'v', target: '/e', readOnly: false },
      ],
    });
    assert.deepEqual(
      args.filter((argument) => argument.startsWith('--mount')),
      ['--mount=type=bind,"source=/a,b ""c""",target=/d,ro', '--mount=type=volume,source=v,target=/e'],
    );
  });

  it('allows no swap that was not asked for', () => {
    const { args } = createContainer(docker, { ...plain, memory: 64 });
    assert.ok(args.includes('--memory=64m') && args.includes('--memory-swap=64m'));
  });

  it('passes secrets in the environment of the client, not in its arguments', () => {
    const { args, env } = createContainer(docker, { ...plain, secrets: { PASSWORD: 'SESAME' } });
    assert.ok(args.includes('--env=PASSWORD'));
    assert.doesNotMatch(args.join(' '), /SESAME/);
    assert.deepEqual(env, { PASSWORD: 'SESAME' });
  });

  it('has a flag for everything else that a container definition can ask for', () => {
    const { args } = createContainer(docker, {
      ...plain,
      hostname: 'h',
      volumesFrom: [{ container: 'other', readOnly: true }],
      tmpfs: [{ target: '/t', size: 16, options: ['noexec'] }],
      ulimits: [{ name: 'nofile', soft: 1, hard: 2 }],
      capabilities: { add: ['SYS_PTRACE'], drop: ['ALL'] },
      devices: [{ host: '/dev/null', target: '/dev/x', permissions: 'rw' }],
      sysctls: { 'net.core.somaxconn': '128' },
      securityOptions: ['no-new-privileges'],
      extraHosts: [{ name: 'db', address: '10.0.0.1' }],
      dnsServers: ['10.0.0.2'],
      dnsSearch: ['example.com'],
      sharedMemory: 64,
      pid: 'host',
      ipc: 'container:x',
      network: { kind: 'container', container: 'x' },
    });
    assert.deepEqual(args.slice(5, -1), [
      '--network=container:x',
      '--hostname=h',
      '--volumes-from=other:ro',
      '--tmpfs=/t:size=16m,noexec',
      '--ulimit=nofile=1:2',
      '--cap-add=SYS_PTRACE',
      '--cap-drop=ALL',
      '--device=/dev/null:/dev/x:rw',
      '--sysctl=net.core.somaxconn=128',
      '--security-opt=no-new-privileges',
      '--add-host=db:10.0.0.1',
      '--dns=10.0.0.2',
      '--dns-search=example.com',
      '--shm-size=64m',
      '--pid=host',
      '--ipc=container:x',
    ]);
  });
});

describe('the commands on a container', () => {
  it('are argument vectors', () => {
    assert.deepEqual(startAttached(docker, 'c').args, ['start', '--attach', 'c']);
    assert.deepEqual(attachAgain(docker, 'c').args, ['attach', '--no-stdin', '--sig-proxy=false', 'c']);
    assert.deepEqual(killContainer(docker, 'c', 'SIGQUIT').args, ['kill', '--signal=SIGQUIT', 'c']);
    assert.deepEqual(execInContainer(docker, 'c', ['sh', '-c', 'x']).args, ['exec', 'c', 'sh', '-c', 'x']);
    assert.deepEqual(inspectContainer(docker, 'c').args, ['container', 'inspect', 'c']);
    assert.deepEqual(listContainers(docker, 'a=b').args, [
      'ps',
      '--all',
      '--quiet',
      '--no-trunc',
      '--filter=label=a=b',
    ]);
    assert.deepEqual(createVolume(docker, 'v', { a: 'b' }).args, ['volume', 'create', '--label=a=b', 'v']);
  });

  it('remove at once, whatever the engine', () => {
    assert.deepEqual(removeContainers(docker, ['a', 'b']).args, ['rm', '--force', '--volumes', 'a', 'b']);
    assert.deepEqual(removeContainers(podman, ['a']).args, [
      'rm',
      '--force',
      '--volumes',
      '--time=0',
      '--ignore',
      '--depend',
      'a',
    ]);
  });

  it('pull from this machine’s registry over plain HTTP, and from others as usual', () => {
    assert.deepEqual(pullImage(docker, '127.0.0.1:5000/a:b').args, ['pull', '--quiet', '127.0.0.1:5000/a:b']);
    assert.deepEqual(pullImage(podman, '127.0.0.1:5000/a:b').args, [
      'pull',
      '--quiet',
      '--tls-verify=false',
      '127.0.0.1:5000/a:b',
    ]);
    assert.deepEqual(pullImage(podman, 'public.ecr.aws/x/y').args, ['pull', '--quiet', 'public.ecr.aws/x/y']);
  });
});
