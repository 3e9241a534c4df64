import { parseContentRange } from './byteRange';
import { isDigestAlgorithm, type Digest } from './digest';
import { RegistryError } from './registryError';
import { bodyOf, refuseMethod, requireDigest, sendEmpty, type RegistryRequest } from './registryRequest';
import type { AppendOptions, Upload } from './uploadStore';

/** `/v2/<name>/blobs/uploads/`: starts an upload, does the whole of it, or mounts (end-4 and end-11). */
export async function serveUploadStart(context: RegistryRequest, name: string): Promise<void> {
  const { request, region, query, content } = context;
  if (request.method !== 'POST') {
    return refuseMethod(context, ['POST']);
  }
  content.repositories.require(region, name);
  const mount = query.get('mount');
  if (mount !== null && content.layers.mount(region, name, mount, query.get('from') ?? undefined)) {
    return sendCreated(context, name, mount);
  }
  const algorithm = query.get('digest-algorithm');
  if (algorithm !== null && !isDigestAlgorithm(algorithm)) {
    throw new RegistryError('DIGEST_INVALID', `The digest algorithm is not supported: ${algorithm}`);
  }
  const given = query.get('digest');
  const digest = given === null ? undefined : requireDigest(given);
  const upload = await content.uploads.begin(region, name);
  if (digest === undefined) {
    return sendEmpty(context, 202, progressHeaders(upload, 0));
  }
  try {
    await append(context, upload);
    await complete(context, upload, digest);
  } finally {
    // Whoever sends everything at once has no address with which to go on.
    content.uploads.end(upload);
  }
}

/** `/v2/<name>/blobs/uploads/<id>`: an upload's chunks, state and end (end-5, end-6, end-13, end-14). */
export async function serveUpload(context: RegistryRequest, name: string, id: string): Promise<void> {
  const { request, region, content } = context;
  content.repositories.require(region, name);
  const upload = content.uploads.find(region, name, id);
  if (upload === undefined) {
    throw uploadUnknown(id);
  }
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return sendEmpty(context, 204, progressHeaders(upload, content.uploads.size(upload)));
    case 'PATCH':
      return sendEmpty(context, 202, progressHeaders(upload, await append(context, upload)));
    case 'PUT':
      return finish(context, upload);
    case 'DELETE':
      content.uploads.end(upload);
      return sendEmpty(context, 204);
    default:
      return refuseMethod(context, ['GET', 'PATCH', 'PUT', 'DELETE']);
  }
}

async function finish(context: RegistryRequest, upload: Upload): Promise<void> {
  const digest = requireDigest(context.query.get('digest') ?? '');
  await append(context, upload);
  await complete(context, upload, digest);
}

async function complete(context: RegistryRequest, upload: Upload, digest: Digest): Promise<void> {
  const { region, content } = context;
  const outcome = await content.uploads.complete(upload, digest, (file, size) =>
    content.layers.addFile(region, upload.repository, digest, file, size),
  );
  switch (outcome) {
    case 'completed':
      return sendCreated(context, upload.repository, digest.text);
    case 'ended':
      throw uploadUnknown(upload.id);
    case 'otherDigest':
      // What arrived is not what was announced, and nothing that follows could mend it.
      content.uploads.end(upload);
      throw new RegistryError(
        'DIGEST_INVALID',
        `The content received does not have the digest: ${digest.text}`,
      );
  }
}

/** Takes the request's body and gives the number of bytes that the upload then has. */
async function append(context: RegistryRequest, upload: Upload): Promise<number> {
  const result = await context.content.uploads.append(upload, bodyOf(context), readExtent(context));
  switch (result.kind) {
    case 'appended':
      return result.size;
    case 'outOfOrder':
      throw new RegistryError(
        'BLOB_UPLOAD_INVALID',
        `The chunk does not begin where the upload stands: ${result.size}`,
        {
          status: 416,
          headers: progressHeaders(upload, result.size),
        },
      );
    case 'wrongLength':
      throw new RegistryError('SIZE_INVALID', 'The chunk is not as long as its Content-Range says');
    case 'ended':
      throw uploadUnknown(upload.id);
  }
}

function readExtent({ request }: RegistryRequest): AppendOptions {
  const header = request.headers['content-range'];
  if (header === undefined) {
    return {};
  }
  const range = parseContentRange(header);
  const length = range === undefined ? undefined : range.last - range.first + 1;
  const announced = request.headers['content-length'];
  // Without content there is no range: clients that end an upload repeat the header of its last chunk.
  if (announced === '0' && length !== undefined) {
    return {};
  }
  if (
    range === undefined ||
    length === undefined ||
    (announced !== undefined && Number(announced) !== length)
  ) {
    throw new RegistryError('SIZE_INVALID', `The Content-Range does not agree with the content: ${header}`);
  }
  return { at: range.first, length };
}

function sendCreated(context: RegistryRequest, name: string, digest: string): void {
  sendEmpty(context, 201, { Location: `/v2/${name}/blobs/${digest}`, 'Docker-Content-Digest': digest });
}

function progressHeaders(upload: Upload, size: number): Record<string, string> {
  return {
    Location: `/v2/${upload.repository}/blobs/uploads/${upload.id}`,
    // The header cannot say "nothing": registries give 0-0 for an empty upload as well.
    Range: `0-${Math.max(0, size - 1)}`,
    'Docker-Upload-UUID': upload.id,
  };
}

function uploadUnknown(id: string): RegistryError {
  return new RegistryError('BLOB_UPLOAD_UNKNOWN', `There is no such upload in this repository: ${id}`);
}
