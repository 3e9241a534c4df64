import { createHash, randomUUID } from 'node:crypto';
import {
  createReadStream,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type ReadStream,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ByteRange } from './byteRange';
import { parseDigest, type Digest, type DigestAlgorithm } from './digest';

/**
 * Content by digest, as files `blobs/<algorithm>/<hex>` of the data directory. A file gets its name only
 * once it is whole and verified, so whatever has a name is right.
 */
export class BlobStore {
  private readonly root: string;

  constructor(dataDir: string) {
    this.root = join(dataDir, 'blobs');
    for (const algorithm of ['sha256', 'sha512', 'incoming']) {
      mkdirSync(join(this.root, algorithm), { recursive: true });
    }
  }

  has(digest: Digest): boolean {
    return statSync(this.path(digest), { throwIfNoEntry: false }) !== undefined;
  }

  /** The whole content, for manifests: those are at most a few megabytes. */
  readAll(digest: Digest): Buffer {
    return readFileSync(this.path(digest));
  }

  stream(digest: Digest, range: ByteRange): ReadStream {
    return createReadStream(this.path(digest), { start: range.first, end: range.last });
  }

  /** Takes content that is at hand and whose digest the caller has computed. */
  write(digest: Digest, bytes: Uint8Array): void {
    const incoming = join(this.root, 'incoming', randomUUID());
    writeFileSync(incoming, bytes);
    this.adopt(digest, incoming);
  }

  /**
   * Takes over a file on the same volume whose digest the caller has verified. What is there already stays:
   * it is the same, and may be open.
   */
  adopt(digest: Digest, file: string): void {
    if (this.has(digest)) {
      rmSync(file);
    } else {
      renameSync(file, this.path(digest));
    }
  }

  remove(digest: Digest): void {
    rmSync(this.path(digest), { force: true });
  }

  /** Every content there is. */
  digests(): string[] {
    return (['sha256', 'sha512'] as const)
      .flatMap((algorithm) => readdirSync(join(this.root, algorithm)).map((hex) => `${algorithm}:${hex}`))
      .filter((text) => parseDigest(text) !== undefined);
  }

  private path(digest: Digest): string {
    return join(this.root, digest.algorithm, digest.hex);
  }
}

/** The digest of a file's content, read as a stream. */
export async function digestFile(file: string, algorithm: DigestAlgorithm): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), hash);
  return `${algorithm}:${hash.digest('hex')}`;
}
