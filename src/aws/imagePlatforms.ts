/** What an image runs on, in the words of the OCI image specification: "linux", "arm64", "v8". */
export interface ImagePlatform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** What a manifest says about platforms: those of an index; or where the one of an image is written. */
export type ManifestPlatforms =
  | { readonly kind: 'index'; readonly platforms: readonly ImagePlatform[] }
  | { readonly kind: 'image'; readonly configDigest: string; readonly configSize: number }
  | { readonly kind: 'unreadable' };

interface Manifest {
  readonly manifests?: unknown;
  readonly config?: { readonly digest?: unknown; readonly size?: unknown };
}

interface Platform {
  readonly os?: unknown;
  readonly architecture?: unknown;
  readonly variant?: unknown;
}

/**
 * Reads an image manifest or an index. What BuildKit adds about an image has the platform unknown/unknown,
 * and is not one that runs.
 * https://github.com/opencontainers/image-spec/blob/main/image-index.md
 */
export function readManifestPlatforms(text: string): ManifestPlatforms {
  const manifest = parse(text) as Manifest | undefined;
  if (Array.isArray(manifest?.manifests)) {
    const descriptors = manifest.manifests as readonly ({ readonly platform?: Platform } | null)[];
    const platforms = descriptors
      .map((descriptor) => readPlatform(descriptor?.platform))
      .filter((platform) => platform !== undefined && platform.os !== 'unknown');
    return { kind: 'index', platforms: platforms as ImagePlatform[] };
  }
  const { digest, size } = manifest?.config ?? {};
  return typeof digest === 'string' && typeof size === 'number'
    ? { kind: 'image', configDigest: digest, configSize: size }
    : { kind: 'unreadable' };
}

/**
 * The platform in an image's configuration; `undefined` in that of an artifact that is no image.
 * https://github.com/opencontainers/image-spec/blob/main/config.md
 */
export function readConfigPlatform(text: string): ImagePlatform | undefined {
  return readPlatform(parse(text));
}

function readPlatform(platform: Platform | undefined): ImagePlatform | undefined {
  const { os, architecture, variant } = platform ?? {};
  if (typeof os !== 'string' || typeof architecture !== 'string' || !os || !architecture) {
    return undefined;
  }
  return { os, architecture, ...(typeof variant === 'string' && variant !== '' && { variant }) };
}

function parse(text: string): object | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
