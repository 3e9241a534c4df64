/** `registry/repository:tag@digest`, of which only the repository has to be there. */
export interface ImageReference {
  /** `host[:port]`; absent for the engine's default registry. */
  readonly registry?: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

const REPOSITORY = /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/;
const REGISTRY = /^(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:]+\])(?::\d+)?$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^sha256:[a-f0-9]{64}$/;

/** @returns `undefined` for a text that names no image */
export function parseImageReference(text: string): ImageReference | undefined {
  const [named = '', digest] = text.split('@', 2);
  const slash = named.indexOf('/');
  const first = slash < 0 ? '' : named.slice(0, slash);
  const registry = first === 'localhost' || /[.:]/.test(first) ? first : undefined;
  const path = registry === undefined ? named : named.slice(slash + 1);
  const [repository = '', tag] = path.split(':', 2);
  const valid =
    REPOSITORY.test(repository) &&
    (tag === undefined || TAG.test(tag)) &&
    (digest === undefined || DIGEST.test(digest)) &&
    (registry === undefined || REGISTRY.test(registry));
  return valid
    ? {
        ...(registry !== undefined && { registry }),
        repository,
        ...(tag !== undefined && { tag }),
        ...(digest !== undefined && { digest }),
      }
    : undefined;
}

/** Where a reference leads in the sandbox's own registry. */
export interface SandboxImage {
  readonly region: string;
  readonly repository: string;
  readonly tagOrDigest: string;
}

const SANDBOX_ECR = /^000000000000\.dkr[.-]ecr\.([a-z0-9-]+)\./;

/**
 * Recognises the sandbox's images by the registry's own address, which is in the repositories' URIs, and by
 * the form that ECR gives to the sandbox's account.
 * @param region of the task, for the registry's own address, which is the same for all regions
 */
export function findSandboxImage(
  reference: ImageReference,
  registryHost: string,
  region: string,
): SandboxImage | undefined {
  const { registry = '', repository } = reference;
  const tagOrDigest = reference.digest ?? reference.tag ?? 'latest';
  if (registry === registryHost || registry === registryHost.replace(/^127\.0\.0\.1:/, 'localhost:')) {
    return { region, repository, tagOrDigest };
  }
  const ecrRegion = SANDBOX_ECR.exec(registry)?.[1];
  return ecrRegion === undefined ? undefined : { region: ecrRegion, repository, tagOrDigest };
}
