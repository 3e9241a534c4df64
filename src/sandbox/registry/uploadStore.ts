import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { open, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Collection, Store } from '../state/store';
import { digestFile } from './blobStore';
import type { Digest } from './digest';

/** A layer on its way in, by the registry or by InitiateLayerUpload. */
export interface Upload {
  readonly id: string;
  readonly region: string;
  readonly repository: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Sizes of the parts that UploadLayerPart brought, in order; the registry's chunks are not counted. */
  readonly partSizes: readonly number[];
}

export type AppendResult =
  | { readonly kind: 'appended'; readonly size: number }
  /** The content was to go elsewhere than where the upload stands; nothing was taken. */
  | { readonly kind: 'outOfOrder'; readonly size: number }
  /** More or less content came than announced; nothing was taken. */
  | { readonly kind: 'wrongLength'; readonly size: number }
  /** The upload has ended meanwhile. */
  | { readonly kind: 'ended' };

export interface AppendOptions {
  /** Where the content must begin; `undefined`: where the upload stands. */
  readonly at?: number;
  /** Bytes announced; `undefined`: as many as come. */
  readonly length?: number;
}

/** How long an upload that nobody goes on with is kept. */
const ABANDONED_AFTER_MILLISECONDS = 24 * 3600 * 1000;

/**
 * Uploads in progress: a record in the store, and a file that holds what has arrived. The file's size is
 * where the upload stands, so an interrupted one goes on where it stopped, also in another process.
 */
export class UploadStore {
  private readonly records: Collection<Upload>;
  private readonly directory: string;
  /** The last write of each upload: writers take turns. */
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(store: Store, dataDir: string) {
    this.records = store.collection<Upload>('ecr.uploads');
    this.directory = join(dataDir, 'uploads');
    mkdirSync(this.directory, { recursive: true });
  }

  async begin(region: string, repository: string): Promise<Upload> {
    const upload: Upload = { id: randomUUID(), region, repository, startedAt: Date.now(), partSizes: [] };
    await (await open(this.file(upload), 'wx')).close();
    this.records.put(keyOf(upload), upload);
    return upload;
  }

  find(region: string, repository: string, id: string): Upload | undefined {
    return this.records.get(keyOf({ region, repository, id }));
  }

  /** Bytes received. */
  size(upload: Upload): number {
    return statSync(this.file(upload), { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Notes a part that UploadLayerPart brought. */
  notePart({ region, repository, id }: Upload, size: number): void {
    const upload = this.find(region, repository, id);
    if (upload !== undefined) {
      this.records.put(keyOf(upload), { ...upload, partSizes: [...upload.partSizes, size] });
    }
  }

  /**
   * Adds content at the end. When its source fails in the middle, what came before stays and the failure
   * is thrown: the client can ask where the upload stands and go on.
   */
  append(
    upload: Upload,
    content: AsyncIterable<Uint8Array>,
    options: AppendOptions = {},
  ): Promise<AppendResult> {
    return this.inTurn(upload, async (): Promise<AppendResult> => {
      if (!this.isOpen(upload)) {
        return { kind: 'ended' };
      }
      const start = this.size(upload);
      if (options.at !== undefined && options.at !== start) {
        return { kind: 'outOfOrder', size: start };
      }
      const received = await this.write(upload, content, options.length ?? Number.POSITIVE_INFINITY);
      if (options.length !== undefined && received !== options.length) {
        await truncate(this.file(upload), start);
        return { kind: 'wrongLength', size: start };
      }
      return { kind: 'appended', size: start + received };
    });
  }

  /**
   * Ends the upload when its content has the digest: `take` gets the file, and its size, and moves it away.
   * With another digest nothing changes.
   */
  complete(
    upload: Upload,
    digest: Digest,
    take: (file: string, size: number) => void,
  ): Promise<'completed' | 'otherDigest' | 'ended'> {
    return this.inTurn(upload, async () => {
      const file = this.file(upload);
      if (!this.isOpen(upload)) {
        return 'ended';
      }
      const found = await digestFile(file, digest.algorithm);
      // Reading takes a while, in which the upload may have been given up.
      if (!this.isOpen(upload)) {
        return 'ended';
      }
      if (found !== digest.text) {
        return 'otherDigest';
      }
      take(file, this.size(upload));
      this.end(upload);
      return 'completed';
    });
  }

  /** Forgets the upload and removes what is left of its content. */
  end(upload: Upload): void {
    this.records.delete(keyOf(upload));
    rmSync(this.file(upload), { force: true });
  }

  /** Ends the uploads to a repository. */
  endAll(region: string, repository: string): void {
    for (const [, upload] of this.records.entries(keyOf({ region, repository, id: '' }))) {
      this.end(upload);
    }
  }

  /** Removes abandoned uploads, and files that belong to none. */
  sweep(now = Date.now()): void {
    const kept = new Set<string>();
    for (const [, upload] of this.records.entries()) {
      if (now - upload.startedAt > ABANDONED_AFTER_MILLISECONDS) {
        this.end(upload);
      } else {
        kept.add(upload.id);
      }
    }
    for (const name of readdirSync(this.directory)) {
      if (!kept.has(name)) {
        rmSync(join(this.directory, name), { force: true });
      }
    }
  }

  /** Writes until the content ends or exceeds `limit`, and gives the number of bytes that came. */
  private async write(upload: Upload, content: AsyncIterable<Uint8Array>, limit: number): Promise<number> {
    const handle = await open(this.file(upload), 'a');
    let received = 0;
    try {
      for await (const chunk of content) {
        received += chunk.length;
        if (received > limit) {
          break;
        }
        await handle.appendFile(chunk);
      }
    } finally {
      await handle.close();
    }
    return received;
  }

  private isOpen(upload: Upload): boolean {
    return this.find(upload.region, upload.repository, upload.id) !== undefined;
  }

  private inTurn<T>(upload: Upload, work: () => Promise<T>): Promise<T> {
    const before = this.turns.get(upload.id) ?? Promise.resolve();
    const result = before.then(work);
    const settled = result.then(
      () => undefined,
      () => undefined,
    );
    this.turns.set(upload.id, settled);
    void settled.then(() => {
      if (this.turns.get(upload.id) === settled) {
        this.turns.delete(upload.id);
      }
    });
    return result;
  }

  /** Named by the id that we made, never by one that a client sent. */
  private file(upload: Upload): string {
    return join(this.directory, upload.id);
  }
}

function keyOf(upload: Pick<Upload, 'region' | 'repository' | 'id'>): string {
  return `${upload.region}/${upload.repository}@${upload.id}`;
}
