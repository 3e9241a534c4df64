import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { readArchive, type ArchiveContents } from '../../../src/image/archiveContents';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

function digestOf(content: string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

function describeContent(content: string, mediaType: string, rest: object = {}): object {
  return { mediaType, digest: digestOf(content), size: Buffer.byteLength(content), ...rest };
}

function blobPath(content: string): string {
  return `blobs/${digestOf(content).replace(':', '/')}`;
}

function manifestOf(config: string, layers: readonly string[]): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: describeContent(config, 'application/vnd.oci.image.config.v1+json'),
    layers: layers.map((layer) => describeContent(layer, 'application/vnd.oci.image.layer.v1.tar+gzip')),
  });
}

describe('an archive that an engine saves', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'archive-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Files by name; a value that begins with "->" is a symbolic link, with "=>" a hard one. */
  const read = (files: Record<string, string>): Promise<ArchiveContents> => {
    const archive = pack();
    for (const [name, content] of Object.entries(files)) {
      if (/^[-=]>/.test(content)) {
        archive.entry({
          name,
          type: content.startsWith('-') ? 'symlink' : 'link',
          linkname: content.slice(2),
        });
      } else {
        archive.entry({ name }, content);
      }
    }
    archive.finalize();
    return readArchive(Readable.from(archive), folder);
  };
  const layout = (top: string, mediaType: string, blobs: readonly string[]): Promise<ArchiveContents> =>
    read({
      'oci-layout': '{"imageLayoutVersion":"1.0.0"}',
      ...Object.fromEntries([top, ...blobs].map((content) => [blobPath(content), content])),
      'index.json': JSON.stringify({ schemaVersion: 2, manifests: [describeContent(top, mediaType)] }),
    });

  it('in docker’s format gets a manifest over its layers, in their order, also where they are links', async () => {
    const { blobs, manifests } = await read({
      'two/layer.tar': '->../one/layer.tar',
      'one/layer.tar': 'layer one',
      'three/layer.tar': '=>four/layer.tar',
      'four/layer.tar': 'layer four',
      'config.json': '{"os":"linux"}',
      'manifest.json': JSON.stringify([
        { Config: 'config.json', Layers: ['one/layer.tar', 'two/layer.tar', './three/layer.tar'] },
      ]),
    });
    const [manifest] = manifests;
    assert.ok(manifest && manifests.length === 1);
    assert.equal(manifest.digest, digestOf(manifest.body.toString()));
    const content = JSON.parse(manifest.body.toString()) as {
      layers: { digest: string }[];
      config: { digest: string };
    };
    assert.deepEqual(
      content.layers.map(({ digest }) => digest),
      [digestOf('layer one'), digestOf('layer one'), digestOf('layer four')],
    );
    assert.equal(content.config.digest, digestOf('{"os":"linux"}'));
    assert.deepEqual(
      blobs.map(({ digest }) => digest),
      [digestOf('layer one'), digestOf('layer one'), digestOf('layer four'), digestOf('{"os":"linux"}')],
    );
    assert.equal(await readFile(blobs[0]?.path ?? '', 'utf8'), 'layer one');
  });

  it('as an OCI layout keeps its manifest, and so its digest', async () => {
    const manifest = manifestOf('{}', ['layer']);
    const { blobs, manifests } = await layout(manifest, MANIFEST, ['{}', 'layer']);
    assert.deepEqual(manifests, [
      { digest: digestOf(manifest), mediaType: MANIFEST, body: Buffer.from(manifest) },
    ]);
    assert.deepEqual(
      blobs.map(({ digest }) => digest),
      [digestOf('{}'), digestOf('layer')],
    );
  });

  it('keeps an index that it holds all of, after what the index names', async () => {
    const image = manifestOf('{}', ['layer']);
    const attestation = manifestOf('{"a":1}', ['statement']);
    const index = JSON.stringify({
      manifests: [
        describeContent(image, MANIFEST, { platform: { os: 'linux', architecture: 'amd64' } }),
        describeContent(attestation, MANIFEST, { platform: { os: 'unknown', architecture: 'unknown' } }),
      ],
    });
    const { manifests } = await layout(index, INDEX, [
      image,
      attestation,
      '{}',
      'layer',
      '{"a":1}',
      'statement',
    ]);
    assert.deepEqual(
      manifests.map(({ digest }) => digest),
      [digestOf(image), digestOf(attestation), digestOf(index)],
    );
  });

  it('with one platform of an index gives that platform', async () => {
    const here = manifestOf('{}', ['layer']);
    const index = JSON.stringify({
      manifests: [
        describeContent('elsewhere', MANIFEST, { platform: { os: 'linux', architecture: 'arm64' } }),
        describeContent(here, MANIFEST, { platform: { os: 'linux', architecture: 'amd64' } }),
      ],
    });
    const { manifests } = await layout(index, INDEX, [here, '{}', 'layer']);
    assert.deepEqual(
      manifests.map(({ digest }) => digest),
      [digestOf(here)],
    );
  });

  it('never writes outside of the folder, whatever its names are', async () => {
    await assert.rejects(read({ '../../outside': 'x', '/absolute': 'y' }), { reason: 'pushFailed' });
    assert.equal(await readFile(join(folder, '0'), 'utf8'), 'x');
  });

  it('that lacks a part is refused', async () => {
    await assert.rejects(read({}), {
      reason: 'pushFailed',
      message: /neither index\.json nor manifest\.json/,
    });
    await assert.rejects(read({ 'manifest.json': '[{"Config":"c.json","Layers":[]}]' }), {
      reason: 'pushFailed',
      message: /lacks c\.json/,
    });
    const manifest = manifestOf('{}', ['layer']);
    await assert.rejects(layout(manifest, MANIFEST, ['{}']), { message: /lacks sha256:/ });
  });

  it('that breaks off is an error', async () => {
    const archive = pack();
    archive.entry({ name: 'a' }, 'x'.repeat(100_000));
    archive.finalize();
    const chunks = await Readable.from(archive).toArray();
    const half = Buffer.concat(chunks as Buffer[]).subarray(0, 50_000);
    await assert.rejects(readArchive(Readable.from([half]), folder));
  });
});
