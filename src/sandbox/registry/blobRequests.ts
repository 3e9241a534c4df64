import { pipeline } from 'node:stream/promises';
import { parseRange } from './byteRange';
import { parseDigest } from './digest';
import { RegistryError } from './registryError';
import { refuseMethod, sendEmpty, type RegistryRequest } from './registryRequest';

/** `/v2/<name>/blobs/<digest>`: pull, existence and deletion (OCI distribution specification, end-2 and end-10). */
export async function serveBlob(context: RegistryRequest, name: string, digest: string): Promise<void> {
  context.content.repositories.require(context.region, name);
  switch (context.request.method) {
    case 'GET':
    case 'HEAD':
      return sendBlob(context, name, digest);
    case 'DELETE':
      return deleteBlob(context, name, digest);
    default:
      return refuseMethod(context, ['GET', 'HEAD', 'DELETE']);
  }
}

async function sendBlob(context: RegistryRequest, name: string, text: string): Promise<void> {
  const { request, response, region, content } = context;
  const digest = parseDigest(text);
  const head = request.method === 'HEAD';
  // An engine asks with HEAD before it pushes, and leaves out what it is told to be there.
  const layer = head
    ? content.layers.findForPush(region, name, text)
    : content.layers.find(region, name, text);
  if (digest === undefined || layer === undefined) {
    throw blobUnknown(text);
  }
  const range = head ? undefined : parseRange(request.headers.range, layer.size);
  const headers = {
    'Content-Type': 'application/octet-stream',
    'Docker-Content-Digest': digest.text,
    'Accept-Ranges': 'bytes',
    ETag: `"${digest.text}"`,
  };
  if (range === 'unsatisfiable') {
    sendEmpty(context, 416, { ...headers, 'Content-Range': `bytes */${layer.size}` });
    return;
  }
  const sent = range ?? { first: 0, last: layer.size - 1 };
  response.writeHead(range === undefined ? 200 : 206, {
    ...headers,
    'Content-Length': sent.last - sent.first + 1,
    ...(range === undefined ? {} : { 'Content-Range': `bytes ${range.first}-${range.last}/${layer.size}` }),
  });
  if (head || layer.size === 0) {
    response.end();
    return;
  }
  await pipeline(content.blobs.stream(digest, sent), response);
}

function deleteBlob(context: RegistryRequest, name: string, digest: string): void {
  const { region, content } = context;
  if (content.layers.find(region, name, digest) === undefined) {
    throw blobUnknown(digest);
  }
  if (content.images.needsLayer(region, name, digest)) {
    throw new RegistryError('UNSUPPORTED', `An image needs this blob, delete the image instead: ${digest}`);
  }
  content.layers.remove(region, name, digest);
  content.images.removeUnneeded(digest);
  sendEmpty(context, 202);
}

function blobUnknown(digest: string): RegistryError {
  return new RegistryError('BLOB_UNKNOWN', `The repository has no such blob: ${digest}`);
}
