import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImageCatalog } from '../../../../src/sandbox/ecr/imageCatalog';
import { LayerCatalog } from '../../../../src/sandbox/ecr/layerCatalog';
import type { RepositoryRecord } from '../../../../src/sandbox/ecr/repositoryCatalog';
import { BlobStore } from '../../../../src/sandbox/registry/blobStore';
import { digestOf } from '../../../../src/sandbox/registry/digest';
import { openMemoryStore, type Store } from '../../../../src/sandbox/state/store';

const REGION = 'eu-central-1';
const HOUR = 3600 * 1000;

describe('ImageCatalog', () => {
  let dataDir: string;
  let store: Store;
  let blobs: BlobStore;
  let layers: LayerCatalog;
  let images: ImageCatalog;

  const repository: RepositoryRecord = {
    name: 'app',
    createdAt: 0,
    tagMutability: 'MUTABLE',
    scanOnPush: false,
    encryption: { encryptionType: 'AES256' },
    tags: {},
  };

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'catalog-'));
    store = openMemoryStore();
    blobs = new BlobStore(dataDir);
    layers = new LayerCatalog(store, blobs);
    images = new ImageCatalog(store, blobs, layers, '000000000000');
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  const contents = (): string[] => readdirSync(join(dataDir, 'blobs', 'sha256')).sort();

  const addLayer = (text: string): string => {
    const digest = digestOf(Buffer.from(text));
    const file = join(dataDir, 'incoming');
    writeFileSync(file, text);
    layers.addFile(REGION, 'app', digest, file, text.length);
    return digest.text;
  };

  const push = (tag: string, ...texts: string[]) => {
    const [config, ...rest] = texts.map((text) => ({
      mediaType: 'application/octet-stream',
      digest: addLayer(text),
      size: text.length,
    }));
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config, layers: rest }));
    return images.push(REGION, repository, { bytes, tags: [tag] }).image;
  };

  it('counts a layer once that a manifest names twice, but its size as often as it is named', () => {
    const image = push('v1', '{}', 'four', 'four');
    assert.equal(image.layers.length, 2);
    assert.equal(image.size, 10);
  });

  it('leaves no content behind when the last image goes', () => {
    const first = push('v1', '{}', 'shared', 'one');
    const second = push('v2', '{}', 'shared', 'two');
    assert.equal(contents().length, 6);
    images.delete(REGION, 'app', first);
    assert.equal(contents().length, 4);
    images.delete(REGION, 'app', second);
    assert.deepEqual(contents(), []);
    assert.deepEqual([...images.tags(REGION, 'app')], []);
  });

  it('keeps the content of layers whose manifest is still to come', () => {
    const image = push('v1', '{}', 'one');
    const waiting = addLayer('waiting');
    images.delete(REGION, 'app', image);
    assert.deepEqual(contents(), [waiting.slice('sha256:'.length)]);
    assert.ok(layers.find(REGION, 'app', waiting));
  });

  it('sweeps content that nothing needs, but not what was sent a while ago', () => {
    push('v1', '{}', 'one');
    addLayer('waiting');
    blobs.write(digestOf(Buffer.from('stray')), Buffer.from('stray'));
    assert.equal(contents().length, 5);
    images.sweep();
    assert.equal(contents().length, 4);
    layers.sweep(new Set(), Date.now() + 23 * HOUR);
    images.sweep();
    assert.equal(contents().length, 4);
  });

  it('sweeps layers that were sent long ago for manifests that never came', () => {
    const image = push('v1', '{}', 'one');
    const waiting = addLayer('waiting');
    const used = new Set(image.layers.map((layer) => `${REGION}/app@${layer}`));
    layers.sweep(used, Date.now() + 25 * HOUR);
    images.sweep();
    assert.equal(layers.find(REGION, 'app', waiting), undefined);
    assert.equal(contents().length, 3);
  });
});
