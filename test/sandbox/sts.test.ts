import assert from 'node:assert/strict';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { useSandbox } from '../support/sandboxClients';

describe('STS of the sandbox', () => {
  const sandbox = useSandbox();

  it('tells callers that they are a user of the sandbox account', async () => {
    const identity = await sandbox.sts.send(new GetCallerIdentityCommand({}));
    assert.equal(identity.Account, '000000000000');
    assert.equal(identity.Arn, 'arn:aws:iam::000000000000:user/sandbox');
    assert.ok(identity.UserId);
    assert.match(identity.$metadata.requestId ?? '', /^[0-9a-f-]{36}$/);
  });
});
