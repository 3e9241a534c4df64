import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { UserError } from '../base/errors';

/** A file of an archive, on disk, named by its content. */
export interface Blob {
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly path: string;
}

export interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly body: Buffer;
}

/** What a registry has to be given, in this order; the last manifest is the image, and gets the tag. */
export interface ArchiveContents {
  readonly blobs: readonly Blob[];
  readonly manifests: readonly Manifest[];
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly os?: string };
}

const MANIFEST_LIMIT = 4 * 1024 * 1024;
const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/**
 * Unpacks what an engine's `save` writes, an OCI layout or docker's own format, into `folder`, and reads which
 * blobs and manifests make the image.
 * Formats: https://github.com/opencontainers/image-spec/blob/main/image-layout.md and
 * https://github.com/moby/moby/blob/master/image/spec/v1.2.md#combined-image-json--filesystem-changeset-format
 */
export async function readArchive(archive: Readable, folder: string): Promise<ArchiveContents> {
  const files = await unpack(archive, folder);
  const index = files.get('index.json');
  if (index) {
    const top = (await readJson<{ manifests: Descriptor[] }>(index)).manifests[0];
    if (!top) {
      throw unreadable('its index is empty');
    }
    return readLayout(top, new Map([...files.values()].map((file) => [file.digest, file])));
  }
  const manifest = files.get('manifest.json');
  if (manifest) {
    return readDockerArchive(manifest, files);
  }
  throw unreadable('it has neither index.json nor manifest.json');
}

async function unpack(archive: Readable, folder: string): Promise<Map<string, Blob>> {
  const files = new Map<string, Blob>();
  const links: [name: string, target: string][] = [];
  const entries = extract();
  const feeding = pipeline(archive, entries);
  // Reported by the loop below, which ends with the same error.
  feeding.catch(() => undefined);
  for await (const entry of entries) {
    const { name, type, linkname } = entry.header;
    if (type === 'file') {
      // Named by number: a name from the archive never becomes a path of ours.
      files.set(
        posix.normalize(name),
        await store(entry as AsyncIterable<Buffer>, join(folder, String(files.size))),
      );
      continue;
    }
    if ((type === 'symlink' || type === 'link') && linkname) {
      const target = type === 'link' ? linkname : posix.join(posix.dirname(name), linkname);
      links.push([posix.normalize(name), posix.normalize(target)]);
    }
    entry.resume();
  }
  await feeding;
  // Layers that occur twice are links, and may come before what they point to.
  for (const [name, target] of links) {
    const file = files.get(target);
    if (file) {
      files.set(name, file);
    }
  }
  return files;
}

async function store(content: AsyncIterable<Buffer>, path: string): Promise<Blob> {
  const hash = createHash('sha256');
  let size = 0;
  const measured = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of content) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  };
  await pipeline(measured, createWriteStream(path));
  return { digest: `sha256:${hash.digest('hex')}`, size, path };
}

async function readLayout(top: Descriptor, blobs: ReadonlyMap<string, Blob>): Promise<ArchiveContents> {
  const blob = blobs.get(top.digest);
  if (!blob) {
    throw unreadable(`it lacks ${top.digest}`);
  }
  const body = await readSmall(blob);
  const content = JSON.parse(body.toString()) as {
    manifests?: Descriptor[];
    config?: Descriptor;
    layers?: Descriptor[];
  };
  const manifest: Manifest = { digest: top.digest, mediaType: top.mediaType, body };
  if (!content.manifests) {
    const parts = [...(content.config ? [content.config] : []), ...(content.layers ?? [])];
    return {
      blobs: parts.map(({ digest }) => {
        const part = blobs.get(digest);
        if (!part) {
          throw unreadable(`it lacks ${digest}`);
        }
        return part;
      }),
      manifests: [manifest],
    };
  }
  // Engines that hold one platform of a multi-platform image save its whole index with that platform only. A
  // registry refuses an index with gaps, so that the platform then stands for itself.
  const present = content.manifests.filter(({ digest }) => blobs.has(digest));
  if (present.length < content.manifests.length) {
    const image = present.find(({ platform }) => platform?.os !== 'unknown');
    if (!image) {
      throw unreadable('it holds no platform of the image');
    }
    return readLayout(image, blobs);
  }
  const children = await Promise.all(present.map((child) => readLayout(child, blobs)));
  return {
    blobs: children.flatMap((child) => child.blobs),
    manifests: [...children.flatMap((child) => child.manifests), manifest],
  };
}

/** Docker's format has no manifest of the registry's kind: it is made here, over the layers as they are. */
async function readDockerArchive(manifest: Blob, files: ReadonlyMap<string, Blob>): Promise<ArchiveContents> {
  const image = (await readJson<{ Config: string; Layers: string[] }[]>(manifest))[0];
  const find = (name: string): Blob => {
    const file = files.get(posix.normalize(name));
    if (!file) {
      throw unreadable(`it lacks ${name}`);
    }
    return file;
  };
  if (!image) {
    throw unreadable('its manifest is empty');
  }
  const config = find(image.Config);
  const layers = image.Layers.map(find);
  const describe = (mediaType: string, { digest, size }: Blob): Descriptor => ({ mediaType, digest, size });
  const body = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: describe('application/vnd.oci.image.config.v1+json', config),
      layers: layers.map((layer) => describe('application/vnd.oci.image.layer.v1.tar', layer)),
    }),
  );
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  return { blobs: [...layers, config], manifests: [{ digest, mediaType: OCI_MANIFEST, body }] };
}

async function readJson<T>(file: Blob): Promise<T> {
  return JSON.parse((await readSmall(file)).toString()) as T;
}

function readSmall(file: Blob): Promise<Buffer> {
  if (file.size > MANIFEST_LIMIT) {
    throw unreadable(`one of its manifests has ${file.size} bytes`);
  }
  return readFile(file.path);
}

function unreadable(why: string): UserError {
  return new UserError(
    'pushFailed',
    `The image could not be read from the engine. Update the engine, then push again: ${why}`,
    { action: 'openLog' },
  );
}
