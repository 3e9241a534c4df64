import assert from 'node:assert/strict';
import { createEfsService } from '../../../src/sandbox/efs/createEfsService';
import type { ServiceDefinition } from '../../../src/sandbox/operation';
import { invoke } from '../../../src/sandbox/protocol/invoke';
import { applySeed, parseSeed } from '../../../src/sandbox/seed';
import { createSecretsService } from '../../../src/sandbox/secretsmanager/createSecretsService';
import { openMemoryStore } from '../../../src/sandbox/state/store';

describe('what a sandbox begins with', () => {
  const apply = (content: object, service: ServiceDefinition): Promise<void> =>
    applySeed(parseSeed(JSON.stringify(content), 'seed.json'), [service], '127.0.0.1:4566');

  it('leaves a secret that is marked for deletion as it is', async () => {
    const { definition } = createSecretsService(openMemoryStore());
    const scope = { region: 'us-east-1', accountId: '000000000000', signal: new AbortController().signal };
    const list = async (): Promise<object[]> => {
      const found = await invoke(definition, 'ListSecrets', { IncludePlannedDeletion: true }, scope);
      return (found as { SecretList: object[] }).SecretList;
    };
    const content = { secrets: [{ Name: 'web/password', SecretString: 'not-a-real-password' }] };
    await apply(content, definition);
    await invoke(definition, 'DeleteSecret', { SecretId: 'web/password' }, scope);
    const marked = await list();
    await apply(content, definition);
    assert.equal(marked.length, 1);
    assert.deepEqual(await list(), marked);
  });

  it('has no file system without a token by which it is known again', () =>
    assert.rejects(apply({ fileSystems: [{ Encrypted: true }] }, createEfsService(openMemoryStore())), {
      reason: 'invalidInput',
      message: 'A file system of the seed needs a CreationToken: by it the next start knows it again.',
    }));
});
