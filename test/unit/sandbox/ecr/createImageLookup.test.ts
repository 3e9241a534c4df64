import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createImageLookup } from '../../../../src/sandbox/ecr/createImageLookup';
import { ImageCatalog } from '../../../../src/sandbox/ecr/imageCatalog';
import { LayerCatalog } from '../../../../src/sandbox/ecr/layerCatalog';
import { RepositoryCatalog, type RepositoryRecord } from '../../../../src/sandbox/ecr/repositoryCatalog';
import { BlobStore } from '../../../../src/sandbox/registry/blobStore';
import { digestOf } from '../../../../src/sandbox/registry/digest';
import type { ImageLookup } from '../../../../src/sandbox/registry/imageLookup';
import { TokenIssuer } from '../../../../src/sandbox/registry/registryToken';
import { UploadStore } from '../../../../src/sandbox/registry/uploadStore';
import { openMemoryStore } from '../../../../src/sandbox/state/store';

const REGION = 'eu-central-1';
const IMAGE = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

describe('createImageLookup', () => {
  let dataDir: string;
  let images: ImageCatalog;
  let layers: LayerCatalog;
  let lookup: ImageLookup;
  let tokens: TokenIssuer;

  const repository: RepositoryRecord = {
    name: 'app',
    createdAt: 0,
    tagMutability: 'MUTABLE',
    scanOnPush: false,
    encryption: { encryptionType: 'AES256' },
    tags: {},
  };

  before(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'lookup-'));
    const store = openMemoryStore();
    const blobs = new BlobStore(dataDir);
    layers = new LayerCatalog(store, blobs);
    images = new ImageCatalog(store, blobs, layers, '000000000000');
    tokens = new TokenIssuer(dataDir);
    lookup = createImageLookup({
      accountId: '000000000000',
      repositories: new RepositoryCatalog(store, '000000000000'),
      images,
      layers,
      blobs,
      uploads: new UploadStore(store, dataDir),
      tokens,
      registryHost: () => '127.0.0.1:1',
    });
  });
  after(() => rmSync(dataDir, { recursive: true }));

  /** Pushes an image without layers; gives the digests of its manifest and its configuration. */
  const pushImage = (tag: string, config: object): { readonly manifest: string; readonly config: string } => {
    const bytes = Buffer.from(JSON.stringify(config));
    const digest = digestOf(bytes);
    const file = join(dataDir, 'incoming');
    writeFileSync(file, bytes);
    layers.addFile(REGION, 'app', digest, file, bytes.length);
    const descriptor = {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: digest.text,
      size: 1,
    };
    const manifest = { schemaVersion: 2, mediaType: IMAGE, config: descriptor, layers: [] };
    const { image } = images.push(REGION, repository, {
      bytes: Buffer.from(JSON.stringify(manifest)),
      tags: [tag],
    });
    return { manifest: image.digest, config: digest.text };
  };

  it('gives the configuration of an image, by tag and by digest', () => {
    const pushed = pushImage('v1', { a: 1 });
    for (const reference of ['v1', pushed.manifest]) {
      assert.deepEqual(lookup.resolve(REGION, 'app', reference), {
        digest: pushed.manifest,
        mediaType: IMAGE,
        configDigest: pushed.config,
      });
    }
  });

  it("gives that of this host's platform out of an index, however deep", () => {
    const own = pushImage('own', { own: true });
    const other = pushImage('other', { own: false });
    const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
    const pushIndex = (tag: string, mediaType: string, digests: readonly [string, string][]): string => {
      const manifests = digests.map(([digest, platform]) => ({
        mediaType,
        digest,
        size: 1,
        platform: { os: 'linux', architecture: platform },
      }));
      const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }));
      return images.push(REGION, repository, { bytes, tags: [tag] }).image.digest;
    };
    const inner = pushIndex('inner', IMAGE, [
      [other.manifest, 's390x'],
      [own.manifest, architecture],
    ]);
    const outer = pushIndex('outer', INDEX, [[inner, architecture]]);
    const foreign = pushIndex('foreign', IMAGE, [[other.manifest, 's390x']]);
    assert.deepEqual(lookup.resolve(REGION, 'app', 'outer'), {
      digest: outer,
      mediaType: INDEX,
      configDigest: own.config,
    });
    assert.deepEqual(lookup.resolve(REGION, 'app', foreign), { digest: foreign, mediaType: INDEX });
  });

  it('knows nothing of other repositories and regions', () => {
    pushImage('here', { here: true });
    assert.equal(lookup.resolve('us-east-1', 'app', 'here'), undefined);
    assert.equal(lookup.resolve(REGION, 'app/nested', 'here'), undefined);
    assert.equal(lookup.resolve(REGION, 'app', 'none'), undefined);
  });

  it('gives a password for its region', () => {
    const { username, password } = lookup.credentials(REGION);
    const check = tokens.check(password);
    assert.equal(username, 'AWS');
    assert.ok(check.kind === 'valid' && check.grant.region === REGION);
  });
});
