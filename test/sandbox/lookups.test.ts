import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateAccessPointCommand, CreateFileSystemCommand } from '@aws-sdk/client-efs';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateSecretCommand, DeleteSecretCommand } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { collect } from '../../src/aws/page';
import { createSession, type AwsSession } from '../../src/aws/session';
import { parseSeed } from '../../src/sandbox/seed';
import { awsVariables } from '../support/awsVariables';
import { startTestSandbox, useSandbox } from '../support/sandboxClients';
import { sandboxContext } from '../support/sandboxContext';

const REGION = 'eu-central-1';

function open(endpoint: string, region = REGION): AwsSession {
  return createSession(sandboxContext(endpoint, region));
}

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { Service: ['ecs-tasks.amazonaws.com'] },
    Action: 'sts:AssumeRole',
  },
});

describe('looking up what a task definition refers to', () => {
  const sandbox = useSandbox();
  let session: AwsSession;
  before(() => (session = open(sandbox.endpoint)));
  after(() => session.dispose());

  describe('roles', () => {
    before(async () => {
      // More than a page.
      for (let index = 0; index < 1005; index += 1) {
        await sandbox.iam.send(
          new CreateRoleCommand({
            RoleName: `role-${String(index).padStart(4, '0')}`,
            Path: '/many/',
            AssumeRolePolicyDocument: TRUST,
            ...(index === 0 && { Description: 'The first' }),
          }),
        );
      }
    });

    it('gives each once, page by page, with its trust policy', async () => {
      const sizes: number[] = [];
      const names = new Set<string>();
      for await (const page of session.iam.roles()) {
        sizes.push(page.length);
        page.forEach(({ name }) => names.add(name));
      }
      assert.deepEqual(sizes, [1000, 5]);
      assert.equal(names.size, 1005);
    });

    it('gives one by its name', async () => {
      const { createdAt, ...role } = await session.iam.role('role-0000');
      assert.deepEqual(role, {
        arn: 'arn:aws:iam::000000000000:role/many/role-0000',
        name: 'role-0000',
        description: 'The first',
        trustPolicy: JSON.parse(TRUST) as unknown,
      });
      assert.ok(createdAt instanceof Date);
      await assert.rejects(session.iam.role('nobody'), {
        reason: 'notFound',
        message: /^Could not look up the IAM role nobody \(Local Sandbox · eu-central-1\): .*cannot be found/,
      });
    });

    it('gives what one may do', async () => {
      const statement = { Effect: 'Allow', Action: 'logs:CreateLogGroup', Resource: '*:log-group:/ecs/*' };
      await sandbox.iam.send(
        new PutRolePolicyCommand({
          RoleName: 'role-0000',
          PolicyName: 'logs',
          PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: statement }),
        }),
      );
      const allows = (group: string): Promise<boolean> =>
        session.iam.allows('arn:aws:iam::000000000000:role/many/role-0000', 'logs:CreateLogGroup', [
          `arn:aws:logs:${REGION}:000000000000:log-group:${group}`,
        ]);
      assert.equal(await allows('/ecs/web'), true);
      assert.equal(await allows('/other'), false);
    });
  });

  describe('secrets', () => {
    before(async () => {
      for (let index = 0; index < 105; index += 1) {
        await sandbox.secretsManager.send(
          new CreateSecretCommand({ Name: `secret-${index}`, Description: 'For tests' }),
        );
      }
      await sandbox.secretsManager.send(new DeleteSecretCommand({ SecretId: 'secret-104' }));
    });

    it('gives each once, page by page, but none that is marked for deletion', async () => {
      const secrets = await collect(session.secrets.secrets());
      assert.equal(new Set(secrets.map(({ arn }) => arn)).size, 104);
      assert.ok(secrets.every(({ name }) => name !== 'secret-104'));
    });

    it('gives one by its name or ARN, and when it was marked for deletion', async () => {
      const secret = await session.secrets.secret('secret-1');
      assert.equal(secret.description, 'For tests');
      assert.ok(secret.lastChanged instanceof Date);
      assert.deepEqual(await session.secrets.secret(secret.arn), secret);
      assert.ok((await session.secrets.secret('secret-104')).deletedAt instanceof Date);
      await assert.rejects(session.secrets.secret('none'), { reason: 'notFound', message: /secret none/ });
    });
  });

  describe('parameters', () => {
    before(async () => {
      for (const Name of [
        'plain',
        '/rooted',
        ...Array.from({ length: 60 }, (_, index) => `/many/${index}`),
      ]) {
        await sandbox.ssm.send(new PutParameterCommand({ Name, Type: 'String', Value: 'text' }));
      }
    });

    it('gives each once, page by page', async () => {
      const sizes: number[] = [];
      for await (const page of session.parameters.parameters()) {
        sizes.push(page.length);
      }
      assert.deepEqual(sizes, [50, 12]);
    });

    it('gives one by its name or by its ARN, which does not tell whether the name begins with a slash', async () => {
      const arn = (name: string): string => `arn:aws:ssm:${REGION}:000000000000:parameter/${name}`;
      for (const [asked, name] of [
        ['plain', 'plain'],
        [arn('plain'), 'plain'],
        [arn('rooted'), '/rooted'],
        [arn('many/7'), '/many/7'],
      ] as const) {
        const found = await session.parameters.parameter(asked);
        assert.deepEqual([found.name, found.type, found.version], [name, 'String', 1], asked);
      }
      for (const missing of ['rooted', arn('many'), '/many/70']) {
        await assert.rejects(session.parameters.parameter(missing), { reason: 'notFound' }, missing);
      }
    });
  });

  describe('file systems', () => {
    let id = '';
    before(async () => {
      for (let index = 0; index < 101; index += 1) {
        const made = await sandbox.efs.send(
          new CreateFileSystemCommand({
            CreationToken: `token-${index}`,
            Encrypted: true,
            Tags: [{ Key: 'Name', Value: 'Data' }],
          }),
        );
        id = made.FileSystemId ?? '';
        await sandbox.efs.send(
          new CreateAccessPointCommand({
            ClientToken: `point-${index}`,
            FileSystemId: id,
            RootDirectory: { Path: '/uploads' },
          }),
        );
      }
    });

    it('gives each once, page by page', async () => {
      const all = await collect(session.fileSystems.fileSystems());
      assert.equal(new Set(all.map((fileSystem) => fileSystem.id)).size, 101);
    });

    it('gives one, its access points, and one of these', async () => {
      assert.deepEqual(await session.fileSystems.fileSystem(id), {
        id,
        arn: `arn:aws:elasticfilesystem:${REGION}:000000000000:file-system/${id}`,
        name: 'Data',
        state: 'available',
        encrypted: true,
        sizeBytes: 6144,
      });
      const [point, ...more] = await collect(session.fileSystems.accessPoints(id));
      assert.deepEqual(more, []);
      assert.deepEqual(
        [point?.fileSystemId, point?.rootDirectory, point?.state],
        [id, '/uploads', 'available'],
      );
      assert.deepEqual(await session.fileSystems.accessPoint(point?.id ?? ''), point);
    });

    it('says what is not there', async () => {
      const { fileSystems } = session;
      const none = { reason: 'notFound' };
      await assert.rejects(fileSystems.fileSystem('fs-00000000000000000'), none);
      await assert.rejects(fileSystems.accessPoint('fsap-00000000000000000'), none);
      await assert.rejects(collect(fileSystems.accessPoints('fs-00000000000000000')), none);
      await assert.rejects(fileSystems.fileSystem('data'), { reason: 'requestRefused' });
    });
  });

  it('gives log groups by the beginning of their names, all pages', async () => {
    for (let index = 0; index < 60; index += 1) {
      await sandbox.logs.send(new CreateLogGroupCommand({ logGroupName: `/ecs/group-${index}` }));
    }
    await sandbox.logs.send(new CreateLogGroupCommand({ logGroupName: 'other' }));
    assert.equal((await collect(session.logs.groups('/ecs/'))).length, 60);
    assert.equal((await collect(session.logs.groups())).length, 61);
    assert.equal((await session.logs.group('/ecs/group-5'))?.logGroupName, '/ecs/group-5');
    assert.equal(await session.logs.group('/ecs/group'), undefined);
  });

  describe('of a service in trouble', () => {
    afterEach(() => sandbox.control('DELETE', 'faults'));

    for (const [operation, look] of [
      ['ListRoles', (): Promise<unknown> => collect(session.iam.roles())],
      ['ListSecrets', (): Promise<unknown> => collect(session.secrets.secrets())],
      ['DescribeParameters', (): Promise<unknown> => session.parameters.parameter('plain')],
      ['DescribeFileSystems', (): Promise<unknown> => collect(session.fileSystems.fileSystems())],
    ] as const) {
      for (const kind of ['throttle', 'error', 'drop', 'expiredToken'] as const) {
        it(`succeeds in spite of one ${kind} of ${operation}`, async () => {
          await sandbox.control('POST', 'faults', { operation, kind, count: 1 });
          await look();
        });
      }

      it(`says that ${operation} is not permitted, and which permission it takes`, async () => {
        await sandbox.control('POST', 'faults', { operation, kind: 'accessDenied' });
        await assert.rejects(look(), {
          reason: 'accessDenied',
          message: new RegExp(`not authorized to perform: \\w+:${operation} `),
        });
      });

      it(`says that the credentials for ${operation} have expired`, async () => {
        await sandbox.control('POST', 'faults', { operation, kind: 'expiredToken' });
        await assert.rejects(look(), { reason: 'credentialsExpired' });
      });
    }

    it('stops when it is cancelled', async () => {
      await sandbox.control('POST', 'faults', { operation: '*', kind: 'delay', delayMs: 60_000 });
      const signal = AbortSignal.timeout(100);
      await assert.rejects(session.iam.role('role-0000', signal), { reason: 'cancelled' });
      await assert.rejects(session.fileSystems.fileSystem('fs-00000000', signal), { reason: 'cancelled' });
    });
  });

  describe('across regions', () => {
    it('finds roles from every region, and the rest in its own region only', async () => {
      await sandbox.iam.send(
        new CreateRoleCommand({ RoleName: 'everywhere', AssumeRolePolicyDocument: TRUST }),
      );
      const elsewhere = open(sandbox.endpoint, 'us-east-1');
      assert.equal((await elsewhere.iam.role('everywhere')).name, 'everywhere');
      assert.deepEqual(await collect(elsewhere.secrets.secrets()), []);
      assert.deepEqual(await collect(elsewhere.parameters.parameters()), []);
      assert.deepEqual(await collect(elsewhere.fileSystems.fileSystems()), []);
      elsewhere.dispose();
    });
  });
});

describe('the endpoints of what is looked up', () => {
  const variables = awsVariables();
  const sandbox = useSandbox();

  for (const [name, look] of [
    ['IAM', (session: AwsSession): Promise<unknown> => collect(session.iam.roles())],
    ['SECRETS_MANAGER', (session: AwsSession): Promise<unknown> => collect(session.secrets.secrets())],
    ['SSM', (session: AwsSession): Promise<unknown> => collect(session.parameters.parameters())],
    ['EFS', (session: AwsSession): Promise<unknown> => collect(session.fileSystems.fileSystems())],
  ] as const) {
    it(`can be set for ${name} alone`, async () => {
      variables.set({
        AWS_ACCESS_KEY_ID: 'AKIAEXAMPLEEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'example',
        AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
        [`AWS_ENDPOINT_URL_${name}`]: sandbox.endpoint,
      });
      const session = createSession({ label: 'test', source: { kind: 'default' }, region: REGION });
      assert.deepEqual(await look(session), []);
      session.dispose();
    });
  }
});

describe('the default seed', () => {
  it('has what the sample refers to, and something of each kind to choose from', async () => {
    const file = join(__dirname, '../../media/sandboxSeed.json');
    const sandbox = await startTestSandbox({ seed: parseSeed(readFileSync(file, 'utf8'), file) });
    const session = open(sandbox.endpoint, 'us-east-1');
    try {
      const roles = await collect(session.iam.roles());
      const trusts = (service: string): string[] =>
        roles
          .filter(({ trustPolicy }) => JSON.stringify(trustPolicy).includes(service))
          .map(({ arn }) => arn.replace('arn:aws:iam::000000000000:role/', ''));
      assert.deepEqual(trusts('ecs-tasks.amazonaws.com'), ['ecsTaskExecutionRole', 'webTaskRole']);
      assert.deepEqual(trusts('lambda.amazonaws.com'), ['service-role/reportFunctionRole']);
      assert.equal((await collect(session.secrets.secrets())).length, 1);
      assert.equal((await collect(session.parameters.parameters())).length, 2);
      const [fileSystem, ...others] = await collect(session.fileSystems.fileSystems());
      assert.deepEqual(others, []);
      assert.equal((await collect(session.fileSystems.accessPoints(fileSystem?.id ?? ''))).length, 1);
      const sample = JSON.parse(
        readFileSync(join(__dirname, '../../samples/web/task-definition.json'), 'utf8'),
      ) as { executionRoleArn: string };
      assert.ok(roles.some(({ arn }) => arn === sample.executionRoleArn));
    } finally {
      session.dispose();
      await sandbox.close();
    }
  });
});
