import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartImageScanCommand } from '@aws-sdk/client-ecr';
import type { AwsContext } from '../../src/aws/context';
import { poll } from '../../src/base/delay';
import { createSession, type AwsSession } from '../../src/aws/session';
import { useSandbox } from '../support/sandboxClients';
import { sandboxContext } from '../support/sandboxContext';
import { TinyImages } from '../support/tinyImage';

describe('what is to be known of an image', () => {
  const sandbox = useSandbox();
  let session: AwsSession;
  let single: string;

  const contextOf = (endpoint: string): AwsContext => sandboxContext(endpoint);

  before(async () => {
    session = createSession(contextOf(sandbox.endpoint));
    await session.ecr.createRepository({ repositoryName: 'web' });
    const images = new TinyImages(await session.ecr.authorization(), 'web');
    single = await images.push('one', 'single');
    await images.pushIndex({ amd64: single, arm64: await images.push('two') }, 'many');
  });
  after(() => session.dispose());

  it('is the platform of a single image, by tag and by digest', async () => {
    const expected = [{ os: 'linux', architecture: 'amd64' }];
    assert.deepEqual(await session.ecr.platforms('web', { imageTag: 'single' }), expected);
    assert.deepEqual(await session.ecr.platforms('web', { imageDigest: single }), expected);
  });

  it('is all platforms of a multi-platform image', async () => {
    assert.deepEqual(await session.ecr.platforms('web', { imageTag: 'many' }), [
      { os: 'linux', architecture: 'amd64' },
      { os: 'linux', architecture: 'arm64' },
    ]);
  });

  it('is nothing where there is none', async () => {
    await assert.rejects(session.ecr.platforms('web', { imageTag: 'none' }), { reason: 'notFound' });
    await assert.rejects(session.ecr.platforms('none', { imageTag: 'single' }), { reason: 'notFound' });
    await assert.rejects(session.ecr.scan('web', { imageTag: 'none' }), { reason: 'notFound' });
  });

  it('is what the scan has found, once there was one', async () => {
    assert.equal(await session.ecr.scan('web', { imageTag: 'single' }), undefined);
    await sandbox.ecr.send(
      new StartImageScanCommand({ repositoryName: 'web', imageId: { imageTag: 'single' } }),
    );
    const { completedAt, description, ...scan } = await poll(
      async () => {
        const found = await session.ecr.scan('web', { imageDigest: single });
        return found?.status === 'IN_PROGRESS' ? undefined : found;
      },
      { interval: 20 },
    );
    assert.deepEqual(scan, { status: 'COMPLETE', counts: {} });
    assert.match(description ?? '', /sandbox does not scan/);
    assert.ok(completedAt instanceof Date);
  });

  it('is not read where the layers do not come from, and the address with its token is not told', async () => {
    const config = { digest: `sha256:${'0'.repeat(64)}`, size: 10 };
    const server = createServer((request, response) => {
      if (request.method === 'GET') {
        response.writeHead(403).end('no');
        return;
      }
      const images = [{ imageManifest: JSON.stringify({ config, layers: [] }) }];
      const downloadUrl = `http://${request.headers.host}/layer?token=SESAME`;
      const answer = request.headers['x-amz-target']?.includes('BatchGetImage')
        ? { images }
        : { downloadUrl };
      response.setHeader('content-type', 'application/x-amz-json-1.1').end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const broken = createSession(contextOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    try {
      await assert.rejects(
        broken.ecr.platforms('web', { imageTag: 'single' }),
        (error: Error & { reason?: string }) => {
          assert.equal(error.reason, 'endpointUnreachable');
          assert.doesNotMatch(`${error.message} ${String(error.cause)}`, /SESAME/);
          return true;
        },
      );
    } finally {
      broken.dispose();
      server.close();
      server.closeAllConnections();
    }
  });
});
