import type { ImageDetail } from '@aws-sdk/client-ecr';

/** An image that an index refers to. */
export interface IndexMember {
  readonly digest: string;
  /** "linux/arm64/v8", or "attestation" for what BuildKit adds about an image. */
  readonly platform: string;
}

/** Media types of indexes: OCI image-spec "image-index.md", and Docker's manifest list before it. */
const INDEX_TYPES = new Set([
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
]);

/** True for a multi-platform image: one manifest that refers to others. */
export function isIndex(image: ImageDetail): boolean {
  return INDEX_TYPES.has(image.imageManifestMediaType ?? '');
}

interface Descriptor {
  readonly digest?: unknown;
  readonly platform?: { readonly os?: unknown; readonly architecture?: unknown; readonly variant?: unknown };
  readonly annotations?: Readonly<Record<string, unknown>>;
}

/** The images of an index, in its order and each once; none when the text is not that of an index. */
export function readIndex(manifest: string): readonly IndexMember[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(manifest);
  } catch {
    return [];
  }
  const manifests = (parsed as { manifests?: unknown } | null)?.manifests;
  if (!Array.isArray(manifests)) {
    return [];
  }
  const platforms = new Map<string, string>();
  for (const descriptor of manifests as readonly (Descriptor | null)[]) {
    if (typeof descriptor?.digest === 'string' && !platforms.has(descriptor.digest)) {
      platforms.set(descriptor.digest, describePlatform(descriptor));
    }
  }
  return [...platforms].map(([digest, platform]) => ({ digest, platform }));
}

function describePlatform({ platform, annotations }: Descriptor): string {
  // BuildKit's attestations are manifests of platform unknown/unknown, marked by this annotation.
  if (annotations?.['vnd.docker.reference.type'] === 'attestation-manifest') {
    return 'attestation';
  }
  const parts = [platform?.os, platform?.architecture, platform?.variant];
  return parts.filter((part) => typeof part === 'string' && part !== '').join('/') || 'unknown platform';
}
