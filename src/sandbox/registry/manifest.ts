import { isObject } from '../../base/isObject';

/** What the registry needs to know of a manifest or index; everything else in it is kept byte for byte. */
export interface ParsedManifest {
  readonly kind: 'image' | 'index';
  readonly mediaType: string;
  /** What the manifest says it is, or else the media type of its configuration. */
  readonly artifactMediaType?: string;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly config?: Descriptor;
  readonly layers: readonly Descriptor[];
  /** The manifests of an index. */
  readonly manifests: readonly Descriptor[];
  /** Digest of the manifest that this one refers to. */
  readonly subject?: string;
}

/** A descriptor of the OCI image specification, as far as it is read here. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  /** Where else the content may be had: then the registry need not have it. */
  readonly external: boolean;
  readonly platform?: { readonly os: string; readonly architecture: string };
}

/** The manifest is not one; the message says why. */
export class ManifestError extends Error {}

/** Registries should take manifests of at least 4 MiB (OCI distribution specification), and ECR takes no larger. */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

const KINDS: Readonly<Record<string, ParsedManifest['kind']>> = {
  'application/vnd.oci.image.manifest.v1+json': 'image',
  'application/vnd.docker.distribution.manifest.v2+json': 'image',
  'application/vnd.oci.image.index.v1+json': 'index',
  'application/vnd.docker.distribution.manifest.list.v2+json': 'index',
};

/**
 * Reads a manifest.
 * @param contentType what the client says it is; without, the manifest's own `mediaType` decides
 * @throws ManifestError
 */
export function parseManifest(bytes: Uint8Array, contentType?: string): ParsedManifest {
  const json = readObject(bytes);
  const declared = json.mediaType;
  const announced = contentType === undefined ? undefined : baseType(contentType);
  if (typeof declared === 'string' && announced !== undefined && declared !== announced) {
    throw new ManifestError(`Its mediaType is ${declared}, but it was sent as ${announced}`);
  }
  const mediaType = announced ?? declared;
  if (typeof mediaType !== 'string') {
    throw new ManifestError('image manifest mediatype not provided in manifest or parameter');
  }
  const kind = Object.hasOwn(KINDS, mediaType) ? KINDS[mediaType] : undefined;
  if (kind === undefined) {
    throw new ManifestError(`Its media type is not supported: ${mediaType}`);
  }
  if (json.schemaVersion !== 2) {
    throw new ManifestError('Its schemaVersion is not 2');
  }
  const artifactType =
    typeof json.artifactType === 'string' && json.artifactType ? json.artifactType : undefined;
  const config = kind === 'image' ? readDescriptor(json.config, 'config') : undefined;
  const artifactMediaType = artifactType ?? config?.mediaType;
  return {
    kind,
    mediaType,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(artifactMediaType === undefined ? {} : { artifactMediaType }),
    ...(isObject(json.annotations) ? { annotations: readAnnotations(json.annotations) } : {}),
    ...(config === undefined ? {} : { config }),
    layers: kind === 'image' ? readDescriptors(json.layers, 'layers') : [],
    manifests: kind === 'index' ? readDescriptors(json.manifests, 'manifests') : [],
    ...(isObject(json.subject) ? { subject: readDescriptor(json.subject, 'subject').digest } : {}),
  };
}

/** The digest of the manifest for a platform, out of an index. */
export function selectPlatform(index: ParsedManifest, os: string, architecture: string): string | undefined {
  return index.manifests.find(({ platform }) => platform?.os === os && platform.architecture === architecture)
    ?.digest;
}

/** A media type without its parameters; `undefined` when there is none. */
function baseType(contentType: string): string | undefined {
  const [type = ''] = contentType.split(';');
  return type.trim() === '' ? undefined : type.trim().toLowerCase();
}

function readObject(bytes: Uint8Array): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ManifestError('Invalid JSON syntax');
  }
  if (!isObject(value)) {
    throw new ManifestError('It is not a JSON object');
  }
  return value;
}

function readDescriptors(value: unknown, member: string): Descriptor[] {
  if (!Array.isArray(value)) {
    throw new ManifestError(`Its ${member} is not an array`);
  }
  return value.map((item: unknown, index) => readDescriptor(item, `${member}[${index}]`));
}

function readDescriptor(value: unknown, member: string): Descriptor {
  if (!isObject(value)) {
    throw new ManifestError(`Its ${member} is not a descriptor`);
  }
  const { mediaType, digest, size, urls, platform } = value;
  if (typeof mediaType !== 'string' || typeof digest !== 'string') {
    throw new ManifestError(`Its ${member} lacks a mediaType or a digest`);
  }
  if (!/^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/.test(digest)) {
    throw new ManifestError(`The digest of its ${member} is not of the form algorithm:hex`);
  }
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw new ManifestError(`The size of its ${member} is not a number of bytes`);
  }
  const external =
    (Array.isArray(urls) && urls.length > 0) || /\.(?:foreign|nondistributable)\./.test(mediaType);
  return { mediaType, digest, size, external, ...readPlatform(platform) };
}

function readPlatform(value: unknown): Pick<Descriptor, 'platform'> {
  return isObject(value) && typeof value.os === 'string' && typeof value.architecture === 'string'
    ? { platform: { os: value.os, architecture: value.architecture } }
    : {};
}

function readAnnotations(value: Record<string, unknown>): Record<string, string> {
  const entries = Object.entries(value).map(([name, text]) => {
    if (typeof text !== 'string') {
      throw new ManifestError(`Its annotation ${name} is not a string`);
    }
    return [name, text] as const;
  });
  return Object.fromEntries(entries);
}
