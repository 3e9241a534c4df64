import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';

export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
export const OCI_CONFIG = 'application/vnd.oci.image.config.v1+json';
export const OCI_LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** A client of the sandbox's registry that shows status and headers of every answer. */
export interface RegistryClient {
  /** `path` is below /v2/, or an absolute path as in a Location. */
  send(method: string, path: string, options?: SendOptions): Promise<Response>;
  /** Uploads a blob in one go, and gives its digest. */
  pushBlob(repository: string, content: string | Uint8Array): Promise<string>;
  pushManifest(repository: string, reference: string, manifest: object): Promise<Response>;
  /** Pushes an image of one layer that holds the text, and gives the digest of its manifest. */
  pushImage(repository: string, tag: string, text: string): Promise<string>;
}

export interface SendOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestInit['body'];
}

/** The password that GetAuthorizationToken gives, with the user name in front as it has it. */
export async function readAuthorization(ecr: ECRClient): Promise<string> {
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
  const token = authorizationData?.[0]?.authorizationToken;
  assert.ok(token);
  return token;
}

/** Signs in to the sandbox's registry with a token of the client's region. */
export async function connectRegistry(endpoint: string, ecr: ECRClient): Promise<RegistryClient> {
  const authorization = `Basic ${await readAuthorization(ecr)}`;
  const send: RegistryClient['send'] = (method, path, { headers = {}, body } = {}) =>
    fetch(new URL(path.startsWith('/') ? path : `/v2/${path}`, endpoint), {
      method,
      headers: { authorization, ...headers },
      ...(body === undefined ? {} : { body, duplex: 'half' }),
      redirect: 'manual',
    });
  const pushBlob: RegistryClient['pushBlob'] = async (repository, content) => {
    const digest = sha256(content);
    const response = await send('POST', `${repository}/blobs/uploads/?digest=${digest}`, { body: content });
    assert.equal(response.status, 201, await response.text());
    return digest;
  };
  const pushManifest: RegistryClient['pushManifest'] = (repository, reference, manifest) =>
    send('PUT', `${repository}/manifests/${reference}`, {
      headers: { 'content-type': 'mediaType' in manifest ? String(manifest.mediaType) : OCI_MANIFEST },
      body: JSON.stringify(manifest),
    });
  return {
    send,
    pushBlob,
    pushManifest,
    pushImage: async (repository, tag, text) => {
      const manifest = imageManifest('{}', text);
      await pushBlob(repository, '{}');
      await pushBlob(repository, text);
      const response = await pushManifest(repository, tag, manifest);
      assert.equal(response.status, 201, await response.text());
      return sha256(JSON.stringify(manifest));
    },
  };
}

/** A manifest of an image with one layer; its bytes are those of `JSON.stringify`. */
export function imageManifest(config: string, layer: string | Uint8Array): object {
  return {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: describeContent(OCI_CONFIG, config),
    layers: [describeContent(OCI_LAYER, layer)],
  };
}

export function describeContent(mediaType: string, content: string | Uint8Array) {
  return { mediaType, digest: sha256(content), size: Buffer.byteLength(content) };
}

export function sha256(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** The errors of a registry's answer, as "CODE: message". */
export async function readErrors(response: Response): Promise<string[]> {
  const { errors } = (await response.json()) as { errors: { code: string; message: string }[] };
  return errors.map(({ code, message }) => `${code}: ${message}`);
}
