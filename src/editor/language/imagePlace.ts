import type { AwsContext } from '../../aws/context';
import { parseImageReference, type ImageReference } from '../../image/imageReference';

/** Where an image is in ECR. */
export interface ImagePlace {
  readonly kind: 'ecr';
  /** Of the registry's host; left out of a context's own registry that has none in it, as the sandbox's. */
  readonly account?: string;
  readonly region: string;
  readonly repository: string;
  readonly id: { readonly imageDigest: string } | { readonly imageTag: string };
  /** Tag or digest, for messages. */
  readonly name: string;
}

export type ImageLocation =
  ImagePlace | { readonly kind: 'elsewhere'; readonly registry: string } | { readonly kind: 'unreadable' };

/** https://docs.aws.amazon.com/general/latest/gr/ecr.html, and emulators that take over its form with a port. */
const ECR_HOST = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.[a-z0-9.-]+(?::\d+)?$/;

/** Tells from an image's name which ECR registry it is in, if it is in any that a context shows. */
export function locateImage(uri: string, context: AwsContext): ImageLocation {
  const reference = parseImageReference(uri);
  if (!reference) {
    return { kind: 'unreadable' };
  }
  const { registry = 'docker.io' } = reference;
  const ecr = registryOf(registry);
  if (ecr) {
    return { ...placeOf(reference), ...ecr };
  }
  return registry === hostOf(context.endpoint)
    ? { ...placeOf(reference), region: context.region }
    : { kind: 'elsewhere', registry };
}

/** Where an image is whose name has the account and the region of an ECR registry in it. */
export function ecrPlaceOf(uri: string): (ImagePlace & { readonly account: string }) | undefined {
  const reference = parseImageReference(uri);
  const ecr = registryOf(reference?.registry ?? '');
  return reference && ecr && { ...placeOf(reference), ...ecr };
}

function placeOf({ repository, tag = 'latest', digest }: ImageReference): Omit<ImagePlace, 'region'> {
  return {
    kind: 'ecr',
    repository,
    id: digest === undefined ? { imageTag: tag } : { imageDigest: digest },
    name: digest ?? tag,
  };
}

function registryOf(host: string): { readonly account: string; readonly region: string } | undefined {
  const [, account, region] = ECR_HOST.exec(host) ?? [];
  return account !== undefined && region !== undefined ? { account, region } : undefined;
}

/** An endpoint that is one server for everything has its registry at the same host and port. */
function hostOf(endpoint: string | undefined): string | undefined {
  return endpoint !== undefined && URL.canParse(endpoint) ? new URL(endpoint).host : undefined;
}
