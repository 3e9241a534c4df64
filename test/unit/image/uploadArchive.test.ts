import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import {
  checkSignIn,
  RegistryRefusal,
  uploadArchive,
  type UploadTarget,
} from '../../../src/image/uploadArchive';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

describe('uploading an archive to a registry', () => {
  let server: Server;
  let handle: Handler;
  let target: UploadTarget;

  before(async () => {
    server = createServer((request, response) => handle(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const registry = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    target = { registry, repository: 'team/web', tag: 'v1', username: 'AWS', password: 'se:cret' };
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const archive = (): Readable => {
    const files = pack();
    files.entry({ name: 'layer.tar' }, 'layer');
    files.entry({ name: 'config.json' }, '{}');
    files.entry({ name: 'manifest.json' }, '[{"Config":"config.json","Layers":["layer.tar"]}]');
    files.finalize();
    return Readable.from(files);
  };
  const ignore = (): undefined => undefined;

  it('sends what the registry does not have, and the manifest last, under the tag', async () => {
    const calls: string[] = [];
    handle = (request, response) => {
      void buffer(request).then((body) => {
        const url = (request.url ?? '').replace(/[0-9a-f]{64}/, 'HEX');
        calls.push(`${request.method ?? ''} ${url} ${body.length}`);
        assert.equal(request.headers.authorization, `Basic ${Buffer.from('AWS:se:cret').toString('base64')}`);
        if (request.method === 'POST') {
          response.writeHead(202, { location: '/v2/team/web/blobs/uploads/1?state=a' }).end();
        } else {
          response.writeHead(request.method === 'HEAD' ? (calls.length === 1 ? 200 : 404) : 201).end();
        }
      });
    };
    const progress: string[] = [];
    const digest = await uploadArchive(archive(), target, ({ current, total }) =>
      progress.push(`${current}/${total}`),
    );
    assert.match(digest, /^sha256:[0-9a-f]{64}$/);
    assert.deepEqual(calls.slice(0, 4), [
      'HEAD /v2/team/web/blobs/sha256:HEX 0',
      'HEAD /v2/team/web/blobs/sha256:HEX 0',
      'POST /v2/team/web/blobs/uploads/ 0',
      'PUT /v2/team/web/blobs/uploads/1?state=a&digest=sha256%3AHEX 2',
    ]);
    assert.match(calls[4] ?? '', /^PUT \/v2\/team\/web\/manifests\/v1 \d+$/);
    assert.deepEqual(progress, ['0/2', '1/2', '2/2']);
  });

  it('sends credentials to no other host', async () => {
    handle = (request, response) => {
      request.resume();
      response
        .writeHead(request.method === 'POST' ? 202 : 404, { location: 'http://127.0.0.1:9/elsewhere' })
        .end();
    };
    await assert.rejects(uploadArchive(archive(), target, ignore), /elsewhere: 127\.0\.0\.1:9/);
  });

  it('gives the registry’s own words when it refuses', async () => {
    handle = (request, response) => {
      request.resume();
      const body = JSON.stringify({ errors: [{ code: 'NAME_UNKNOWN', message: 'no such repository' }] });
      response.writeHead(404).end(request.method === 'HEAD' ? undefined : body);
    };
    await assert.rejects(uploadArchive(archive(), target, ignore), (error) => {
      assert.ok(error instanceof RegistryRefusal);
      assert.match(error.message, /NAME_UNKNOWN: no such repository/);
      return true;
    });
    handle = (_request, response) => {
      response.writeHead(500).end('<html>');
    };
    await assert.rejects(uploadArchive(archive(), target, ignore), /status 500/);
  });

  it('tells a refused sign-in and an unreachable registry', async () => {
    handle = (_request, response) => {
      response.writeHead(401).end();
    };
    await assert.rejects(checkSignIn(target), { reason: 'signInRefused' });
    await assert.rejects(checkSignIn({ ...target, registry: '127.0.0.1:1' }), {
      reason: 'endpointUnreachable',
    });
  });

  it('ends at once when cancelled', async () => {
    handle = ignore;
    const cancel = new AbortController();
    const uploading = uploadArchive(archive(), target, () => cancel.abort(), cancel.signal);
    await assert.rejects(uploading, { reason: 'cancelled' });
  });
});
