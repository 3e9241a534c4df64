import assert from 'node:assert/strict';
import { parseRoute } from '../../../../src/sandbox/registry/registryRoute';

describe('parseRoute', () => {
  it('reads what a path is about', () => {
    assert.deepEqual(parseRoute('/v2/'), { kind: 'ping' });
    assert.deepEqual(parseRoute('/v2'), { kind: 'ping' });
    assert.deepEqual(parseRoute('/v2/_catalog'), { kind: 'catalog' });
    assert.deepEqual(parseRoute('/v2/a/b/blobs/uploads/'), { kind: 'startUpload', name: 'a/b' });
    assert.deepEqual(parseRoute('/v2/a/b/blobs/uploads/id'), { kind: 'upload', name: 'a/b', id: 'id' });
    assert.deepEqual(parseRoute('/v2/ab/blobs/sha256%3Aff'), {
      kind: 'blob',
      name: 'ab',
      digest: 'sha256:ff',
    });
    assert.deepEqual(parseRoute('/v2/ab/manifests/v1'), { kind: 'manifest', name: 'ab', reference: 'v1' });
    assert.deepEqual(parseRoute('/v2/ab/tags/list'), { kind: 'tags', name: 'ab' });
    assert.deepEqual(parseRoute('/v2/ab/referrers/x'), { kind: 'referrers', name: 'ab', digest: 'x' });
  });

  it('takes the words of the API as parts of names, too', () => {
    assert.deepEqual(parseRoute('/v2/blobs/uploads/manifests/tags/manifests/list'), {
      kind: 'manifest',
      name: 'blobs/uploads/manifests/tags',
      reference: 'list',
    });
  });

  it('lets no name through that is none', () => {
    for (const name of ['..', '../..', 'a/../b', 'A', 'a b', 'a%00', '%2e%2e', 'a//b', '-a']) {
      assert.equal(parseRoute(`/v2/${name}/tags/list`).kind, 'invalidName', name);
    }
    for (const path of [
      '/v2/%',
      '/v3/',
      '/v2/ab',
      '/v2//tags/list',
      '/v2/ab/manifests/',
      '/v2/ab/blobs/a/b',
    ]) {
      assert.equal(parseRoute(path).kind, 'unknown', path);
    }
  });
});
