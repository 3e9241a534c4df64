import assert from 'node:assert/strict';
import {
  CreateSecretCommand,
  type CreateSecretCommandInput,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  InvalidNextTokenException,
  InvalidParameterException,
  InvalidRequestException,
  ListSecretsCommand,
  type ListSecretsCommandInput,
  paginateListSecrets,
  ResourceExistsException,
  ResourceNotFoundException,
} from '@aws-sdk/client-secrets-manager';
import { useSandbox } from '../support/sandboxClients';

describe('Secrets Manager of the sandbox', () => {
  const sandbox = useSandbox();
  const create = (Name: string, more: Partial<CreateSecretCommandInput> = {}) =>
    sandbox.secretsManager.send(
      new CreateSecretCommand({ Name, SecretString: 'not-a-real-password', ...more }),
    );
  const describeSecret = (SecretId: string) =>
    sandbox.secretsManager.send(new DescribeSecretCommand({ SecretId }));
  const list = async (input: ListSecretsCommandInput): Promise<(string | undefined)[]> =>
    ((await sandbox.secretsManager.send(new ListSecretsCommand(input))).SecretList ?? []).map(
      ({ Name }) => Name,
    );

  it('describes a secret by name, by ARN and by the ARN without its random end', async () => {
    const made = await create('web/database', {
      Description: 'For the tests',
      KmsKeyId: 'alias/own',
      Tags: [{ Key: 'team', Value: 'web' }],
    });
    assert.match(
      made.ARN ?? '',
      /^arn:aws:secretsmanager:eu-central-1:000000000000:secret:web\/database-[A-Za-z0-9]{6}$/,
    );
    for (const id of ['web/database', made.ARN ?? '', (made.ARN ?? '').slice(0, -7)]) {
      const { $metadata, CreatedDate, LastChangedDate, ...secret } = await describeSecret(id);
      assert.equal($metadata.httpStatusCode, 200);
      assert.ok(CreatedDate instanceof Date && LastChangedDate instanceof Date);
      assert.deepEqual(secret, {
        ARN: made.ARN,
        Name: 'web/database',
        Description: 'For the tests',
        KmsKeyId: 'alias/own',
        Tags: [{ Key: 'team', Value: 'web' }],
        VersionIdsToStages: { [made.VersionId ?? '']: ['AWSCURRENT'] },
      });
    }
  });

  it('finds no secret by an ARN that is not its own', async () => {
    const { ARN = '' } = await create('mine');
    for (const id of [`${ARN.slice(0, -6)}000000`, ARN.replace('eu-central-1', 'us-east-1'), 'yours']) {
      await assert.rejects(
        describeSecret(id),
        (error) =>
          error instanceof ResourceNotFoundException &&
          error.$metadata.httpStatusCode === 400 &&
          error.message === "Secrets Manager can't find the specified secret.",
      );
    }
  });

  it('lists secrets in pages, each once, of their region only', async () => {
    const names = Array.from({ length: 23 }, (_, index) => `paged/${String(index).padStart(2, '0')}`);
    await Promise.all(names.map((name) => create(name)));
    const pages: (string | undefined)[][] = [];
    for await (const { SecretList = [] } of paginateListSecrets(
      { client: sandbox.secretsManager, pageSize: 10 },
      { Filters: [{ Key: 'name', Values: ['paged/'] }] },
    )) {
      pages.push(SecretList.map(({ Name }) => Name));
    }
    assert.deepEqual(
      pages.map(({ length }) => length),
      [10, 10, 3],
    );
    assert.deepEqual(pages.flat(), names);
    const elsewhere = await sandbox
      .clients({ region: 'us-east-1' })
      .secretsManager.send(new ListSecretsCommand({}));
    assert.deepEqual(elsewhere.SecretList, []);
  });

  it('filters by beginnings, of words in descriptions, of tags, and by what does not begin so', async () => {
    await create('filter/a', { Description: 'Database of the shop' });
    await create('filter/b', { Tags: [{ Key: 'owner', Value: 'Payments' }] });
    const within = (Key: 'all' | 'description' | 'tag-key' | 'tag-value', ...Values: string[]) =>
      list({
        Filters: [
          { Key: 'name', Values: ['filter/'] },
          { Key, Values },
        ],
      });
    assert.deepEqual(await within('description', 'shop'), ['filter/a']);
    assert.deepEqual(await within('tag-key', 'own'), ['filter/b']);
    assert.deepEqual(await within('tag-value', 'pay'), ['filter/b']);
    assert.deepEqual(await within('all', 'data', 'pay'), ['filter/a', 'filter/b']);
    assert.deepEqual(await within('tag-value', '!pay'), ['filter/a']);
    await assert.rejects(list({ Filters: [{ Key: 'color' as 'all', Values: ['red'] }] }), {
      name: 'ValidationException',
      message: /enum value set/,
    });
  });

  it('hides a secret that is marked for deletion from lists, and says so when it is described', async () => {
    await create('marked');
    const { DeletionDate } = await sandbox.secretsManager.send(
      new DeleteSecretCommand({ SecretId: 'marked', RecoveryWindowInDays: 7 }),
    );
    const days = ((DeletionDate?.getTime() ?? 0) - Date.now()) / 86_400_000;
    assert.ok(days > 6.9 && days < 7.1, `${days}`);
    const { DeletedDate } = await describeSecret('marked');
    assert.ok(DeletedDate instanceof Date);
    const Filters: ListSecretsCommandInput['Filters'] = [{ Key: 'name', Values: ['marked'] }];
    assert.deepEqual(await list({ Filters }), []);
    assert.deepEqual(await list({ Filters, IncludePlannedDeletion: true }), ['marked']);
    await assert.rejects(create('marked'), InvalidRequestException);
    await assert.rejects(
      sandbox.secretsManager.send(new DeleteSecretCommand({ SecretId: 'marked' })),
      InvalidRequestException,
    );
  });

  it('deletes at once when it is forced to, also what is not there', async () => {
    await create('forced');
    for (const _round of [1, 2]) {
      await sandbox.secretsManager.send(
        new DeleteSecretCommand({ SecretId: 'forced', ForceDeleteWithoutRecovery: true }),
      );
    }
    await assert.rejects(describeSecret('forced'), ResourceNotFoundException);
    await assert.rejects(
      sandbox.secretsManager.send(new DeleteSecretCommand({ SecretId: 'forced' })),
      ResourceNotFoundException,
    );
    await assert.rejects(
      sandbox.secretsManager.send(
        new DeleteSecretCommand({
          SecretId: 'x',
          ForceDeleteWithoutRecovery: true,
          RecoveryWindowInDays: 7,
        }),
      ),
      InvalidParameterException,
    );
  });

  it('makes a secret once for one request that is sent twice, and refuses another of its name', async () => {
    const ClientRequestToken = '0f8b7a1e-1111-4222-8333-444455556666';
    const first = await create('twice', { ClientRequestToken });
    assert.equal((await create('twice', { ClientRequestToken })).ARN, first.ARN);
    await assert.rejects(
      create('twice'),
      (error) =>
        error instanceof ResourceExistsException &&
        error.message === 'The operation failed because the secret twice already exists.',
    );
  });

  it('refuses what is no name, two values, too large a value, and a token that it has not given', async () => {
    await assert.rejects(create('a b'), { name: 'ValidationException', message: /^Invalid name\./ });
    await assert.rejects(create('both', { SecretBinary: new Uint8Array([1]) }), InvalidParameterException);
    await assert.rejects(create('large', { SecretString: 'x'.repeat(65_537) }), {
      name: 'ValidationException',
    });
    await assert.rejects(list({ NextToken: 'abc' }), InvalidNextTokenException);
    await assert.rejects(list({ MaxResults: 101 }), { name: 'ValidationException', message: /'maxResults'/ });
    await assert.rejects(sandbox.secretsManager.send(new DescribeSecretCommand({} as never)), {
      name: 'ValidationException',
      message: /Value null at 'secretId'/,
    });
  });

  it('gives no value to anybody', () =>
    assert.rejects(sandbox.secretsManager.send(new GetSecretValueCommand({ SecretId: 'web/database' })), {
      message: /does not serve this operation/,
    }));

  it('keeps secrets through a restart', async () => {
    const { ARN } = await create('lasting');
    await sandbox.restart();
    const { secretsManager } = sandbox.clients({});
    assert.equal((await secretsManager.send(new DescribeSecretCommand({ SecretId: 'lasting' }))).ARN, ARN);
  });
});
