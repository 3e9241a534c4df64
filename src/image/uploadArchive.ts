import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { throwIfCancelled, UserError } from '../base/errors';
import type { PushProgress } from '../containers/pushOutput';
import { readArchive, type Blob, type Manifest } from './archiveContents';

/** A registry on this machine's loopback, over plain HTTP. */
export interface UploadTarget {
  /** `127.0.0.1:PORT` */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  readonly username: string;
  readonly password: string;
}

/** What a registry says against a request, in its own words. */
export class RegistryRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'RegistryRefusal';
  }
}

/**
 * Asks whether a registry takes a sign-in.
 * @throws UserError('signInRefused') when it does not; UserError('endpointUnreachable')
 */
export async function checkSignIn(target: UploadTarget, signal?: AbortSignal): Promise<void> {
  const { status } = await send(target, 'GET', '', { signal });
  if (status !== 200) {
    throw new UserError(
      'signInRefused',
      `The registry ${target.registry} refused the sign-in. Check the profile, then try again. Status: ${status}`,
      { action: 'selectContext' },
    );
  }
}

/**
 * Uploads an image from what an engine's `save` writes. This is how an image gets from an engine in a virtual
 * machine to a registry on the host's loopback, which that engine cannot reach.
 * Protocol: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#push
 * @returns the digest under which the registry has the image
 * @throws RegistryRefusal; UserError('pushFailed', 'endpointUnreachable' or 'cancelled')
 */
export async function uploadArchive(
  archive: Readable,
  target: UploadTarget,
  onProgress: (progress: PushProgress) => void,
  signal?: AbortSignal,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aws-containers-image-'));
  try {
    const { blobs, manifests } = await readArchive(archive, folder);
    throwIfCancelled(signal);
    for (const [index, blob] of blobs.entries()) {
      onProgress({ current: index, total: blobs.length, text: `Uploading ${blob.digest}` });
      await uploadBlob(target, blob, signal);
    }
    onProgress({ current: blobs.length, total: blobs.length, text: 'Writing the manifest' });
    for (const [index, manifest] of manifests.entries()) {
      const last = index === manifests.length - 1;
      await putManifest(target, manifest, last ? target.tag : manifest.digest, signal);
    }
    return manifests.at(-1)?.digest ?? '';
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function uploadBlob(target: UploadTarget, blob: Blob, signal?: AbortSignal): Promise<void> {
  const blobs = `${target.repository}/blobs`;
  const known = await send(target, 'HEAD', `${blobs}/${blob.digest}`, { signal });
  if (known.status === 200) {
    return;
  }
  const opened = expectStatus(await send(target, 'POST', `${blobs}/uploads/`, { signal }), 202);
  const place = new URL(opened.location ?? '', `http://${target.registry}/v2/`);
  if (place.host !== target.registry) {
    // Credentials go to no other host.
    throw new RegistryRefusal(opened.status, `it sends the upload elsewhere: ${place.host}`);
  }
  place.searchParams.set('digest', blob.digest);
  const stored = await send(target, 'PUT', place, {
    body: { stream: createReadStream(blob.path), size: blob.size, type: 'application/octet-stream' },
    signal,
  });
  expectStatus(stored, 201);
}

async function putManifest(
  target: UploadTarget,
  manifest: Manifest,
  reference: string,
  signal?: AbortSignal,
): Promise<void> {
  const answer = await send(target, 'PUT', `${target.repository}/manifests/${reference}`, {
    body: { stream: manifest.body, size: manifest.body.length, type: manifest.mediaType },
    signal,
  });
  expectStatus(answer, 201);
}

interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

interface SendOptions {
  readonly body?: { readonly stream: Readable | Buffer; readonly size: number; readonly type: string };
  readonly signal: AbortSignal | undefined;
}

/** @param path below /v2/, or a whole address */
async function send(
  target: UploadTarget,
  method: string,
  path: string | URL,
  { body, signal }: SendOptions,
): Promise<Answer> {
  const url = typeof path === 'string' ? new URL(`http://${target.registry}/v2/${path}`) : path;
  const call = request(url, {
    method,
    signal,
    auth: `${target.username}:${target.password}`,
    headers: body ? { 'content-length': body.size, 'content-type': body.type } : {},
  });
  try {
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      call.once('response', resolve);
      call.on('error', reject);
    });
    const sending = body && !Buffer.isBuffer(body.stream) ? pipeline(body.stream, call) : undefined;
    // A registry may refuse before it has read the whole body: its answer counts, not the broken pipe.
    sending?.catch(() => undefined);
    if (!sending) {
      call.end(body?.stream);
    }
    const response = await answered;
    return {
      status: response.statusCode ?? 0,
      location: response.headers.location,
      body: await text(response),
    };
  } catch (error) {
    throwIfCancelled(signal);
    throw new UserError(
      'endpointUnreachable',
      `The registry ${target.registry} could not be reached. See that it runs, then push again: ` +
        (error as Error).message,
      { action: 'retry', cause: error },
    );
  }
}

function expectStatus(answer: Answer, status: number): Answer {
  if (answer.status === status) {
    return answer;
  }
  throw new RegistryRefusal(answer.status, refusalText(answer));
}

function refusalText({ status, body }: Answer): string {
  try {
    const { errors = [] } = JSON.parse(body) as { errors?: { code?: string; message?: string }[] };
    const said = errors.map(({ code, message }) => `${code ?? ''}: ${message ?? ''}`);
    return [`status ${status}`, ...said].join('; ');
  } catch {
    return `status ${status}`;
  }
}
