import assert from 'node:assert/strict';
import { SsoDirectory } from '../../../../src/sandbox/ssooidc/ssoDirectory';

describe('the codes of devices', () => {
  it('can be approved until they end', () => {
    let now = Date.UTC(2030, 0, 1);
    const directory = new SsoDirectory(() => now);
    const client = directory.registerClient({ clientName: 'x', clientType: 'public' });
    const input = { ...client, startUrl: 'https://example.awsapps.com/start' };
    const { userCode, expiresIn } = directory.startDeviceAuthorization(input, 'http://127.0.0.1:4566') as {
      userCode: string;
      expiresIn: number;
    };
    now += expiresIn * 1000 - 1;
    assert.equal(directory.approveDevice(userCode), true);
    now += 1;
    assert.equal(directory.approveDevice(userCode), false);
  });
});
