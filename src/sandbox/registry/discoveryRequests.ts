import type { ImageRecord } from '../ecr/imageCatalog';
import { RegistryError } from './registryError';
import { refuseMethod, requireDigest, sendBytes, type RegistryRequest } from './registryRequest';

/** ECR lists at most so many repositories or tags at a time. */
const MAX_LISTED = 1000;

/**
 * `/v2/_catalog`: the names of the repositories, which is no part of the OCI specification, but of the
 * Docker Registry HTTP API that came before it, and of ECR.
 */
export function serveCatalog(context: RegistryRequest): void {
  requireGet(context);
  const names = context.content.repositories.list(context.region).map(({ name }) => name);
  sendList(context, '/v2/_catalog', names, (repositories) => ({ repositories }));
}

/** `/v2/<name>/tags/list` (OCI distribution specification, end-8). */
export function serveTags(context: RegistryRequest, name: string): void {
  requireGet(context);
  context.content.repositories.require(context.region, name);
  const tags = [...context.content.images.tags(context.region, name).keys()];
  sendList(context, `/v2/${name}/tags/list`, tags, (page) => ({ name, tags: page }));
}

/** Answers with one page of `items`, as `n` and `last` ask for, and a link to the next one. */
function sendList(
  context: RegistryRequest,
  path: string,
  items: readonly string[],
  present: (page: readonly string[]) => object,
): void {
  const limit = readLimit(context.query.get('n'));
  const last = context.query.get('last') ?? '';
  const rest = items.filter((item) => item > last);
  const page = rest.slice(0, limit);
  const next = page.length > 0 && rest.length > page.length ? page.at(-1) : undefined;
  sendJson(context, present(page), {
    'Content-Type': 'application/json',
    ...(next === undefined
      ? {}
      : { Link: `<${path}?n=${limit}&last=${encodeURIComponent(next)}>; rel="next"` }),
  });
}

/** `/v2/<name>/referrers/<digest>` (OCI distribution specification, end-12). */
export function serveReferrers(context: RegistryRequest, name: string, subject: string): void {
  const { region, query, content } = context;
  requireGet(context);
  content.repositories.require(region, name);
  const { text } = requireDigest(subject);
  const wanted = query.get('artifactType');
  const manifests = content.images
    .list(region, name)
    .filter((image) => image.subject === text)
    .map(describeReferrer)
    .filter((descriptor) => wanted === null || descriptor.artifactType === wanted);
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  sendJson(
    context,
    { schemaVersion: 2, mediaType, manifests },
    {
      'Content-Type': mediaType,
      ...(wanted === null ? {} : { 'OCI-Filters-Applied': 'artifactType' }),
    },
  );
}

function describeReferrer(image: ImageRecord) {
  return {
    mediaType: image.mediaType,
    digest: image.digest,
    size: image.manifestSize,
    ...(image.artifactMediaType === undefined ? {} : { artifactType: image.artifactMediaType }),
    ...(image.annotations === undefined ? {} : { annotations: image.annotations }),
  };
}

function readLimit(text: string | null): number {
  if (text === null) {
    return MAX_LISTED;
  }
  if (!/^\d{1,9}$/.test(text)) {
    throw new RegistryError('UNSUPPORTED', `n is not a number: ${text}`, { status: 400 });
  }
  return Math.min(Number(text), MAX_LISTED);
}

function requireGet(context: RegistryRequest): void {
  if (context.request.method !== 'GET' && context.request.method !== 'HEAD') {
    refuseMethod(context, ['GET']);
  }
}

function sendJson(context: RegistryRequest, value: object, headers: Readonly<Record<string, string>>): void {
  sendBytes(context, Buffer.from(JSON.stringify(value)), headers);
}
