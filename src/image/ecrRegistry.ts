import { parseImageReference, type ImageReference } from './imageReference';

/**
 * https://docs.aws.amazon.com/general/latest/gr/ecr.html: plain, FIPS and dual-stack hosts of one registry, and
 * emulators that take over their form with a port.
 */
const ECR_HOST = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.[a-z0-9.-]+(?::\d+)?$/;

/** Whose registry a host is; `undefined` for one that is not named as ECR names its own. */
export function ecrRegistryOf(
  host: string,
): { readonly account: string; readonly region: string } | undefined {
  const [, account, region] = ECR_HOST.exec(host) ?? [];
  return account !== undefined && region !== undefined ? { account, region } : undefined;
}

/**
 * The parts of an image's name where it is in a repository, under whichever of its registry's hosts.
 *
 * @param uri the repository's, as ECR gives it
 */
export function referenceInto(uri: string, image: string): ImageReference | undefined {
  const repository = parseImageReference(uri);
  const reference = parseImageReference(image);
  return reference && repository && keyOf(reference) === keyOf(repository) ? reference : undefined;
}

function keyOf({ registry = 'docker.io', repository }: ImageReference): string {
  const ecr = ecrRegistryOf(registry);
  return `${ecr ? `${ecr.account} ${ecr.region}` : registry}/${repository}`;
}
