import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { createSession } from '../../../src/aws/session';

const DIGEST = `sha256:${'0'.repeat(64)}`;

describe('the configuration of an image', () => {
  it('is not read to an end that never comes, whatever size the manifest says', async () => {
    const part = Buffer.alloc(64 * 1024, ' ');
    let sent = 0;
    const endless = function* (): Generator<Buffer> {
      for (;;) {
        sent += part.length;
        yield part;
      }
    };
    const server = createServer((request, response) => {
      if (request.method === 'GET') {
        Readable.from(endless()).pipe(response);
        return;
      }
      const manifest = { schemaVersion: 2, config: { digest: DIGEST, size: 2 }, layers: [] };
      response.end(
        JSON.stringify({
          images: [{ imageManifest: JSON.stringify(manifest) }],
          downloadUrl: `${endpoint}/configuration`,
        }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const session = createSession({
      label: 'x',
      source: { kind: 'static', accessKeyId: 'x', secretAccessKey: 'x' },
      region: 'eu-central-1',
      endpoint,
    });
    try {
      await assert.rejects(session.ecr.platforms('web', { imageTag: '1' }), {
        reason: 'endpointUnreachable',
      });
      assert.ok(sent < 20 * 1024 * 1024, `${sent} bytes`);
    } finally {
      session.dispose();
      server.close();
      server.closeAllConnections();
    }
  });
});
