import assert from 'node:assert/strict';
import {
  CreateRoleCommand,
  DeleteConflictException,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  EntityAlreadyExistsException,
  GetRoleCommand,
  ListRolesCommand,
  ListUsersCommand,
  MalformedPolicyDocumentException,
  NoSuchEntityException,
  paginateListRoles,
  PutRolePolicyCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { useSandbox } from '../support/sandboxClients';

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
});

describe('IAM of the sandbox', () => {
  const sandbox = useSandbox();
  const create = (RoleName: string, more: object = {}) =>
    sandbox.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST, ...more }));
  const get = (RoleName: string) => sandbox.iam.send(new GetRoleCommand({ RoleName }));

  it('makes a role with all that was said of it', async () => {
    const odd = `ü <b>&amp; "it's" {(*)}!`;
    const made = await create('whole', {
      Path: '/service/web/',
      Description: 'What it is for: <tasks> & "more" &lt;',
      MaxSessionDuration: 7200,
      AssumeRolePolicyDocument: JSON.stringify({ ...(JSON.parse(TRUST) as object), Id: odd }),
      Tags: [
        { Key: 'team', Value: 'web' },
        { Key: 'empty', Value: '' },
      ],
    });
    assert.equal(made.Role?.Arn, 'arn:aws:iam::000000000000:role/service/web/whole');
    const { Role } = await get('whole');
    assert.match(Role?.RoleId ?? '', /^AROA[A-Z2-7]{17}$/);
    assert.equal(Role?.Description, 'What it is for: <tasks> & "more" &lt;');
    assert.equal(Role.MaxSessionDuration, 7200);
    assert.ok(Role.CreateDate instanceof Date && Date.now() - Role.CreateDate.getTime() < 60_000);
    assert.deepEqual(Role.Tags, [
      { Key: 'team', Value: 'web' },
      { Key: 'empty', Value: '' },
    ]);
    assert.match(Role.AssumeRolePolicyDocument ?? '', /^%7B%22Version%22[A-Za-z0-9%._~-]*$/);
    const document = JSON.parse(decodeURIComponent(Role.AssumeRolePolicyDocument ?? '')) as { Id: string };
    assert.equal(document.Id, odd);
  });

  it('lists roles by path, in pages, each once, in whatever region', async () => {
    const names = Array.from({ length: 25 }, (_, index) => `paged-${String(index).padStart(2, '0')}`);
    await Promise.all(names.map((name) => create(name, { Path: '/paged/' })));
    const elsewhere = sandbox.clients({ region: 'ap-southeast-2' });
    const pages: string[][] = [];
    for await (const { Roles = [] } of paginateListRoles(
      { client: elsewhere.iam, pageSize: 10 },
      { PathPrefix: '/paged/' },
    )) {
      pages.push(Roles.map(({ RoleName = '' }) => RoleName));
    }
    assert.deepEqual(
      pages.map(({ length }) => length),
      [10, 10, 5],
    );
    assert.deepEqual(pages.flat(), names);
    const none = await sandbox.iam.send(new ListRolesCommand({ PathPrefix: '/none/' }));
    assert.deepEqual([none.Roles, none.IsTruncated, none.Marker], [[], false, undefined]);
  });

  it('refuses a second role of a name that differs by case only', async () => {
    await create('Twice');
    await assert.rejects(
      create('twice'),
      (error) =>
        error instanceof EntityAlreadyExistsException &&
        error.$metadata.httpStatusCode === 409 &&
        error.message === 'Role with name twice already exists.',
    );
  });

  it('has a deleted role no more, and says so as IAM does', async () => {
    await create('short-lived');
    await sandbox.iam.send(new DeleteRoleCommand({ RoleName: 'short-lived' }));
    for (const again of [
      get('short-lived'),
      sandbox.iam.send(new DeleteRoleCommand({ RoleName: 'never' })),
    ]) {
      await assert.rejects(
        again,
        (error) =>
          error instanceof NoSuchEntityException &&
          error.$metadata.httpStatusCode === 404 &&
          /^The role with name \S+ cannot be found\.$/.test(error.message),
      );
    }
  });

  for (const [title, document, message] of [
    ['no JSON', '{', /invalid Json/],
    ['no statement', '{"Version":"2012-10-17"}', /Syntax errors/],
    ['an unknown version', TRUST.replace('2012-10-17', '2020-01-01'), /valid version string/],
    ['no principal', TRUST.replace('Principal', 'Sid'), /field Principal/],
    ['a resource', TRUST.replace('"Effect"', '"Resource":"*","Effect"'), /prohibited field Resource/],
    ['an action that is not of STS', TRUST.replace('sts:AssumeRole', 'ecs:RunTask'), /only specify STS/],
  ] as const) {
    it(`refuses a trust policy with ${title}`, () =>
      assert.rejects(
        create('untrusted', { AssumeRolePolicyDocument: document }),
        (error) => error instanceof MalformedPolicyDocumentException && message.test(error.message),
      ));
  }

  for (const [title, input, message] of [
    ['a name with a slash', { RoleName: 'a/b' }, /specified value for roleName is invalid/],
    [
      'a name that is too long',
      { RoleName: 'x'.repeat(65) },
      /'roleName' failed .* less than or equal to 64/,
    ],
    ['a path without slashes', { Path: 'service' }, /'path' failed to satisfy constraint/],
    ['an endless session', { MaxSessionDuration: 50_000 }, /'maxSessionDuration' failed/],
  ] as const) {
    it(`refuses ${title}`, () =>
      assert.rejects(create('invalid', input), { name: 'ValidationError', message }));
  }

  it('names required members that are missing', () =>
    assert.rejects(sandbox.iam.send(new CreateRoleCommand({} as never)), {
      name: 'ValidationError',
      message: /^2 validation errors detected: Value null at 'roleName' failed .*'assumeRolePolicyDocument'/,
    }));

  it('refuses a marker that it has not given, and operations that it does not have', async () => {
    await assert.rejects(sandbox.iam.send(new ListRolesCommand({ Marker: 'abc' })), {
      name: 'ValidationError',
    });
    await assert.rejects(sandbox.iam.send(new ListUsersCommand({})), {
      message: 'The sandbox does not serve this operation: ListUsers',
    });
  });

  describe('asked what a role may do', () => {
    const put = (name: string, ...statements: object[]) =>
      sandbox.iam.send(
        new PutRolePolicyCommand({
          RoleName: 'permitted',
          PolicyName: name,
          PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
        }),
      );
    const simulate = async (action: string, ...ResourceArns: string[]): Promise<(string | undefined)[]> => {
      const answer = await sandbox.iam.send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: 'arn:aws:iam::000000000000:role/permitted',
          ActionNames: [action],
          ...(ResourceArns.length > 0 && { ResourceArns }),
        }),
      );
      const [result] = answer.EvaluationResults ?? [];
      return [
        result?.EvalDecision,
        ...(result?.ResourceSpecificResults ?? []).map(({ EvalResourceDecision }) => EvalResourceDecision),
      ];
    };

    before(async () => {
      await create('permitted');
      await put(
        'logs',
        { Effect: 'Allow', Action: 'logs:Create*', Resource: 'arn:aws:logs:*:*:log-group:/ecs/*' },
        { Effect: 'Deny', Action: ['LOGS:CREATELOGGROUP'], Resource: '*:/ecs/secret' },
      );
      await put('more', { Effect: 'Allow', NotAction: 'logs:*', Resource: ['arn:aws:s3:::bucket-?'] });
    });

    it('decides by the statements of all inline policies, a denial first', async () => {
      const group = (name: string): string => `arn:aws:logs:us-east-1:000000000000:log-group:${name}`;
      assert.deepEqual(await simulate('logs:CreateLogGroup', group('/ecs/web')), ['allowed', 'allowed']);
      assert.deepEqual(await simulate('logs:CreateLogGroup', group('/ecs/secret')), [
        'explicitDeny',
        'explicitDeny',
      ]);
      assert.deepEqual(await simulate('logs:CreateLogGroup', group('/ecs/web'), group('/other')), [
        'implicitDeny',
        'allowed',
        'implicitDeny',
      ]);
      assert.deepEqual(await simulate('s3:GetObject', 'arn:aws:s3:::bucket-1'), ['allowed', 'allowed']);
      assert.deepEqual(await simulate('s3:GetObject', 'arn:aws:s3:::bucket-10'), [
        'implicitDeny',
        'implicitDeny',
      ]);
      assert.equal((await simulate('logs:CreateLogGroup'))[0], 'implicitDeny');
    });

    it('knows only roles that are there', () =>
      assert.rejects(
        sandbox.iam.send(
          new SimulatePrincipalPolicyCommand({
            PolicySourceArn: 'arn:aws:iam::000000000000:role/nobody',
            ActionNames: ['logs:CreateLogGroup'],
          }),
        ),
        NoSuchEntityException,
      ));

    it('keeps a role until its policies are deleted', async () => {
      const remove = () => sandbox.iam.send(new DeleteRoleCommand({ RoleName: 'permitted' }));
      await assert.rejects(remove(), DeleteConflictException);
      for (const PolicyName of ['logs', 'more']) {
        await sandbox.iam.send(new DeleteRolePolicyCommand({ RoleName: 'permitted', PolicyName }));
      }
      await remove();
    });
  });

  it('keeps roles through a restart', async () => {
    await create('lasting', { Description: 'there before' });
    await sandbox.restart();
    const { iam } = sandbox.clients({});
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'lasting' }));
    assert.equal(Role?.Description, 'there before');
  });
});
