import assert from 'node:assert/strict';
import type { Engine } from '../../../src/containers/engine';
import { BuildFailedError, buildError, pushError, type FailedBuild } from '../../../src/image/pushErrors';

const ENGINE: Engine = {
  id: 'docker',
  file: 'docker',
  clientVersion: '1',
  serverVersion: '1',
  buildx: false,
  remote: false,
  platform: 'linux/amd64',
};

describe('the error of a build', () => {
  const failed = (changes: Partial<FailedBuild>): FailedBuild => ({
    engine: ENGINE,
    dockerfile: '/w/api.Dockerfile',
    text: 'FROM scratch\n\nRUN make \\\n  all\n',
    platform: undefined,
    failure: { message: 'exit code: 2' },
    foreignArchitecture: false,
    ...changes,
  });

  it('names line, instruction and the engine’s last words', () => {
    const error = buildError(
      failed({ failure: { message: 'exit code: 2', step: { text: 'RUN make all' } } }),
    );
    assert.ok(error instanceof BuildFailedError);
    assert.deepEqual(error.location, { file: '/w/api.Dockerfile', line: 3 });
    assert.match(error.message, /line 3 of api\.Dockerfile \(RUN make all\).*docker says: exit code: 2$/);
    assert.equal(error.action, 'openLog');
  });

  it('names the Dockerfile alone when the line is not known', () => {
    const error = buildError(failed({}));
    assert.ok(error instanceof BuildFailedError);
    assert.equal(error.location, undefined);
    assert.match(error.message, /Correct api\.Dockerfile and/);
  });

  it('explains what another processor needs', () => {
    const error = buildError(
      failed({
        platform: 'linux/arm64',
        failure: { message: 'exec format error', line: 3 },
        foreignArchitecture: true,
      }),
    );
    assert.match(error.message, /linux\/arm64 cannot run on this engine \(linux\/amd64\) without emulation/);
  });

  it('is not the Dockerfile’s when the engine went away or its disk is full', () => {
    const reasons = ['Cannot connect to the Docker daemon at unix:///x.', 'no space left on device'].map(
      (message) => {
        const error = buildError(failed({ failure: { message } }));
        assert.ok(!(error instanceof BuildFailedError));
        return error.reason;
      },
    );
    assert.deepEqual(reasons, ['engineNotRunning', 'pushFailed']);
  });
});

describe('the error of a push', () => {
  it('says what to do next, and names repository or tag', () => {
    const uri = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/web:v1';
    const cases = [
      ['name unknown: no', 'repositoryMissing', 'createRepository', /Create it.*team\/web$/],
      ['the repository is immutable', 'tagImmutable', 'chooseTag', /"v1".*another tag/],
      ['denied: Your authorization token has expired', 'signInRefused', 'selectContext', /sign-in/],
      [
        'denied: x is not authorized to perform: ecr:PutImage',
        'accessDenied',
        'selectContext',
        /ecr:PutImage$/,
      ],
      ['toomanyrequests: Rate exceeded', 'throttled', 'retry', /Wait/],
      ['dial tcp: connection refused', 'endpointUnreachable', 'retry', /network/],
      ['no space left on device', 'pushFailed', 'openLog', /system prune/],
      ['what is this', 'pushFailed', 'openLog', /what is this$/],
    ] as const;
    for (const [said, reason, action, message] of cases) {
      const error = pushError(ENGINE, uri, said);
      assert.deepEqual([error.reason, error.action], [reason, action]);
      assert.match(error.message, message);
    }
  });
});
