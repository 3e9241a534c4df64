import assert from 'node:assert/strict';
import { readConfigPlatform, readManifestPlatforms } from '../../../src/aws/imagePlatforms';

describe('the platforms of an image', () => {
  it('are those of an index, without what only describes its images', () => {
    const manifest = {
      manifests: [
        { digest: 'sha256:1', platform: { os: 'linux', architecture: 'amd64' } },
        { digest: 'sha256:2', platform: { os: 'linux', architecture: 'arm', variant: 'v7' } },
        { digest: 'sha256:3', platform: { os: 'unknown', architecture: 'unknown' } },
        { digest: 'sha256:4' },
        null,
      ],
    };
    assert.deepEqual(readManifestPlatforms(JSON.stringify(manifest)), {
      kind: 'index',
      platforms: [
        { os: 'linux', architecture: 'amd64' },
        { os: 'linux', architecture: 'arm', variant: 'v7' },
      ],
    });
  });

  it('are written elsewhere for a single image', () => {
    const manifest = { config: { digest: 'sha256:1', size: 1469 }, layers: [] };
    assert.deepEqual(readManifestPlatforms(JSON.stringify(manifest)), {
      kind: 'image',
      configDigest: 'sha256:1',
      configSize: 1469,
    });
    assert.deepEqual(readConfigPlatform('{"os":"windows","architecture":"amd64","rootfs":{}}'), {
      os: 'windows',
      architecture: 'amd64',
    });
  });

  for (const text of ['', 'null', '[]', '{"config":{"digest":1}}', '{"schemaVersion":1}']) {
    it(`are not read out of ${text || 'nothing'}`, () => {
      assert.deepEqual(readManifestPlatforms(text), { kind: 'unreadable' });
      assert.equal(readConfigPlatform(text), undefined);
    });
  }
});
