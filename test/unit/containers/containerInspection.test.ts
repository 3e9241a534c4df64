import assert from 'node:assert/strict';
import { parseContainerInspection, parseEngineCpus } from '../../../src/containers/containerInspection';
import { parseImages } from '../../../src/containers/engineImage';
import { formatComplaint } from '../../../src/containers/engineOutput';

// What engines printed, cut down to the members that are read and some beside them.
const DOCKER_RUNNING = `[{"Id":"99f8c5bb8b3c","State":{"Status":"running","Running":true,"OOMKilled":false,"Pid":77,"ExitCode":0,"Error":"","StartedAt":"2026-11-21T08:32:40.414175292Z","FinishedAt":"0001-01-01T00:00:00Z"},"Config":{"StopSignal":"SIGQUIT"},"NetworkSettings":{"Ports":{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"32768"}],"81/tcp":null,"53/udp":[{"HostIp":"127.0.0.1","HostPort":"5353"}]},"IPAddress":"172.17.0.2","Networks":{"bridge":{"IPAddress":"172.17.0.2"}}}}]`;
const DOCKER_FAILED = `[{"Id":"5bcbf69a94a9","State":{"Status":"created","Running":false,"OOMKilled":false,"ExitCode":127,"Error":"failed to create shim task: OCI runtime create failed: exec: \\"/nope\\": stat /nope: no such file or directory: unknown","StartedAt":"0001-01-01T00:00:00Z","FinishedAt":"0001-01-01T00:00:00Z"},"Config":{},"NetworkSettings":{"Ports":{},"IPAddress":"","Networks":{"bridge":{"IPAddress":""}}}}]`;
const DOCKER_KILLED = `[{"Id":"c103477dd7c4","State":{"Status":"exited","Running":false,"OOMKilled":true,"ExitCode":137,"Error":"","StartedAt":"2026-11-21T08:32:40.414175292Z","FinishedAt":"2026-11-21T08:32:42.621915634Z"},"Config":{},"NetworkSettings":{"Ports":{}}}]`;
const PODMAN_RUNNING = `[{"Id":"67f75c9d267e","State":{"OciVersion":"1.0.2-dev","Status":"running","Running":true,"OOMKilled":false,"ExitCode":0,"Error":"","StartedAt":"2026-11-21T08:33:36.97390178Z","Health":{"Status":"","FailingStreak":0,"Log":null}},"Config":{"StopSignal":15},"NetworkSettings":{"IPAddress":"","Ports":{"8080/tcp":[{"HostIp":"","HostPort":"8080"}]},"Networks":{"podman":{"IPAddress":"10.88.0.19","Aliases":["67f75c9d267e"]}}}}]`;

describe('parseContainerInspection', () => {
  it('reads a running container of docker', () => {
    assert.deepEqual(parseContainerInspection(DOCKER_RUNNING), {
      id: '99f8c5bb8b3c',
      running: true,
      startedAt: Date.parse('2026-11-21T08:32:40.414Z'),
      outOfMemory: false,
      stopSignal: 'SIGQUIT',
      address: '172.17.0.2',
      ports: [
        { containerPort: 80, protocol: 'tcp', hostAddress: '127.0.0.1', hostPort: 32768 },
        { containerPort: 53, protocol: 'udp', hostAddress: '127.0.0.1', hostPort: 5353 },
      ],
    });
  });

  it('reads a running container of podman, which counts signals and leaves addresses out', () => {
    const inspection = parseContainerInspection(PODMAN_RUNNING);
    assert.equal(inspection?.stopSignal, '15');
    assert.equal(inspection?.address, '10.88.0.19');
    assert.deepEqual(inspection?.ports, [
      { containerPort: 8080, protocol: 'tcp', hostAddress: '0.0.0.0', hostPort: 8080 },
    ]);
  });

  it('tells a container that never started from one that has ended', () => {
    const failed = parseContainerInspection(DOCKER_FAILED);
    assert.equal(failed?.startedAt, undefined);
    assert.equal(failed?.exitCode, undefined);
    assert.match(failed?.error ?? '', /no such file or directory/);
    assert.equal(failed?.stopSignal, 'SIGTERM');
    const killed = parseContainerInspection(DOCKER_KILLED);
    assert.equal(killed?.exitCode, 137);
    assert.equal(killed?.outOfMemory, true);
  });

  it('finds nothing in what is no description', () => {
    for (const text of ['', '[]', 'null', '{}', 'Error: no such container']) {
      assert.equal(parseContainerInspection(text), undefined);
    }
  });
});

describe('parseImages', () => {
  it('reads the images of docker and podman, whose ids are written differently', () => {
    const text = `[{"Id":"sha256:aaa","RepoTags":["app:v1"],"RepoDigests":["127.0.0.1:5000/app@sha256:ccc"]},{"Id":"bbb","RepoTags":null}]`;
    assert.deepEqual(parseImages(text), [
      { id: 'sha256:aaa', tags: ['app:v1'], repoDigests: ['127.0.0.1:5000/app@sha256:ccc'] },
      { id: 'sha256:bbb', tags: [], repoDigests: [] },
    ]);
    assert.deepEqual(parseImages('[]\n'), []);
  });
});

describe('parseEngineCpus', () => {
  it('finds the number of CPUs in the info of each engine', () => {
    assert.equal(parseEngineCpus('{"NCPU":2,"Name":"x"}\n'), 2);
    assert.equal(parseEngineCpus('{"host":{"cpus":4},"version":{}}'), 4);
    assert.equal(parseEngineCpus(''), undefined);
  });
});

describe('formatComplaint', () => {
  it('keeps what went wrong, without the framing of each engine', () => {
    assert.equal(
      formatComplaint(
        'WARNING: Your kernel does not support swap limit capabilities.\nError response from daemon: No such image: x\n',
      ),
      'No such image: x',
    );
    assert.equal(
      formatComplaint(
        "docker: Error response from daemon: driver failed: port is already allocated.\n\nRun 'docker run --help' for more information\n",
      ),
      'driver failed: port is already allocated.',
    );
    assert.equal(
      formatComplaint('Error response from daemon: exec failed\nError: failed to start containers: abc\n'),
      'exec failed',
    );
    assert.equal(
      formatComplaint('Error: unable to start container abc: runc: exec failed\n'),
      'unable to start container abc: runc: exec failed',
    );
  });
});
