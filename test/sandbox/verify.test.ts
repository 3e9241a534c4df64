import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateAccessPointCommand, CreateFileSystemCommand } from '@aws-sdk/client-efs';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateSecretCommand, DeleteSecretCommand } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import type { AwsContext } from '../../src/aws/context';
import { SessionPool } from '../../src/aws/session';
import { createAwsLookups } from '../../src/editor/language/awsLookups';
import { parseTaskDefinition } from '../../src/taskdef/document/taskDefinitionDocument';
import { verify, type Verification } from '../../src/taskdef/verify/verify';
import { useSandbox } from '../support/sandboxClients';
import { sandboxContext } from '../support/sandboxContext';
import { TinyImages } from '../support/tinyImage';

const REGION = 'eu-central-1';
const OTHER_REGION = 'eu-west-1';
const ACCOUNT = '000000000000';

const TRUST = (service: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });

describe('A verification against the sandbox', () => {
  const sandbox = useSandbox();
  const sessions = new SessionPool();
  let secretArn = '';
  let deletedSecretArn = '';
  let fileSystemId = '';
  let otherFileSystemId = '';
  let accessPointId = '';

  const context = (): AwsContext => sandboxContext(sandbox.endpoint, REGION);
  const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
  const imageUri = (name: string): string => `${sandbox.registry}/${name}`;

  before(async () => {
    const session = sessions.get(context());
    await session.ecr.createRepository({ repositoryName: 'team/web' });
    const images = new TinyImages(await session.ecr.authorization(), 'team/web');
    const amd64 = await images.push('one', 'amd64');
    await images.pushIndex({ amd64, arm64: await images.push('other') }, 'multi');
    await sandbox.logs.send(new CreateLogGroupCommand({ logGroupName: '/ecs/web' }));
    await sandbox
      .clients({ region: OTHER_REGION })
      .logs.send(new CreateLogGroupCommand({ logGroupName: '/ecs/far' }));

    const { iam, secretsManager, ssm, efs } = sandbox;
    await iam.send(
      new CreateRoleCommand({
        RoleName: 'exec',
        Path: '/service/',
        AssumeRolePolicyDocument: TRUST('ecs-tasks.amazonaws.com'),
      }),
    );
    await iam.send(
      new CreateRoleCommand({ RoleName: 'host', AssumeRolePolicyDocument: TRUST('ec2.amazonaws.com') }),
    );
    await iam.send(
      new CreateRoleCommand({
        RoleName: 'creator',
        AssumeRolePolicyDocument: TRUST('ecs-tasks.amazonaws.com'),
      }),
    );
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: 'creator',
        PolicyName: 'logs',
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: 'logs:CreateLogGroup',
              Resource: 'arn:aws:logs:*:*:log-group:/ecs/new:*',
            },
          ],
        }),
      }),
    );
    secretArn =
      (await secretsManager.send(new CreateSecretCommand({ Name: 'db', SecretString: 'hush' }))).ARN ?? '';
    const deleted = await secretsManager.send(new CreateSecretCommand({ Name: 'old', SecretString: 'hush' }));
    deletedSecretArn = deleted.ARN ?? '';
    await secretsManager.send(new DeleteSecretCommand({ SecretId: 'old' }));
    await ssm.send(new PutParameterCommand({ Name: '/web/url', Value: 'hush', Type: 'SecureString' }));
    fileSystemId = (await efs.send(new CreateFileSystemCommand({ CreationToken: 'a' }))).FileSystemId ?? '';
    otherFileSystemId =
      (await efs.send(new CreateFileSystemCommand({ CreationToken: 'b' }))).FileSystemId ?? '';
    const point = await efs.send(
      new CreateAccessPointCommand({ ClientToken: 'a', FileSystemId: otherFileSystemId }),
    );
    accessPointId = point.AccessPointId ?? '';
  });
  after(() => sessions.dispose());
  afterEach(() => sandbox.control('DELETE', 'faults'));

  const check = (definition: object): Promise<Verification> =>
    verify(parseTaskDefinition(JSON.stringify(definition)), createAwsLookups(sessions, context()));

  /** A definition for Fargate of one container. */
  const task = (container: object, members: object = {}): object => ({
    family: 'web',
    requiresCompatibilities: ['FARGATE'],
    containerDefinitions: [{ name: 'web', ...container }],
    ...members,
  });
  const rules = ({ findings }: Verification): string[] => findings.map(({ rule }) => rule);
  const logging = (group: string, region = REGION, more: object = {}): object => ({
    logConfiguration: {
      logDriver: 'awslogs',
      options: { 'awslogs-group': group, 'awslogs-region': region, ...more },
    },
  });
  const secretsOf = (...values: string[]): object => ({
    secrets: values.map((valueFrom, index) => ({ name: `S${index}`, valueFrom })),
  });
  const mounting = (fileSystem: string, accessPoint?: string): object => ({
    volumes: [
      {
        name: 'data',
        efsVolumeConfiguration: {
          fileSystemId: fileSystem,
          ...(accessPoint && { authorizationConfig: { accessPointId: accessPoint } }),
        },
      },
    ],
  });

  it('finds nothing wrong where all is there', async () => {
    const all = await check({
      ...task({
        image: imageUri('team/web:amd64'),
        ...logging('/ecs/web'),
        ...secretsOf(
          secretArn,
          `${secretArn}:key::`,
          '/web/url',
          `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/web/url`,
        ),
      }),
      executionRoleArn: roleArn('service/exec'),
      taskRoleArn: roleArn('creator'),
      ...mounting(otherFileSystemId, accessPointId),
    });
    assert.deepEqual(all.findings, []);
    assert.deepEqual(all.notChecked, []);
    assert.equal(all.checked, 9);
    assert.equal(all.missing, 0);
  });

  it('tells an image that is missing from a repository that is', async () => {
    const { findings } = await check({
      family: 'web',
      containerDefinitions: [
        { name: 'a', image: imageUri('team/web:v9') },
        { name: 'b', image: imageUri('team/other:v1') },
      ],
    });
    assert.deepEqual(
      findings.map(({ rule, message }) => [rule, message.replace(/\. .*/, '.')]),
      [
        ['verify-image-missing', 'ECR has no image v9 in the repository team/web (eu-central-1).'],
        ['verify-image-missing', 'ECR has no repository team/other in eu-central-1.'],
      ],
    );
  });

  it('does not miss an image that a rule brings when it is first pulled', async () => {
    const server = createServer((request, response) => {
      const rules = String(request.headers['x-amz-target']).endsWith('DescribePullThroughCacheRules');
      response.writeHead(rules ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(
        JSON.stringify(
          rules
            ? {
                pullThroughCacheRules: [
                  { ecrRepositoryPrefix: 'hub', upstreamRegistryUrl: 'registry-1.docker.io' },
                ],
              }
            : { __type: 'RepositoryNotFoundException', message: 'No.' },
        ),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      const lookups = createAwsLookups(sessions, { ...context(), endpoint: `http://${host}` });
      assert.deepEqual(await lookups.image(`${host}/hub/library/nginx:1`), {
        kind: 'unknown',
        reason: 'pulledThrough',
        registry: 'registry-1.docker.io',
      });
      assert.equal((await lookups.image(`${host}/hubs/nginx:1`)).kind, 'absent');
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  it('reads the platform from an image and from an index', async () => {
    const arm = { runtimePlatform: { cpuArchitecture: 'ARM64' } };
    assert.deepEqual(rules(await check(task({ image: imageUri('team/web:amd64') }, arm))), [
      'verify-image-platform',
    ]);
    assert.deepEqual(rules(await check(task({ image: imageUri('team/web:multi') }, arm))), []);
  });

  it('looks for log groups in the region that they name', async () => {
    assert.deepEqual(rules(await check(task(logging('/ecs/far', OTHER_REGION)))), []);
    assert.deepEqual(rules(await check(task(logging('/ecs/far')))), ['verify-log-group-missing']);
  });

  it('asks whether the role may create a log group', async () => {
    const creating = { 'awslogs-create-group': 'true' };
    const by = (role: string, group: string): Promise<Verification> =>
      check({ ...task(logging(group, REGION, creating)), executionRoleArn: roleArn(role) });
    assert.deepEqual(rules(await by('creator', '/ecs/new')), []);
    assert.deepEqual(rules(await by('creator', '/ecs/newer')), ['verify-log-group-creation']);
    const refused = await by('service/exec', '/ecs/new');
    assert.deepEqual(
      refused.findings.map(({ rule, severity }) => [rule, severity]),
      [['verify-log-group-creation', 'error']],
    );
  });

  it('finds roles that are missing, have another path or trust another service', async () => {
    const roles = await check({
      ...task({}),
      executionRoleArn: roleArn('exec'),
      taskRoleArn: roleArn('host'),
    });
    assert.deepEqual(rules(roles).sort(), ['verify-role-missing', 'verify-role-trust']);
    assert.match(roles.findings.map(({ message }) => message).join(), /role\/service\/exec/);
    assert.deepEqual(rules(await check({ ...task({}), taskRoleArn: roleArn('nobody') })), [
      'verify-role-missing',
    ]);
  });

  it('finds secrets and parameters that are missing or being deleted', async () => {
    const { findings } = await check(
      task(
        secretsOf(
          deletedSecretArn,
          `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:none-AbCdEf`,
          '/web/none',
          secretArn.replace(REGION, OTHER_REGION),
        ),
      ),
    );
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ['verify-secret-deleted', 'verify-secret-missing', 'verify-parameter-missing', 'verify-secret-missing'],
    );
    assert.match(findings[3]?.message ?? '', /no such secret in eu-west-1/);
  });

  it('finds file systems and access points that are missing or of another file system', async () => {
    assert.deepEqual(
      rules(await check({ ...task({}), ...mounting('fs-00000000000000000', accessPointId) })),
      ['verify-file-system-missing', 'verify-access-point-file-system'],
    );
    assert.deepEqual(
      rules(await check({ ...task({}), ...mounting(fileSystemId, 'fsap-00000000000000000') })),
      ['verify-access-point-missing'],
    );
  });

  it('is no failure for want of a permission, and names it', async () => {
    const cases: readonly (readonly [operation: string, definition: object, permission: string])[] = [
      ['DescribeImages', task({ image: imageUri('team/web:amd64') }), 'ecr:DescribeImages'],
      ['BatchGetImage', task({ image: imageUri('team/web:amd64') }), 'ecr:BatchGetImage'],
      ['GetRole', { ...task({}), taskRoleArn: roleArn('creator') }, 'iam:GetRole'],
      ['DescribeSecret', task(secretsOf(secretArn)), 'secretsmanager:DescribeSecret'],
      ['DescribeParameters', task(secretsOf('/web/url')), 'ssm:DescribeParameters'],
      ['DescribeLogGroups', task(logging('/ecs/web')), 'logs:DescribeLogGroups'],
      [
        'DescribeFileSystems',
        { ...task({}), ...mounting(fileSystemId) },
        'elasticfilesystem:DescribeFileSystems',
      ],
    ];
    for (const [operation, definition, permission] of cases) {
      await sandbox.control('POST', 'faults', { operation, kind: 'accessDenied', count: 1 });
      const { findings, missing } = await check(definition);
      assert.deepEqual(
        findings.map(({ rule, severity }) => [rule, severity]),
        [['verify-not-checked', 'information']],
        operation,
      );
      assert.ok(findings[0]?.message.includes(`lack the permission ${permission}.`), findings[0]?.message);
      assert.equal(missing, 0);
    }
  });

  it('goes on where one service fails', async () => {
    await sandbox.control('POST', 'faults', { operation: 'DescribeLogGroups', kind: 'error', count: 20 });
    const { findings, checked } = await check(
      task({ image: imageUri('team/web:amd64'), ...logging('/ecs/web') }),
    );
    assert.equal(checked, 1);
    assert.match(
      findings[0]?.message ?? '',
      /The log group was not checked: Could not look for the log group/,
    );
  });

  it('asks no host that the text makes up by its region', async () => {
    const lookups = createAwsLookups(
      {
        get: ({ region, ...rest }) => {
          assert.equal(region, REGION);
          return sessions.get({ region, ...rest });
        },
      },
      context(),
    );
    const unreadable = { kind: 'unknown', reason: 'unreadable' };
    assert.deepEqual(await lookups.logGroup('/ecs/web', 'evil.example/'), unreadable);
    assert.deepEqual(await lookups.secret(`arn:aws:secretsmanager:x@evil:${ACCOUNT}:secret:db`), unreadable);
    assert.deepEqual(await lookups.image(`${ACCOUNT}.dkr.ecr.evil.amazonaws.com/web:1`), unreadable);
  });

  it('does not ask for what belongs to another account', async () => {
    const { findings, checked, notChecked } = await check({
      ...task({
        image: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/web:amd64',
        ...secretsOf('arn:aws:ssm:eu-central-1:123456789012:parameter/a'),
      }),
      taskRoleArn: 'arn:aws:iam::123456789012:role/creator',
    });
    assert.equal(checked, 0);
    assert.equal(notChecked.length, 3);
    assert.ok(findings.every(({ message }) => message.includes('another account, 123456789012')));
  });
});
