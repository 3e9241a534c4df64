import assert from 'node:assert/strict';
import {
  DeleteParameterCommand,
  DescribeParametersCommand,
  type DescribeParametersCommandInput,
  HierarchyLevelLimitExceededException,
  InvalidFilterKey,
  InvalidFilterOption,
  InvalidFilterValue,
  InvalidNextToken,
  paginateDescribeParameters,
  ParameterAlreadyExists,
  ParameterNotFound,
  PutParameterCommand,
  type PutParameterCommandInput,
} from '@aws-sdk/client-ssm';
import { useSandbox } from '../support/sandboxClients';

describe('Parameter Store of the sandbox', () => {
  const sandbox = useSandbox();
  const put = (Name: string, more: Partial<PutParameterCommandInput> = {}) =>
    sandbox.ssm.send(new PutParameterCommand({ Name, Value: 'some text', Type: 'String', ...more }));
  const find = async (input: DescribeParametersCommandInput) =>
    (await sandbox.ssm.send(new DescribeParametersCommand(input))).Parameters ?? [];
  const names = async (
    ...ParameterFilters: NonNullable<DescribeParametersCommandInput['ParameterFilters']>
  ) => (await find({ ParameterFilters })).map(({ Name }) => Name);

  it('describes a parameter without its value', async () => {
    const made = await put('/web/key', {
      Type: 'SecureString',
      Value: 'not-a-real-key',
      Description: 'For the tests',
    });
    assert.deepEqual([made.Version, made.Tier], [1, 'Standard']);
    const [{ LastModifiedDate, ...parameter } = {}] = await find({
      ParameterFilters: [{ Key: 'Name', Values: ['/web/key'] }],
    });
    assert.ok(LastModifiedDate instanceof Date && Date.now() - LastModifiedDate.getTime() < 60_000);
    assert.deepEqual(parameter, {
      Name: '/web/key',
      ARN: 'arn:aws:ssm:eu-central-1:000000000000:parameter/web/key',
      Type: 'SecureString',
      KeyId: 'alias/aws/ssm',
      LastModifiedUser: 'arn:aws:iam::000000000000:user/sandbox',
      Description: 'For the tests',
      Version: 1,
      Tier: 'Standard',
      Policies: [],
      DataType: 'text',
    });
  });

  it('counts versions, and overwrites only when it is told to', async () => {
    await put('/count', { Description: 'stays' });
    await assert.rejects(
      put('/count'),
      (error) =>
        error instanceof ParameterAlreadyExists &&
        error.message.startsWith('The parameter already exists. To overwrite this value, set'),
    );
    assert.equal((await put('/count', { Overwrite: true, Type: undefined })).Version, 2);
    const [parameter] = await find({ ParameterFilters: [{ Key: 'Name', Values: ['/count'] }] });
    assert.deepEqual([parameter?.Version, parameter?.Description], [2, 'stays']);
  });

  it('lists parameters in pages, each once, of their region only', async () => {
    const wanted = Array.from({ length: 120 }, (_, index) => `/paged/${String(index).padStart(3, '0')}`);
    await Promise.all(wanted.map((name) => put(name)));
    const pages: (string | undefined)[][] = [];
    for await (const { Parameters = [] } of paginateDescribeParameters(
      { client: sandbox.ssm },
      { ParameterFilters: [{ Key: 'Path', Values: ['/paged'] }] },
    )) {
      pages.push(Parameters.map(({ Name }) => Name));
    }
    assert.deepEqual(
      pages.map(({ length }) => length),
      [50, 50, 20],
    );
    assert.deepEqual(pages.flat(), wanted);
    const elsewhere = sandbox.clients({ region: 'us-east-1' });
    assert.deepEqual((await elsewhere.ssm.send(new DescribeParametersCommand({}))).Parameters, []);
    assert.deepEqual(await find({ Shared: true }), []);
  });

  it('filters by name, path, type and tag, each by one of its values', async () => {
    await put('/filter/a');
    await put('/filter/deep/b', { Type: 'StringList', Tags: [{ Key: 'team', Value: 'web' }] });
    await put('filter-c');
    const path = (Option: string) => ({ Key: 'Path', Option, Values: ['/filter'] });
    assert.deepEqual(await names({ Key: 'Name', Values: ['/filter/a', 'filter-c'] }), [
      '/filter/a',
      'filter-c',
    ]);
    assert.deepEqual(await names({ Key: 'Name', Option: 'BeginsWith', Values: ['/filter/'] }), [
      '/filter/a',
      '/filter/deep/b',
    ]);
    assert.deepEqual(await names({ Key: 'Name', Option: 'Contains', Values: ['deep'] }), ['/filter/deep/b']);
    assert.deepEqual(await names(path('OneLevel')), ['/filter/a']);
    assert.deepEqual(await names(path('Recursive')), ['/filter/a', '/filter/deep/b']);
    assert.deepEqual(await names(path('Recursive'), { Key: 'Type', Values: ['StringList'] }), [
      '/filter/deep/b',
    ]);
    assert.deepEqual(await names({ Key: 'tag:team', Values: ['web', 'shop'] }), ['/filter/deep/b']);
    assert.deepEqual(
      (await find({ Filters: [{ Key: 'Name', Values: ['filter'] }] })).map(({ Name }) => Name),
      ['/filter/a', '/filter/deep/b', 'filter-c'],
    );
  });

  it('refuses filters that the service does not have', async () => {
    await assert.rejects(names({ Key: 'Color', Values: ['red'] }), InvalidFilterKey);
    await assert.rejects(names({ Key: 'constructor', Values: ['red'] }), InvalidFilterKey);
    await assert.rejects(names({ Key: 'Name', Option: 'EndsWith', Values: ['a'] }), InvalidFilterOption);
    await assert.rejects(names({ Key: 'Path', Option: 'Equals', Values: ['/a'] }), InvalidFilterOption);
    await assert.rejects(names({ Key: 'Path', Values: ['a'] }), InvalidFilterValue);
    await assert.rejects(names({ Key: 'Name' }), InvalidFilterValue);
    await assert.rejects(find({ NextToken: 'abc' }), InvalidNextToken);
    await assert.rejects(find({ MaxResults: 51 }), { name: 'ValidationException', message: /'maxResults'/ });
  });

  it('has a deleted parameter no more', async () => {
    await put('/gone');
    const remove = () => sandbox.ssm.send(new DeleteParameterCommand({ Name: '/gone' }));
    await remove();
    assert.deepEqual(await names({ Key: 'Name', Values: ['/gone'] }), []);
    await assert.rejects(remove(), ParameterNotFound);
  });

  for (const [title, name, more, expected] of [
    ['a relative path', 'web/key', {}, { message: 'Parameter name must be a fully qualified name.' }],
    ['a reserved name', '/SSM/x', {}, { message: /^Parameter name: can't be prefixed with "ssm"/ }],
    ["AWS's own name", '/aws/x', {}, { name: 'AccessDeniedException' }],
    ['a name with a space', '/a b', {}, { name: 'ValidationException' }],
    ['too deep a path', '/a'.repeat(16), {}, HierarchyLevelLimitExceededException],
    ['no type', '/new', { Type: undefined }, { message: /A parameter type is required/ }],
    ['an unknown type', '/new', { Type: 'Text' as 'String' }, { message: /enum value set/ }],
    ['no value', '/new', { Value: '' }, { name: 'ValidationException' }],
    ['too long a value', '/new', { Value: 'x'.repeat(4097) }, { message: /4096 characters/ }],
    ['a key for plain text', '/new', { KeyId: 'alias/own' }, { message: /SecureString/ }],
  ] as const) {
    it(`refuses ${title}`, () => assert.rejects(put(name, more), expected as object));
  }

  it('takes longer values in the advanced tier, and chooses it where it may', async () => {
    const Value = 'x'.repeat(8192);
    assert.equal((await put('/advanced', { Tier: 'Advanced', Value })).Tier, 'Advanced');
    assert.equal((await put('/smart', { Tier: 'Intelligent-Tiering', Value })).Tier, 'Advanced');
    assert.equal((await put('/small', { Tier: 'Intelligent-Tiering' })).Tier, 'Standard');
  });

  it('keeps parameters through a restart', async () => {
    await put('/lasting', { Description: 'there before' });
    await sandbox.restart();
    const { Parameters } = await sandbox
      .clients({})
      .ssm.send(new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Name', Values: ['/lasting'] }] }));
    assert.equal(Parameters?.[0]?.Description, 'there before');
  });
});
