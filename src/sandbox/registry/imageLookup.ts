/** What the sandbox's own task runtime asks of its registry. */
export interface ImageLookup {
  /** The image behind a tag or digest; `undefined` when the registry has no such image. */
  resolve(region: string, repository: string, tagOrDigest: string): StoredImage | undefined;
  /** A user name and password with which an engine may pull from this registry. */
  credentials(region: string): { readonly username: string; readonly password: string };
}

export interface StoredImage {
  /** Digest of the manifest or index. */
  readonly digest: string;
  readonly mediaType: string;
  /** Digest of the image's configuration, which engines show as the image id; for an index, of this host's platform. */
  readonly configDigest?: string;
}
