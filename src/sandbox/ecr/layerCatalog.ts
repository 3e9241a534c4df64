import { parseDigest, type Digest } from '../registry/digest';
import type { BlobStore } from '../registry/blobStore';
import type { Collection, Store } from '../state/store';

/** A blob that a repository has; its content may be shared with other repositories. */
export interface LayerRecord {
  readonly digest: string;
  readonly size: number;
  /** Epoch milliseconds. */
  readonly addedAt: number;
}

/** How long a client that was told of a blob may take until it pushes a manifest that needs it. */
const LEASE_MILLISECONDS = 3600 * 1000;
/** How long a blob that no manifest needs is kept when nothing else is known of it. */
const UNUSED_MILLISECONDS = 24 * 3600 * 1000;

/**
 * Which blobs each repository has. Blobs are dropped with the last image that needs them, but not while a
 * push may count on them: a client that was told that a blob exists does not send it again.
 */
export class LayerCatalog {
  private readonly records: Collection<LayerRecord>;
  /** Until when each blob, by its key, must stay; epoch milliseconds. */
  private readonly leases = new Map<string, number>();

  constructor(
    store: Store,
    private readonly blobs: BlobStore,
  ) {
    this.records = store.collection<LayerRecord>('ecr.layers');
  }

  find(region: string, repository: string, digest: string): LayerRecord | undefined {
    return this.records.get(keyOf(region, repository, digest));
  }

  /** As `find`, for a client that will count on the answer. */
  findForPush(region: string, repository: string, digest: string): LayerRecord | undefined {
    const found = this.find(region, repository, digest);
    if (found !== undefined) {
      this.lease(region, repository, digest);
    }
    return found;
  }

  /** Takes over a verified file. */
  addFile(region: string, repository: string, digest: Digest, file: string, size: number): void {
    this.blobs.adopt(digest, file);
    this.add(region, repository, digest.text, size);
  }

  /**
   * Gives the repository a blob that another of the region has.
   * @param source the other repository; any that has the blob when absent
   */
  mount(region: string, repository: string, digest: string, source?: string): boolean {
    const found =
      source === undefined ? this.findAnywhere(region, digest) : this.find(region, source, digest);
    if (found === undefined) {
      return false;
    }
    this.add(region, repository, digest, found.size);
    return true;
  }

  /** A manifest now holds these blobs: nobody else needs to. */
  settle(region: string, repository: string, digests: readonly string[]): void {
    for (const digest of digests) {
      this.leases.delete(keyOf(region, repository, digest));
    }
  }

  /** Drops one blob on demand. */
  remove(region: string, repository: string, digest: string): void {
    this.leases.delete(keyOf(region, repository, digest));
    this.records.delete(keyOf(region, repository, digest));
  }

  /** Drops those of the blobs that no push may count on. */
  release(region: string, repository: string, digests: Iterable<string>, now = Date.now()): void {
    for (const digest of digests) {
      const key = keyOf(region, repository, digest);
      if ((this.leases.get(key) ?? 0) <= now) {
        this.leases.delete(key);
        this.records.delete(key);
      }
    }
  }

  /** Drops every blob of a repository that goes away. */
  removeAll(region: string, repository: string): void {
    for (const [key] of this.records.entries(keyOf(region, repository, ''))) {
      this.records.delete(key);
      this.leases.delete(key);
    }
  }

  /** Drops blobs that were sent long ago for manifests that never came; `used` has the keys of the others. */
  sweep(used: ReadonlySet<string>, now = Date.now()): void {
    for (const [key, record] of this.records.entries()) {
      if (!used.has(key) && now - record.addedAt > UNUSED_MILLISECONDS) {
        this.records.delete(key);
      }
    }
  }

  /** Digests that any repository has. */
  *digests(): IterableIterator<string> {
    for (const [, { digest }] of this.records.entries()) {
      yield digest;
    }
  }

  private add(region: string, repository: string, digest: string, size: number): void {
    if (this.find(region, repository, digest) === undefined) {
      this.records.put(keyOf(region, repository, digest), { digest, size, addedAt: Date.now() });
    }
    this.lease(region, repository, digest);
  }

  private lease(region: string, repository: string, digest: string): void {
    this.leases.set(keyOf(region, repository, digest), Date.now() + LEASE_MILLISECONDS);
  }

  private findAnywhere(region: string, digest: string): LayerRecord | undefined {
    for (const [, record] of this.records.entries(`${region}/`)) {
      if (record.digest === digest) {
        return record;
      }
    }
    return undefined;
  }
}

/** Neither regions nor names have an `@`, so that no repository's keys start with another's. */
export function keyOf(region: string, repository: string, digest: string): string {
  return `${region}/${repository}@${digest}`;
}

/** Removes the content of those digests that neither a layer nor a manifest needs any more. */
export function removeContent(
  blobs: BlobStore,
  candidates: Iterable<string>,
  needed: Iterable<string>,
): void {
  const unneeded = new Set(candidates);
  for (const digest of needed) {
    unneeded.delete(digest);
  }
  for (const text of unneeded) {
    const digest = parseDigest(text);
    if (digest !== undefined) {
      blobs.remove(digest);
    }
  }
}
