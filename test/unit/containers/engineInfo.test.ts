import assert from 'node:assert/strict';
import {
  formatPlatform,
  parseBuildxUsable,
  parseDockerInfo,
  parsePodmanInfo,
  parseVersionLine,
  type Host,
} from '../../../src/containers/engineInfo';

const LINUX: Host = { operatingSystem: 'linux', name: 'box' };
const MAC: Host = { operatingSystem: 'darwin', name: 'mac' };

// Captured from docker 28.2.2 with engine 20.10.24, of which only what is read is kept.
const DOCKER = {
  OperatingSystem: 'Debian GNU/Linux 12 (bookworm)',
  OSType: 'linux',
  Architecture: 'x86_64',
  Name: 'box',
  ServerVersion: '20.10.24+dfsg1',
  SecurityOptions: ['name=seccomp,profile=default'],
};

function remoteOf(
  changes: object,
  host = LINUX,
  endpoint = 'unix:///var/run/docker.sock',
): boolean | undefined {
  const info = parseDockerInfo(JSON.stringify({ ...DOCKER, ...changes }), host, endpoint);
  return info && 'remote' in info ? info.remote : undefined;
}

describe('what an engine’s client calls itself', () => {
  it('is read from its version line', () => {
    const lines: [string, string, string][] = [
      ['Docker version 28.2.2, build e6534b4', 'docker', '28.2.2'],
      ['podman version 4.3.1', 'podman', '4.3.1'],
      ['podman.exe version 5.0.1', 'podman', '5.0.1'],
      ['finch version v1.2.0', 'finch', '1.2.0'],
      ['nerdctl version 1.7.6', 'nerdctl', '1.7.6'],
    ];
    for (const [line, id, clientVersion] of lines) {
      assert.deepEqual(parseVersionLine(`${line}\n`), { id, clientVersion });
    }
    assert.equal(parseVersionLine('command not found'), undefined);
  });
});

describe('what docker’s `info` says', () => {
  it('is version, platform and that the engine shares the loopback of this machine', () => {
    assert.deepEqual(parseDockerInfo(JSON.stringify(DOCKER), LINUX, 'unix:///var/run/docker.sock'), {
      serverVersion: '20.10.24+dfsg1',
      platform: 'linux/amd64',
      remote: false,
    });
  });

  it('shows an engine that does not share it', () => {
    assert.equal(remoteOf({ OperatingSystem: 'Docker Desktop' }), true);
    assert.equal(remoteOf({ Name: 'colima' }, MAC), true);
    assert.equal(remoteOf({}, { ...LINUX, operatingSystem: 'win32' }), true);
    assert.equal(remoteOf({}, LINUX, 'ssh://user@elsewhere'), true);
    assert.equal(remoteOf({}, LINUX, 'tcp://10.0.0.2:2376'), true);
    assert.equal(remoteOf({ SecurityOptions: ['name=rootless'] }), true);
    assert.equal(remoteOf({ Name: 'the-host-of-this-container' }), true);
  });

  it('shows an engine that is silent, with what the client says', () => {
    // Docker's client answers for itself when its engine does not, with exit code 0 or 1 by its version.
    assert.deepEqual(
      parseDockerInfo(JSON.stringify({ ServerErrors: ['Cannot connect to the Docker daemon'] }), LINUX),
      { said: 'Cannot connect to the Docker daemon' },
    );
    assert.equal(parseDockerInfo('', LINUX), undefined);
    assert.equal(parseDockerInfo('{"ServerVersion":""}', LINUX), undefined);
  });
});

describe('what podman’s `info` says', () => {
  // Captured from podman 4.3.1, of which only what is read is kept.
  const podman = {
    host: { os: 'linux', arch: 'amd64', serviceIsRemote: false },
    version: { Version: '4.3.1' },
  };

  it('is version, platform and whether a service elsewhere does the work', () => {
    assert.deepEqual(parsePodmanInfo(JSON.stringify(podman), LINUX), {
      serverVersion: '4.3.1',
      platform: 'linux/amd64',
      remote: false,
    });
    assert.equal(parsePodmanInfo(JSON.stringify(podman), MAC)?.remote, true);
    const remote = { ...podman, host: { ...podman.host, serviceIsRemote: true } };
    assert.equal(parsePodmanInfo(JSON.stringify(remote), LINUX)?.remote, true);
    assert.equal(parsePodmanInfo('Cannot connect to Podman', LINUX), undefined);
  });
});

describe('a builder of buildx', () => {
  // Not captured: written after the output of `docker buildx inspect`.
  const head = 'Name:          builder\nDriver:        docker-container\n\nNodes:\n';

  it('is usable when a node of it has no error', () => {
    assert.equal(
      parseBuildxUsable(`${head}Name:     node0\nStatus:   running\nPlatforms: linux/amd64\n`),
      true,
    );
    assert.equal(parseBuildxUsable(`${head}Name:     node0\nStatus:   inactive\n`), true);
  });

  it('is not usable when each has one, or there is none', () => {
    assert.equal(parseBuildxUsable(`${head}Name:     node0\nError:    Cannot connect\n`), false);
    assert.equal(parseBuildxUsable(head), false);
    assert.equal(parseBuildxUsable("docker: 'buildx' is not a docker command."), false);
  });
});

describe('a platform', () => {
  it('is named as image indexes do', () => {
    assert.equal(formatPlatform('linux', 'x86_64'), 'linux/amd64');
    assert.equal(formatPlatform('linux', 'aarch64'), 'linux/arm64');
    assert.equal(formatPlatform('linux', 'armv7l'), 'linux/arm/v7');
    assert.equal(formatPlatform('Linux', 's390x'), 'linux/s390x');
  });
});
