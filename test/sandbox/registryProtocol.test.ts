import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { request, type ClientRequest } from 'node:http';
import { CreateRepositoryCommand, DescribeImagesCommand } from '@aws-sdk/client-ecr';
import {
  connectRegistry,
  describeContent,
  imageManifest,
  OCI_CONFIG,
  OCI_INDEX,
  OCI_LAYER,
  OCI_MANIFEST,
  readAuthorization,
  readErrors,
  sha256,
  type RegistryClient,
} from '../support/registryClient';
import { useSandbox } from '../support/sandboxClients';
import { poll } from '../../src/base/delay';

describe('Registry of the sandbox', () => {
  const sandbox = useSandbox();
  let registry: RegistryClient;

  const createRepository = async (repositoryName: string): Promise<void> => {
    await sandbox.ecr.send(new CreateRepositoryCommand({ repositoryName }));
  };

  const startUpload = async (repository: string): Promise<string> => {
    const started = await registry.send('POST', `${repository}/blobs/uploads/`);
    assert.equal(started.status, 202);
    const location = started.headers.get('location');
    assert.ok(location);
    return location;
  };

  before(async () => {
    registry = await connectRegistry(sandbox.endpoint, sandbox.ecr);
    await createRepository('app');
    await createRepository('app/nested');
    await createRepository('other');
  });

  describe('sign-in', () => {
    const ping = (authorization?: string): Promise<Response> =>
      fetch(`${sandbox.endpoint}/v2/`, authorization === undefined ? {} : { headers: { authorization } });

    it('asks for a basic sign-in', async () => {
      const response = await ping();
      assert.equal(response.status, 401);
      assert.match(
        response.headers.get('www-authenticate') ?? '',
        /^Basic realm="http:\/\/127\.0\.0\.1:\d+\/"/,
      );
      assert.equal(response.headers.get('docker-distribution-api-version'), 'registry/2.0');
    });

    it('lets in with a token of GetAuthorizationToken', async () => {
      assert.equal((await ping(`Basic ${await readAuthorization(sandbox.ecr)}`)).status, 200);
    });

    it('refuses a token that was changed, another user, and what is no token', async () => {
      const token = Buffer.from(await readAuthorization(sandbox.ecr), 'base64').toString();
      const [payload = '', signature = ''] = token.slice('AWS:'.length).split('.');
      const grant = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
      const forged = Buffer.from(JSON.stringify({ ...grant, region: 'us-east-1' })).toString('base64url');
      for (const credentials of [
        `AWS:${forged}.${signature}`,
        token.replace('AWS:', 'root:'),
        'AWS:x',
        'AWS',
      ]) {
        const response = await ping(`Basic ${Buffer.from(credentials).toString('base64')}`);
        assert.equal(response.status, 401, credentials);
      }
      assert.equal((await ping('Bearer x')).status, 401);
    });

    it('keeps the repositories of regions apart', async () => {
      const elsewhere = sandbox.clients({ region: 'us-east-1' });
      const response = await (
        await connectRegistry(sandbox.endpoint, elsewhere.ecr)
      ).send('GET', 'app/tags/list');
      assert.equal(response.status, 404);
      assert.deepEqual(await readErrors(response), [
        "NAME_UNKNOWN: The repository with name 'app' does not exist in the registry with id '000000000000'",
      ]);
    });
  });

  describe('repositories', () => {
    it('refuses a push to one that does not exist, in the words of ECR', async () => {
      for (const [method, path] of [
        ['POST', 'missing/blobs/uploads/'],
        ['PUT', 'missing/manifests/v1'],
        ['GET', `missing/blobs/${sha256('')}`],
      ] as const) {
        const response = await registry.send(method, path);
        assert.equal(response.status, 404, path);
        assert.deepEqual(await readErrors(response), [
          "NAME_UNKNOWN: The repository with name 'missing' does not exist in the registry with id '000000000000'",
        ]);
      }
    });

    it('cannot be left by a path', async () => {
      const port = Number(new URL(sandbox.endpoint).port);
      const authorization = `Basic ${await readAuthorization(sandbox.ecr)}`;
      const status = (path: string): Promise<number | undefined> =>
        new Promise((resolve, reject) => {
          // Not with fetch, which tidies paths before it sends them.
          request({ host: '127.0.0.1', port, path, headers: { authorization } }, (response) => {
            response.resume();
            resolve(response.statusCode);
          })
            .once('error', reject)
            .end();
        });
      assert.equal(await status('/v2/app/../../etc/blobs/passwd'), 400);
      assert.equal(await status('/v2/app/blobs/..%2f..%2fregistry.key'), 404);
      assert.equal(await status('/v2/app/blobs/sha256:..%2f..%2f..%2fregistry.key'), 404);
      assert.equal(await status('/v2/app/manifests/..%2f..%2f..%2fregistry.key'), 404);
      assert.equal(await status('/v2/app/blobs/uploads/..%2f..%2fregistry.key'), 404);
      assert.equal(await status('/v2/%ff/tags/list'), 404);
    });

    it('are listed by name, page by page', async () => {
      for (const name of ['listed/c', 'listed/a', 'listed/b']) {
        await createRepository(name);
      }
      const page = await registry.send('GET', '_catalog?n=2&last=listed');
      assert.deepEqual(await page.json(), { repositories: ['listed/a', 'listed/b'] });
      const next = /^<([^>]+)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1] ?? '';
      const rest = await registry.send('GET', next);
      assert.equal(((await rest.json()) as { repositories: string[] }).repositories[0], 'listed/c');
      assert.equal(rest.headers.get('link'), null);
      assert.equal((await registry.send('DELETE', '_catalog')).status, 405);
    });
  });

  describe('blobs', () => {
    it('are taken in one request', async () => {
      const response = await registry.send('POST', `app/blobs/uploads/?digest=${sha256('one go')}`, {
        body: 'one go',
      });
      assert.equal(response.status, 201);
      assert.equal(response.headers.get('docker-content-digest'), sha256('one go'));
      const pulled = await registry.send('GET', response.headers.get('location') ?? '');
      assert.equal(await pulled.text(), 'one go');
    });

    it('are refused when their digest differs, and are not kept', async () => {
      for (const wrong of [sha256('something else'), 'sha256:abc', 'md5:d41d8cd98f00b204e9800998ecf8427e']) {
        const response = await registry.send('POST', `app/blobs/uploads/?digest=${wrong}`, {
          body: 'content that nobody announced',
        });
        assert.equal(response.status, 400, wrong);
        assert.match((await readErrors(response)).join(), /^DIGEST_INVALID/);
      }
      const digest = sha256('content that nobody announced');
      assert.equal((await registry.send('HEAD', `app/blobs/${digest}`)).status, 404);
    });

    it('are taken with a sha512 digest', async () => {
      const digest = `sha512:${createHash('sha512').update('long').digest('hex')}`;
      const location = await startUpload('app');
      const response = await registry.send('PUT', `${location}?digest=${digest}`, { body: 'long' });
      assert.equal(response.status, 201);
      assert.equal(await (await registry.send('GET', `app/blobs/${digest}`)).text(), 'long');
    });

    it('are taken in chunks, in order only, and tell where they stand', async () => {
      const content = randomBytes(300_000);
      const location = await startUpload('app');
      const patch = (first: number, last: number): Promise<Response> =>
        registry.send('PATCH', location, {
          headers: { 'content-range': `${first}-${last}` },
          body: content.subarray(first, last + 1),
        });
      const stands = async (range: string): Promise<void> => {
        const status = await registry.send('GET', location);
        assert.equal(status.status, 204);
        assert.equal(status.headers.get('range'), range);
        assert.equal(status.headers.get('location'), location);
      };
      await stands('0-0');
      const first = await patch(0, 99_999);
      assert.equal(first.status, 202);
      assert.equal(first.headers.get('range'), '0-99999');
      assert.equal((await patch(200_000, 299_999)).status, 416);
      assert.equal((await patch(0, 99_999)).status, 416);
      await stands('0-99999');
      assert.equal((await patch(100_000, 199_999)).status, 202);
      const closed = await registry.send('PUT', `${location}?digest=${sha256(content)}`, {
        headers: { 'content-range': '200000-299999' },
        body: content.subarray(200_000),
      });
      assert.equal(closed.status, 201);
      assert.equal((await registry.send('GET', location)).status, 404);
      const pulled = await registry.send('GET', `app/blobs/${sha256(content)}`);
      assert.ok(content.equals(Buffer.from(await pulled.arrayBuffer())));
    });

    it('refuse a chunk that is not as long as its range', async () => {
      const location = await startUpload('app');
      const response = await registry.send('PATCH', location, {
        headers: { 'content-range': '0-9' },
        body: 'four',
      });
      assert.equal(response.status, 400);
      assert.match((await readErrors(response)).join(), /^SIZE_INVALID/);
      assert.equal((await registry.send('GET', location)).headers.get('range'), '0-0');
    });

    it('are taken as a stream of unknown length', async () => {
      const content = randomBytes(1_000_000);
      const location = await startUpload('app');
      const streamed = await registry.send('PATCH', location, { body: new Blob([content]).stream() });
      assert.equal(streamed.status, 202);
      assert.equal(streamed.headers.get('range'), '0-999999');
      const closed = await registry.send('PUT', `${location}?digest=${sha256(content)}`);
      assert.equal(closed.status, 201);
    });

    it('go on after an interruption, even of the sandbox itself', async () => {
      const content = randomBytes(400_000);
      const location = await startUpload('app');
      const interrupted = await sendPart(location, content.subarray(0, 150_000), content.length);
      const standsAt = (range: string): Promise<true> =>
        poll(
          async () => {
            // The restart closes connections that the client keeps for later.
            const status = await registry.send('GET', location).catch(() => undefined);
            return status?.headers.get('range') === range ? true : undefined;
          },
          { interval: 20, signal: AbortSignal.timeout(5000) },
        );
      await standsAt('0-149999');
      interrupted.destroy();

      await sandbox.restart();
      await standsAt('0-149999');

      const resumed = await registry.send('PATCH', location, {
        headers: { 'content-range': `150000-${content.length - 1}` },
        body: content.subarray(150_000),
      });
      assert.equal(resumed.status, 202);
      const closed = await registry.send('PUT', `${location}?digest=${sha256(content)}`);
      assert.equal(closed.status, 201, await closed.text());
    });

    it('are mounted from another repository of the region', async () => {
      const digest = await registry.pushBlob('other', 'shared');
      const mounted = await registry.send('POST', `app/blobs/uploads/?mount=${digest}&from=other`);
      assert.equal(mounted.status, 201);
      assert.equal(mounted.headers.get('location'), `/v2/app/blobs/${digest}`);
      assert.equal(await (await registry.send('GET', `app/blobs/${digest}`)).text(), 'shared');
      const unknown = await registry.send('POST', `app/blobs/uploads/?mount=${sha256('no')}&from=other`);
      assert.equal(unknown.status, 202, 'an ordinary upload begins');
    });

    it('are sent by range', async () => {
      const digest = await registry.pushBlob('app', '0123456789');
      const get = (range: string): Promise<Response> =>
        registry.send('GET', `app/blobs/${digest}`, { headers: { range } });
      const part = await get('bytes=2-4');
      assert.equal(part.status, 206);
      assert.equal(part.headers.get('content-range'), 'bytes 2-4/10');
      assert.equal(await part.text(), '234');
      assert.equal(await (await get('bytes=-3')).text(), '789');
      assert.equal(await (await get('bytes=7-')).text(), '789');
      assert.equal((await get('bytes=10-')).status, 416);
      assert.equal((await get('lines=1-2')).status, 200);
    });

    it('may be empty', async () => {
      const digest = await registry.pushBlob('app', '');
      const pulled = await registry.send('GET', `app/blobs/${digest}`);
      assert.equal(pulled.status, 200);
      assert.equal(await pulled.text(), '');
      assert.equal(pulled.headers.get('content-length'), '0');
    });

    it('may be given up', async () => {
      const location = await startUpload('app');
      assert.equal((await registry.send('DELETE', location)).status, 204);
      assert.equal((await registry.send('PATCH', location, { body: 'late' })).status, 404);
    });

    /** Sends the beginning of a body and leaves it at that. */
    async function sendPart(location: string, beginning: Uint8Array, length: number): Promise<ClientRequest> {
      const authorization = `Basic ${await readAuthorization(sandbox.ecr)}`;
      const sent = request(new URL(location, sandbox.endpoint), {
        method: 'PATCH',
        headers: { authorization, 'content-length': length },
      });
      sent.on('error', () => undefined);
      sent.write(beginning);
      return sent;
    }
  });

  describe('manifests', () => {
    it('are stored byte for byte, and found by tag and digest', async () => {
      const text = `${JSON.stringify(imageManifest('{}', 'layer'), null, 3)}\n`;
      await registry.pushBlob('app', '{}');
      await registry.pushBlob('app', 'layer');
      const put = await registry.send('PUT', 'app/manifests/exact', {
        headers: { 'content-type': OCI_MANIFEST },
        body: text,
      });
      assert.equal(put.status, 201);
      assert.equal(put.headers.get('docker-content-digest'), sha256(text));
      for (const reference of ['exact', sha256(text)]) {
        const got = await registry.send('GET', `app/manifests/${reference}`);
        assert.equal(got.headers.get('content-type'), OCI_MANIFEST);
        assert.equal(got.headers.get('docker-content-digest'), sha256(text));
        assert.equal(await got.text(), text);
        const head = await registry.send('HEAD', `app/manifests/${reference}`);
        assert.equal(head.headers.get('content-length'), String(Buffer.byteLength(text)));
      }
    });

    it('are refused while their blobs are missing', async () => {
      const response = await registry.pushManifest('app', 'v1', imageManifest('{"a":1}', 'nowhere'));
      assert.equal(response.status, 404);
      assert.match(
        (await readErrors(response)).join(),
        /^MANIFEST_BLOB_UNKNOWN: Layers with digests '\[sha256:[0-9a-f]{64}, sha256:[0-9a-f]{64}\]' required/,
      );
    });

    it('are refused when they are not manifests, have another digest, or are too large', async () => {
      const put = (reference: string, body: string, type = OCI_MANIFEST): Promise<Response> =>
        registry.send('PUT', `app/manifests/${reference}`, { headers: { 'content-type': type }, body });
      const errors = async (response: Response): Promise<string> =>
        `${response.status} ${(await readErrors(response)).join()}`;
      assert.match(await errors(await put('v1', '{')), /^400 MANIFEST_INVALID/);
      assert.match(await errors(await put('v1', '[]')), /^400 MANIFEST_INVALID/);
      assert.match(await errors(await put('v1', '{}', 'text/plain')), /^400 MANIFEST_INVALID/);
      assert.match(await errors(await put('-v1', '{}')), /^400 TAG_INVALID/);
      const empty = JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] });
      assert.match(await errors(await put(sha256('other'), empty, OCI_INDEX)), /^400 DIGEST_INVALID/);
      const large = `${empty.slice(0, -1)}${' '.repeat(4 * 1024 * 1024)}}`;
      assert.match(await errors(await put('v1', large, OCI_INDEX)), /^413 SIZE_INVALID/);
    });

    it('do not overwrite a tag that is immutable', async () => {
      await sandbox.ecr.send(
        new CreateRepositoryCommand({ repositoryName: 'fixed', imageTagMutability: 'IMMUTABLE' }),
      );
      await registry.pushImage('fixed', 'v1', 'first');
      await registry.pushImage('fixed', 'v1', 'first');
      await registry.pushBlob('fixed', 'second');
      const response = await registry.pushManifest('fixed', 'v1', imageManifest('{}', 'second'));
      assert.equal(response.status, 400);
      assert.deepEqual(await readErrors(response), [
        "TAG_INVALID: The image tag 'v1' already exists in the 'fixed' repository and cannot be overwritten because the tag is immutable.",
      ]);
    });

    it('may be indexes, whose images must be there', async () => {
      await createRepository('multi');
      const child = imageManifest('{}', 'for one platform');
      const size = Buffer.byteLength(JSON.stringify(child));
      const manifests = [{ mediaType: OCI_MANIFEST, digest: sha256(JSON.stringify(child)), size }];
      const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests };
      const early = await registry.pushManifest('multi', 'all', index);
      assert.equal(early.status, 404);
      assert.match((await readErrors(early)).join(), /^MANIFEST_BLOB_UNKNOWN: Images with digests/);
      await registry.pushImage('multi', 'one', 'for one platform');
      assert.equal((await registry.pushManifest('multi', 'all', index)).status, 201);
      const held = await registry.send('DELETE', `multi/manifests/${sha256(JSON.stringify(child))}`);
      assert.equal(held.status, 405);
      const described = await sandbox.ecr.send(
        new DescribeImagesCommand({ repositoryName: 'multi', imageIds: [{ imageTag: 'all' }] }),
      );
      assert.equal(described.imageDetails?.[0]?.imageManifestMediaType, OCI_INDEX);
      assert.equal(described.imageDetails[0].imageSizeInBytes, '{}for one platform'.length);
    });

    it('lose a tag, or go with all their tags', async () => {
      await createRepository('short-lived');
      const digest = await registry.pushImage('short-lived', 'a', 'x');
      await registry.pushImage('short-lived', 'b', 'x');
      const status = async (method: string, path: string): Promise<number> =>
        (await registry.send(method, `short-lived/${path}`)).status;
      assert.equal(await status('DELETE', 'manifests/a'), 202);
      assert.equal(await status('GET', 'manifests/a'), 404);
      assert.equal(await status('GET', 'manifests/b'), 200);
      assert.equal(await status('DELETE', `blobs/${sha256('x')}`), 405);
      assert.equal(await status('DELETE', `manifests/${digest}`), 202);
      assert.equal(await status('GET', 'manifests/b'), 404);
      assert.equal(await status('GET', `blobs/${sha256('x')}`), 404);
      assert.equal(await status('DELETE', `manifests/${digest}`), 404);
    });
  });

  describe('discovery', () => {
    before(async () => {
      await createRepository('listed');
      await createRepository('listed/below');
      for (const tag of ['b', 'a', 'B', '10', '2']) {
        await registry.pushImage('listed', tag, 'same');
      }
      await registry.pushImage('listed/below', 'elsewhere', 'same');
    });

    it('lists tags in order and in pages', async () => {
      const list = async (query: string): Promise<[string[], string | null]> => {
        const response = await registry.send('GET', `listed/tags/list${query}`);
        const { name, tags } = (await response.json()) as { name: string; tags: string[] };
        assert.equal(name, 'listed');
        return [tags, response.headers.get('link')];
      };
      assert.deepEqual(await list(''), [['10', '2', 'B', 'a', 'b'], null]);
      assert.deepEqual(await list('?n=2'), [['10', '2'], '</v2/listed/tags/list?n=2&last=2>; rel="next"']);
      assert.deepEqual(await list('?n=2&last=2'), [
        ['B', 'a'],
        '</v2/listed/tags/list?n=2&last=a>; rel="next"',
      ]);
      assert.deepEqual(await list('?n=2&last=a'), [['b'], null]);
      assert.deepEqual(await list('?last=B'), [['a', 'b'], null]);
      assert.deepEqual(await list('?n=0'), [[], null]);
      assert.equal((await registry.send('GET', 'listed/tags/list?n=x')).status, 400);
    });

    it('lists what refers to a manifest, also to one that is not there', async () => {
      const subject = { mediaType: OCI_MANIFEST, digest: sha256('not pushed'), size: 3 };
      const referrer = (artifactType: string | undefined): object => ({
        schemaVersion: 2,
        mediaType: OCI_MANIFEST,
        ...(artifactType === undefined ? {} : { artifactType }),
        config: describeContent(OCI_CONFIG, '{}'),
        layers: [describeContent(OCI_LAYER, 'same')],
        subject,
        annotations: { of: artifactType ?? 'none' },
      });
      for (const type of ['example/sbom', undefined]) {
        const put = await registry.pushManifest(
          'listed',
          sha256(JSON.stringify(referrer(type))),
          referrer(type),
        );
        assert.equal(put.status, 201);
        assert.equal(put.headers.get('oci-subject'), subject.digest);
      }
      const list = async (query: string) => {
        const response = await registry.send('GET', `listed/referrers/${subject.digest}${query}`);
        assert.equal(response.headers.get('content-type'), OCI_INDEX);
        const index = (await response.json()) as {
          manifests: { artifactType: string; annotations: object }[];
        };
        return {
          filters: response.headers.get('oci-filters-applied'),
          found: index.manifests.map(({ artifactType }) => artifactType).sort(),
        };
      };
      assert.deepEqual(await list(''), { filters: null, found: [OCI_CONFIG, 'example/sbom'].sort() });
      assert.deepEqual(await list('?artifactType=example/sbom'), {
        filters: 'artifactType',
        found: ['example/sbom'],
      });
      const none = await registry.send('GET', `listed/referrers/${sha256('nobody')}`);
      assert.equal(none.status, 200);
      assert.equal((await registry.send('GET', 'listed/referrers/nonsense')).status, 400);
    });
  });
});
