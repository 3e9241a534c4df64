import assert from 'node:assert/strict';
import { findSandboxImage, parseImageReference } from '../../../../src/sandbox/tasks/imageReference';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('parseImageReference', () => {
  it('takes registry, repository, tag and digest apart', () => {
    assert.deepEqual(parseImageReference('nginx'), { repository: 'nginx' });
    assert.deepEqual(parseImageReference('team/web:v1'), { repository: 'team/web', tag: 'v1' });
    assert.deepEqual(parseImageReference(`127.0.0.1:5000/team/web:v1@${DIGEST}`), {
      registry: '127.0.0.1:5000',
      repository: 'team/web',
      tag: 'v1',
      digest: DIGEST,
    });
    assert.deepEqual(parseImageReference('localhost/web'), { registry: 'localhost', repository: 'web' });
  });

  it('takes nothing for a reference that an engine could take for an option or a path', () => {
    for (const text of [
      '',
      '--privileged',
      'Web',
      'a b',
      '../x',
      'web:',
      'web@sha256:short',
      'a/../b',
      'web:v1;x',
    ]) {
      assert.equal(parseImageReference(text), undefined, text);
    }
  });
});

describe('findSandboxImage', () => {
  const find = (text: string): unknown => {
    const reference = parseImageReference(text);
    return reference && findSandboxImage(reference, '127.0.0.1:4566', 'eu-west-1');
  };

  it('knows its own registry by address and by the form of ECR, whose region then counts', () => {
    assert.deepEqual(find('127.0.0.1:4566/web'), {
      region: 'eu-west-1',
      repository: 'web',
      tagOrDigest: 'latest',
    });
    assert.deepEqual(find('localhost:4566/web:v1'), {
      region: 'eu-west-1',
      repository: 'web',
      tagOrDigest: 'v1',
    });
    assert.deepEqual(find(`000000000000.dkr.ecr.us-east-1.amazonaws.com/web:v1@${DIGEST}`), {
      region: 'us-east-1',
      repository: 'web',
      tagOrDigest: DIGEST,
    });
  });

  it('leaves other registries and other accounts alone', () => {
    for (const text of [
      'web',
      '127.0.0.1:4567/web',
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web',
      'public.ecr.aws/nginx/nginx',
    ]) {
      assert.equal(find(text), undefined, text);
    }
  });
});
