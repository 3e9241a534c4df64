import type { AwsContext } from '../../aws/context';
import { ecrRegistryOf } from '../../image/ecrRegistry';
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

/** Tells from an image's name which ECR registry it is in, if it is in any that a context shows. */
export function locateImage(uri: string, context: AwsContext): ImageLocation {
  const reference = parseImageReference(uri);
  if (!reference) {
    return { kind: 'unreadable' };
  }
  const { registry = 'docker.io' } = reference;
  const ecr = ecrRegistryOf(registry);
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
  const ecr = ecrRegistryOf(reference?.registry ?? '');
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

/** An endpoint that is one server for everything has its registry at the same host and port. */
function hostOf(endpoint: string | undefined): string | undefined {
  return endpoint !== undefined && URL.canParse(endpoint) ? new URL(endpoint).host : undefined;
}
