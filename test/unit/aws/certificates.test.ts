import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ECR } from '@aws-sdk/client-ecr';
import { requestHandlerOf } from '../../../src/aws/certificates';

describe('a request that is not answered', () => {
  it('fails when its time is over', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const ecr = new ECR({
      endpoint: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
      maxAttempts: 1,
      requestHandler: requestHandlerOf({}, 100),
    });
    try {
      await assert.rejects(ecr.describeRepositories(), { name: 'TimeoutError' });
    } finally {
      ecr.destroy();
      silent.close();
      silent.closeAllConnections();
    }
  });
});
