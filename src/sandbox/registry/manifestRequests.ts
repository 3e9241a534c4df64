import type { ImageRecord } from '../ecr/imageCatalog';
import { isTag } from '../ecr/nameRules';
import { parseDigest } from './digest';
import { MAX_MANIFEST_BYTES } from './manifest';
import { RegistryError } from './registryError';
import {
  bodyOf,
  refuseMethod,
  requireDigest,
  sendBytes,
  sendEmpty,
  type RegistryRequest,
} from './registryRequest';

/** `/v2/<name>/manifests/<tag or digest>` (OCI distribution specification, end-3, end-7 and end-9). */
export async function serveManifest(
  context: RegistryRequest,
  name: string,
  reference: string,
): Promise<void> {
  context.content.repositories.require(context.region, name);
  switch (context.request.method) {
    case 'GET':
    case 'HEAD':
      return sendManifest(context, name, reference);
    case 'PUT':
      return putManifest(context, name, reference);
    case 'DELETE':
      return deleteManifest(context, name, reference);
    default:
      return refuseMethod(context, ['GET', 'HEAD', 'PUT', 'DELETE']);
  }
}

function sendManifest(context: RegistryRequest, name: string, reference: string): void {
  const { request, region, content } = context;
  const image = findImage(context, name, reference);
  sendBytes(context, content.images.readManifest(image), {
    'Content-Type': image.mediaType,
    'Docker-Content-Digest': image.digest,
    ETag: `"${image.digest}"`,
  });
  if (request.method === 'GET') {
    content.images.notePull(region, name, image);
  }
}

async function putManifest(context: RegistryRequest, name: string, reference: string): Promise<void> {
  const { request, region, query, content } = context;
  const byDigest = reference.includes(':');
  const digest = byDigest ? requireDigest(reference) : undefined;
  const tags = byDigest ? query.getAll('tag') : [reference];
  const wrongTag = tags.find((tag) => !isTag(tag));
  if (wrongTag !== undefined) {
    throw new RegistryError(
      'TAG_INVALID',
      `A tag has letters, digits, "_", "." and "-", 128 at most: ${wrongTag}`,
    );
  }
  const bytes = await readManifestBody(context);
  const mediaType = request.headers['content-type'];
  // Looked up after the body has arrived: the repository may have gone meanwhile.
  const repository = content.repositories.require(region, name);
  const { image } = content.images.push(region, repository, {
    bytes,
    tags,
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(digest === undefined ? {} : { digest }),
  });
  sendEmpty(context, 201, {
    Location: `/v2/${name}/manifests/${image.digest}`,
    'Docker-Content-Digest': image.digest,
    ...(image.subject === undefined ? {} : { 'OCI-Subject': image.subject }),
    ...(byDigest && tags.length > 0 ? { 'OCI-Tag': tags } : {}),
  });
}

/** A digest stands for the image, a tag for the tag alone: unlike with ECR's BatchDeleteImage the image stays. */
function deleteManifest(context: RegistryRequest, name: string, reference: string): void {
  const { region, content } = context;
  const image = findImage(context, name, reference);
  if (parseDigest(reference) === undefined) {
    content.images.untag(region, name, reference);
  } else {
    const indexes = content.images.indexesOf(region, name, image.digest);
    if (indexes.length > 0) {
      throw new RegistryError(
        'UNSUPPORTED',
        `The image is referenced by manifest list: [${indexes.join(', ')}]`,
      );
    }
    content.images.delete(region, name, image);
  }
  sendEmpty(context, 202);
}

function findImage({ region, content }: RegistryRequest, name: string, reference: string): ImageRecord {
  const image =
    parseDigest(reference) === undefined
      ? content.images.findTagged(region, name, reference)
      : content.images.find(region, name, reference);
  if (image === undefined) {
    throw new RegistryError('MANIFEST_UNKNOWN', 'Requested image not found');
  }
  return image;
}

async function readManifestBody(context: RegistryRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bodyOf(context)) {
    size += chunk.length;
    if (size > MAX_MANIFEST_BYTES) {
      throw new RegistryError('SIZE_INVALID', `A manifest has at most ${MAX_MANIFEST_BYTES} bytes`, {
        status: 413,
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
