import assert from 'node:assert/strict';
import type { ServiceDefinition } from '../../../src/sandbox/operation';
import { invoke } from '../../../src/sandbox/protocol/invoke';
import { createSecretLookup } from '../../../src/sandbox/secretLookup';
import { createSecretsService } from '../../../src/sandbox/secretsmanager/createSecretsService';
import { createSsmService } from '../../../src/sandbox/ssm/createSsmService';
import { openMemoryStore } from '../../../src/sandbox/state/store';
import type { SecretLookup } from '../../../src/sandbox/tasks/taskSecrets';

const REGION = 'eu-west-1';
const VALUE = JSON.stringify({ user: 'web', port: 5432 });

describe('the value that a secret of a task stands for', () => {
  let lookup: SecretLookup;
  let arn: string;
  let binary: string;
  let list: string;
  let marked: string;

  before(async () => {
    const store = openMemoryStore();
    const secrets = createSecretsService(store);
    const parameters = createSsmService(store);
    const scope = { region: REGION, accountId: '000000000000', signal: new AbortController().signal };
    const call = (service: ServiceDefinition, operation: string, input: object): Promise<object> =>
      invoke(service, operation, input, scope);
    const create = async (Name: string, more: object): Promise<string> => {
      const made = await call(secrets.definition, 'CreateSecret', { Name, ...more });
      return (made as { ARN: string }).ARN;
    };
    arn = await create('web/database', { SecretString: VALUE });
    binary = await create('binary', { SecretBinary: 'AAAA' });
    list = await create('list', { SecretString: '["a", "b"]' });
    marked = await create('marked', { SecretString: VALUE });
    await call(secrets.definition, 'DeleteSecret', { SecretId: 'marked' });
    for (const Name of ['plain', '/web/level']) {
      await call(parameters.definition, 'PutParameter', { Name, Type: 'String', Value: `value of ${Name}` });
    }
    lookup = createSecretLookup(secrets, parameters);
  });

  it('is that of the whole secret, or of a key in it', () => {
    assert.equal(lookup(arn, 'us-east-1'), VALUE);
    assert.equal(lookup(arn.slice(0, -7), REGION), VALUE);
    assert.equal(lookup(`${arn}:user::`, REGION), 'web');
    assert.equal(lookup(`${arn}:port:AWSCURRENT:`, REGION), '5432');
  });

  it('is that of a parameter, by name or ARN', () => {
    assert.equal(lookup('plain', REGION), 'value of plain');
    assert.equal(lookup('/web/level', REGION), 'value of /web/level');
    assert.equal(lookup(`arn:aws:ssm:${REGION}:000000000000:parameter/plain`, 'us-east-1'), 'value of plain');
    assert.equal(
      lookup(`arn:aws:ssm:${REGION}:000000000000:parameter/web/level`, REGION),
      'value of /web/level',
    );
  });

  it('is none where there is none to be read', () => {
    for (const valueFrom of [
      `${arn}:password::`,
      `${arn}:constructor::`,
      `${arn}:__proto__::`,
      `${list}:length::`,
      `${list}:0::`,
      `${binary}:user::`,
      binary,
      marked,
      'none',
      `arn:aws:secretsmanager:us-east-1:000000000000:secret:web/database`,
      'arn:aws:s3:::bucket/key',
      '',
    ]) {
      assert.equal(lookup(valueFrom, REGION), undefined, valueFrom);
    }
    assert.equal(lookup('plain', 'us-east-1'), undefined);
  });
});
