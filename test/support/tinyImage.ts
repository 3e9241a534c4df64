import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { RegistryAuthorization } from '../../src/aws/ecrGateway';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

/** Pushes images of a few bytes over the distribution API, where a test needs images but no engine. */
export class TinyImages {
  constructor(
    private readonly registry: RegistryAuthorization,
    private readonly repository: string,
  ) {}

  /**
   * @param content what makes the image differ from others
   * @returns the digest
   */
  async push(content: string, ...tags: readonly string[]): Promise<string> {
    const layer = await this.upload(Buffer.from(content));
    const config = await this.upload(
      Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs: {}, content })),
    );
    return this.pushManifest(
      MANIFEST,
      {
        schemaVersion: 2,
        mediaType: MANIFEST,
        config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
        layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...layer }],
      },
      tags,
    );
  }

  /** @param members digest of each image, by its architecture */
  pushIndex(members: Readonly<Record<string, string>>, ...tags: readonly string[]): Promise<string> {
    const manifests = Object.entries(members).map(([architecture, digest]) => ({
      mediaType: MANIFEST,
      digest,
      size: this.sizes.get(digest),
      platform: { os: 'linux', architecture },
    }));
    return this.pushManifest(INDEX, { schemaVersion: 2, mediaType: INDEX, manifests }, tags);
  }

  private readonly sizes = new Map<string, number>();

  private async pushManifest(type: string, manifest: object, tags: readonly string[]): Promise<string> {
    const body = Buffer.from(JSON.stringify(manifest));
    const digest = digestOf(body);
    this.sizes.set(digest, body.length);
    for (const reference of tags.length > 0 ? tags : [digest]) {
      await this.send('PUT', `manifests/${reference}`, body, type);
    }
    return digest;
  }

  private async upload(body: Buffer): Promise<{ digest: string; size: number }> {
    const digest = digestOf(body);
    const response = await this.send('POST', 'blobs/uploads/', undefined);
    const location = new URL(response.headers.get('location') ?? '', response.url);
    location.searchParams.set('digest', digest);
    await this.send('PUT', location.href, body, 'application/octet-stream');
    return { digest, size: body.length };
  }

  private async send(method: string, path: string, body?: Buffer, type?: string): Promise<Response> {
    const { registry, username, password } = this.registry;
    const url = new URL(path, `http://${registry}/v2/${this.repository}/`);
    const response = await fetch(url, {
      method,
      body: body && new Uint8Array(body),
      headers: {
        authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
        ...(type === undefined ? {} : { 'content-type': type }),
      },
    });
    assert.ok(response.ok, `${method} ${url.pathname} was answered with ${response.status}`);
    return response;
  }
}

function digestOf(body: Buffer): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}
