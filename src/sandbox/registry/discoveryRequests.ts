import type { ImageRecord } from '../ecr/imageCatalog';
import { RegistryError } from './registryError';
import { refuseMethod, requireDigest, sendBytes, type RegistryRequest } from './registryRequest';

/** ECR lists at most so many tags at a time. */
const MAX_TAGS = 1000;

/** `/v2/<name>/tags/list` (OCI distribution specification, end-8). */
export function serveTags(context: RegistryRequest, name: string): void {
  const { region, query, content } = context;
  requireGet(context);
  content.repositories.require(region, name);
  const limit = readLimit(query.get('n'));
  const last = query.get('last') ?? '';
  const rest = [...content.images.tags(region, name).keys()].filter((tag) => tag > last);
  const tags = rest.slice(0, limit);
  const next = tags.length > 0 && rest.length > tags.length ? tags.at(-1) : undefined;
  sendJson(
    context,
    { name, tags },
    {
      'Content-Type': 'application/json',
      ...(next === undefined
        ? {}
        : { Link: `</v2/${name}/tags/list?n=${limit}&last=${encodeURIComponent(next)}>; rel="next"` }),
    },
  );
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
    return MAX_TAGS;
  }
  if (!/^\d{1,9}$/.test(text)) {
    throw new RegistryError('UNSUPPORTED', `n is not a number: ${text}`, { status: 400 });
  }
  return Math.min(Number(text), MAX_TAGS);
}

function requireGet(context: RegistryRequest): void {
  if (context.request.method !== 'GET' && context.request.method !== 'HEAD') {
    refuseMethod(context, ['GET']);
  }
}

function sendJson(context: RegistryRequest, value: object, headers: Readonly<Record<string, string>>): void {
  sendBytes(context, Buffer.from(JSON.stringify(value)), headers);
}
