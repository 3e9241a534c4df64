import type { AwsContext } from '../../aws/context';
import { parseImageReference } from '../../image/imageReference';

/** Where an image is in ECR. */
export interface ImagePlace {
  readonly kind: 'ecr';
  /** Of the registry's host; `undefined` of the context's own registry, as the sandbox's. */
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

/** Tells from an image's name which ECR registry it is in, if it is in any. */
export function locateImage(uri: string, context: AwsContext): ImageLocation {
  const reference = parseImageReference(uri);
  if (!reference) {
    return { kind: 'unreadable' };
  }
  const { registry = 'docker.io', repository, tag = 'latest', digest } = reference;
  const [, account, region] = ECR_HOST.exec(registry) ?? [];
  if (account === undefined && registry !== hostOf(context.endpoint)) {
    return { kind: 'elsewhere', registry };
  }
  return {
    kind: 'ecr',
    ...(account !== undefined && { account }),
    region: region ?? context.region,
    repository,
    id: digest === undefined ? { imageTag: tag } : { imageDigest: digest },
    name: digest ?? tag,
  };
}

/** An endpoint that is one server for everything has its registry at the same host and port. */
function hostOf(endpoint: string | undefined): string | undefined {
  try {
    return endpoint === undefined ? undefined : new URL(endpoint).host;
  } catch {
    return undefined;
  }
}
