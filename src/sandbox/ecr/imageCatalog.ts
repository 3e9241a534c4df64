import type { BlobStore } from '../registry/blobStore';
import { digestOf, parseDigest, type Digest } from '../registry/digest';
import { ManifestError, parseManifest, type ParsedManifest } from '../registry/manifest';
import type { Collection, Store } from '../state/store';
import { refuse, type ImageIdentifier } from './ecrRefusal';
import { keyOf, removeContent, type LayerCatalog } from './layerCatalog';
import { isTag } from './nameRules';
import type { RepositoryRecord } from './repositoryCatalog';
import { isImmutable } from './tagMutability';

/** A manifest or index in a repository, without its tags. */
export interface ImageRecord {
  /** Of the manifest. */
  readonly digest: string;
  readonly mediaType: string;
  /** Bytes of the manifest itself. */
  readonly manifestSize: number;
  /** Bytes of what the manifest describes; of an index, the largest of its images. */
  readonly size: number;
  /** Epoch milliseconds. */
  readonly pushedAt: number;
  readonly lastPulledAt?: number;
  readonly scannedAt?: number;
  readonly configDigest?: string;
  readonly artifactMediaType?: string;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly subject?: string;
  /** Digests of the blobs it needs, its configuration among them. */
  readonly layers: readonly string[];
  /** Digests of the manifests that an index lists. */
  readonly children: readonly string[];
}

export interface ManifestPush {
  readonly bytes: Uint8Array;
  readonly mediaType?: string;
  readonly tags: readonly string[];
  /** What the client says the digest is. */
  readonly digest?: Digest;
}

export interface PushResult {
  readonly image: ImageRecord;
  /** False when the image and each tag on it were there already. */
  readonly changed: boolean;
}

/**
 * The images of every repository: what an engine pushes and what PutImage puts go the same way in, so
 * that both see the same.
 */
export class ImageCatalog {
  private readonly records: Collection<ImageRecord>;
  /** Digest by repository and tag. */
  private readonly tagged: Collection<{ readonly digest: string }>;

  constructor(
    store: Store,
    private readonly blobs: BlobStore,
    private readonly layers: LayerCatalog,
    private readonly accountId: string,
  ) {
    this.records = store.collection<ImageRecord>('ecr.images');
    this.tagged = store.collection<{ readonly digest: string }>('ecr.imageTags');
  }

  find(region: string, repository: string, digest: string): ImageRecord | undefined {
    return this.records.get(keyOf(region, repository, digest));
  }

  /** The image that a tag is on. */
  findTagged(region: string, repository: string, tag: string): ImageRecord | undefined {
    const found = this.tagged.get(tagKey(region, repository, tag));
    return found && this.find(region, repository, found.digest);
  }

  /** The image that a digest and tag both name; one of the two may be absent. */
  resolve(region: string, repository: string, id: ImageIdentifier): ImageRecord | undefined {
    const byTag = id.imageTag === undefined ? undefined : this.findTagged(region, repository, id.imageTag);
    if (id.imageTag !== undefined && byTag === undefined) {
      return undefined;
    }
    if (id.imageDigest === undefined) {
      return byTag;
    }
    const byDigest = this.find(region, repository, id.imageDigest);
    return byTag === undefined || byTag.digest === byDigest?.digest ? byDigest : undefined;
  }

  /** All images of a repository, by digest, which is an order that pages can rely on. */
  list(region: string, repository: string): ImageRecord[] {
    return [...this.records.entries(keyOf(region, repository, ''))]
      .map(([, record]) => record)
      .sort((left, right) => (left.digest < right.digest ? -1 : 1));
  }

  /** The digest under every tag of a repository, in order of the tags' characters. */
  tags(region: string, repository: string): Map<string, string> {
    const prefix = tagKey(region, repository, '');
    const found = [...this.tagged.entries(prefix)].map(
      ([key, { digest }]) => [key.slice(prefix.length), digest] as const,
    );
    return new Map(found.sort(([left], [right]) => (left < right ? -1 : 1)));
  }

  /** The tags of every digest that has some. */
  tagsByDigest(region: string, repository: string): Map<string, string[]> {
    const grouped = new Map<string, string[]>();
    for (const [tag, digest] of this.tags(region, repository)) {
      grouped.set(digest, [...(grouped.get(digest) ?? []), tag]);
    }
    return grouped;
  }

  tagsOf(region: string, repository: string, digest: string): readonly string[] {
    return this.tagsByDigest(region, repository).get(digest) ?? [];
  }

  /** The manifest, byte for byte as it was pushed. */
  readManifest(image: ImageRecord): Buffer {
    const digest = parseDigest(image.digest);
    if (digest === undefined) {
      throw new Error(`An image is stored under a digest that is none: ${image.digest}`);
    }
    return this.blobs.readAll(digest);
  }

  notePull(region: string, repository: string, image: ImageRecord): void {
    this.records.put(keyOf(region, repository, image.digest), { ...image, lastPulledAt: Date.now() });
  }

  noteScan(region: string, repository: string, image: ImageRecord): void {
    this.records.put(keyOf(region, repository, image.digest), { ...image, scannedAt: Date.now() });
  }

  /**
   * Takes a manifest and puts its tags on it. Pushing again what is there changes nothing.
   * @throws ServiceError as PutImage declares: InvalidParameterException, ImageDigestDoesNotMatchException,
   *   ImageTagAlreadyExistsException, LayersNotFoundException, ReferencedImagesNotFoundException
   */
  push(region: string, repository: RepositoryRecord, push: ManifestPush): PushResult {
    const manifest = readManifest(push);
    const digest = digestOf(push.bytes, push.digest?.algorithm);
    if (push.digest !== undefined && push.digest.text !== digest.text) {
      throw refuse.digestDoesNotMatch(push.digest.text, digest.text);
    }
    this.checkTags(region, repository, push.tags, digest.text);
    this.checkReferences(region, repository.name, manifest);

    const present = this.find(region, repository.name, digest.text);
    const newTags = push.tags.filter(
      (tag) => this.findTagged(region, repository.name, tag)?.digest !== digest.text,
    );
    const image = present ?? this.describe(region, repository, manifest, digest.text, push.bytes.length);
    this.blobs.write(digest, push.bytes);
    this.records.put(keyOf(region, repository.name, digest.text), image);
    for (const tag of newTags) {
      this.tagged.put(tagKey(region, repository.name, tag), { digest: digest.text });
    }
    this.layers.settle(region, repository.name, image.layers);
    return { image, changed: present === undefined || newTags.length > 0 };
  }

  /** Takes a tag off; the image stays. */
  untag(region: string, repository: string, tag: string): boolean {
    return this.tagged.delete(tagKey(region, repository, tag));
  }

  /** Digests of the indexes that list a manifest. */
  indexesOf(region: string, repository: string, digest: string): string[] {
    return this.list(region, repository)
      .filter(({ children }) => children.includes(digest))
      .map((index) => index.digest);
  }

  /** Removes an image with its tags, and the blobs that nothing else needs. */
  delete(region: string, repository: string, image: ImageRecord): void {
    for (const tag of this.tagsOf(region, repository, image.digest)) {
      this.untag(region, repository, tag);
    }
    this.records.delete(keyOf(region, repository, image.digest));
    const needed = new Set(this.list(region, repository).flatMap(({ layers }) => layers));
    this.layers.release(
      region,
      repository,
      image.layers.filter((layer) => !needed.has(layer)),
    );
    removeContent(this.blobs, [...image.layers, image.digest], this.neededDigests());
  }

  /** Removes all that a repository holds. */
  deleteAll(region: string, repository: string): void {
    const images = this.list(region, repository);
    for (const tag of this.tags(region, repository).keys()) {
      this.untag(region, repository, tag);
    }
    for (const { digest } of images) {
      this.records.delete(keyOf(region, repository, digest));
    }
    this.layers.removeAll(region, repository);
    removeContent(this.blobs, this.blobs.digests(), this.neededDigests());
  }

  /** Removes what a killed process, an abandoned push or a reset left behind. */
  sweep(): void {
    const used = new Set<string>();
    for (const [key, { layers }] of this.records.entries()) {
      const repositoryKey = key.slice(0, key.indexOf('@') + 1);
      layers.forEach((layer) => used.add(`${repositoryKey}${layer}`));
    }
    this.layers.sweep(used);
    removeContent(this.blobs, this.blobs.digests(), this.neededDigests());
  }

  /** Removes the content of one blob unless something still needs it. */
  removeUnneeded(digest: string): void {
    removeContent(this.blobs, [digest], this.neededDigests());
  }

  /** True when an image of the repository needs the blob. */
  needsLayer(region: string, repository: string, digest: string): boolean {
    return this.list(region, repository).some(({ layers }) => layers.includes(digest));
  }

  private *neededDigests(): IterableIterator<string> {
    yield* this.layers.digests();
    for (const [, { digest }] of this.records.entries()) {
      yield digest;
    }
  }

  private checkTags(
    region: string,
    repository: RepositoryRecord,
    tags: readonly string[],
    digest: string,
  ): void {
    for (const tag of tags) {
      if (!isTag(tag)) {
        throw refuse.invalidParameter(
          'imageTag',
          "must satisfy regular expression '[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}'",
        );
      }
      const present = this.findTagged(region, repository.name, tag);
      if (present !== undefined && present.digest !== digest && isImmutable(repository, tag)) {
        throw refuse.tagImmutable(tag, repository.name);
      }
    }
  }

  private checkReferences(region: string, repository: string, manifest: ParsedManifest): void {
    const missingLayers = layersOf(manifest).filter(
      (layer) => !layer.external && this.layers.find(region, repository, layer.digest) === undefined,
    );
    if (missingLayers.length > 0) {
      throw refuse.layersNotFound(digestsOf(missingLayers), repository, this.accountId);
    }
    const missingManifests = manifest.manifests.filter(
      ({ digest }) => this.find(region, repository, digest) === undefined,
    );
    if (missingManifests.length > 0) {
      throw refuse.referencedImagesNotFound(digestsOf(missingManifests), repository, this.accountId);
    }
  }

  private describe(
    region: string,
    repository: RepositoryRecord,
    manifest: ParsedManifest,
    digest: string,
    manifestSize: number,
  ): ImageRecord {
    const { mediaType, artifactMediaType, artifactType, annotations, subject, config } = manifest;
    const layers = layersOf(manifest);
    const children = digestsOf(manifest.manifests);
    const size =
      manifest.kind === 'image'
        ? layers.reduce((sum, layer) => sum + layer.size, 0)
        : Math.max(0, ...children.map((child) => this.find(region, repository.name, child)?.size ?? 0));
    const pushedAt = Date.now();
    return {
      digest,
      mediaType,
      manifestSize,
      size,
      pushedAt,
      layers: digestsOf(layers),
      children,
      ...(artifactMediaType === undefined ? {} : { artifactMediaType }),
      ...(artifactType === undefined ? {} : { artifactType }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(subject === undefined ? {} : { subject }),
      ...(config === undefined ? {} : { configDigest: config.digest }),
      ...(repository.scanOnPush && manifest.kind === 'image' ? { scannedAt: pushedAt } : {}),
    };
  }
}

function readManifest(push: ManifestPush): ParsedManifest {
  try {
    return parseManifest(push.bytes, push.mediaType);
  } catch (error) {
    if (error instanceof ManifestError) {
      throw refuse.invalidParameter('ImageManifest', error.message);
    }
    throw error;
  }
}

function layersOf({ config, layers }: ParsedManifest): ParsedManifest['layers'] {
  return config === undefined ? layers : [config, ...layers];
}

/** Each digest once. */
function digestsOf(descriptors: ParsedManifest['layers']): string[] {
  return [...new Set(descriptors.map(({ digest }) => digest))];
}

/** Neither regions nor names have a `:`, so that no repository's keys start with another's. */
function tagKey(region: string, repository: string, tag: string): string {
  return `${region}/${repository}:${tag}`;
}
