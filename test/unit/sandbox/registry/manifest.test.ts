import assert from 'node:assert/strict';
import { ManifestError, parseManifest, selectPlatform } from '../../../../src/sandbox/registry/manifest';

const IMAGE = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digest('c'), size: 2 };
const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: digest('1'), size: 10 };
const image = { schemaVersion: 2, mediaType: IMAGE, config, layers: [layer] };

describe('parseManifest', () => {
  it('reads an image', () => {
    const manifest = parseManifest(bytes(image), IMAGE);
    assert.equal(manifest.kind, 'image');
    assert.equal(manifest.mediaType, IMAGE);
    assert.equal(manifest.config?.digest, digest('c'));
    assert.deepEqual(
      manifest.layers.map(({ size }) => size),
      [10],
    );
    assert.equal(manifest.artifactMediaType, config.mediaType);
    assert.equal(manifest.artifactType, undefined);
  });

  it('takes the media type of the request, or else the own', () => {
    const { mediaType: _, ...untyped } = image;
    const docker = 'application/vnd.docker.distribution.manifest.v2+json';
    assert.equal(parseManifest(bytes(untyped), `${docker}; charset=utf-8`).mediaType, docker);
    assert.equal(parseManifest(bytes(image)).mediaType, IMAGE);
    assert.throws(() => parseManifest(bytes(untyped)), /mediatype not provided/);
  });

  it('knows layers that the registry need not have', () => {
    const { layers } = parseManifest(
      bytes({
        ...image,
        layers: [
          layer,
          { ...layer, urls: ['https://example.com/layer'] },
          { ...layer, mediaType: 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip' },
          { ...layer, mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip' },
        ],
      }),
    );
    assert.deepEqual(
      layers.map(({ external }) => external),
      [false, true, true, true],
    );
  });

  it('reads an artifact with its subject and annotations', () => {
    const manifest = parseManifest(
      bytes({
        ...image,
        artifactType: 'example/sbom',
        subject: { ...layer, digest: digest('5') },
        annotations: { a: 'b' },
      }),
    );
    assert.equal(manifest.artifactType, 'example/sbom');
    assert.equal(manifest.artifactMediaType, 'example/sbom');
    assert.equal(manifest.subject, digest('5'));
    assert.deepEqual(manifest.annotations, { a: 'b' });
  });

  it('selects the image for a platform out of an index', () => {
    const child = (letter: string, os: string, architecture: string) => ({
      mediaType: IMAGE,
      digest: digest(letter),
      size: 1,
      platform: { os, architecture },
    });
    const index = parseManifest(
      bytes({
        schemaVersion: 2,
        mediaType: INDEX,
        manifests: [
          child('a', 'unknown', 'unknown'),
          child('b', 'linux', 'arm64'),
          child('d', 'linux', 'amd64'),
        ],
      }),
    );
    assert.equal(index.kind, 'index');
    assert.equal(selectPlatform(index, 'linux', 'amd64'), digest('d'));
    assert.equal(selectPlatform(index, 'linux', 'riscv64'), undefined);
  });

  it('refuses what is no manifest, and says why', () => {
    const refused: readonly (readonly [Buffer, RegExp, string?])[] = [
      [Buffer.from('{'), /Invalid JSON/],
      [Buffer.from([0x7b, 0xff, 0x7d]), /Invalid JSON/],
      [bytes([]), /not a JSON object/],
      [bytes(null), /not a JSON object/],
      [bytes(image), /was sent as/, INDEX],
      [bytes({ ...image, mediaType: undefined }), /not supported: text\/plain/, 'text/plain'],
      [bytes({ ...image, mediaType: 'constructor' }), /not supported/],
      [bytes({ ...image, schemaVersion: 1 }), /schemaVersion/],
      [bytes({ ...image, config: undefined }), /config is not a descriptor/],
      [bytes({ ...image, layers: {} }), /layers is not an array/],
      [bytes({ ...image, layers: [{ ...layer, digest: '../x' }] }), /layers\[0\]/],
      [bytes({ ...image, layers: [{ ...layer, size: -1 }] }), /size of its layers\[0\]/],
      [bytes({ ...image, annotations: { a: 1 } }), /annotation a/],
    ];
    for (const [content, message, contentType] of refused) {
      assert.throws(
        () => parseManifest(content, contentType),
        (error: unknown) => error instanceof ManifestError && message.test(error.message),
        content.toString(),
      );
    }
  });
});
