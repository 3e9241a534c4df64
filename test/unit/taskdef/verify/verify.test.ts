import assert from 'node:assert/strict';
import { UserError } from '../../../../src/base/errors';
import { parseTaskDefinition } from '../../../../src/taskdef/document/taskDefinitionDocument';
import type { Answer, ImageFacts, RoleFacts } from '../../../../src/taskdef/lookups';
import { verify, type Verification } from '../../../../src/taskdef/verify/verify';
import { FakeLookups, found, NOT_PERMITTED, type FakeAws } from './fakeLookups';

const ROLE = 'arn:aws:iam::123456789012:role/ecsTaskExecutionRole';
const SECRET = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf';

const image = (...platforms: string[]): Answer<ImageFacts> =>
  found({ repository: 'web', digest: 'sha256:0', tags: ['1'], platforms: found(platforms) });

const role = (service: string): Answer<RoleFacts> =>
  found({
    arn: ROLE,
    name: 'ecsTaskExecutionRole',
    trustPolicy: {
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    },
  });

/** A definition for Fargate with one container of these members. */
const definition = (container: object, members: object = {}): string =>
  JSON.stringify({
    family: 'web',
    requiresCompatibilities: ['FARGATE'],
    ...members,
    containerDefinitions: [{ name: 'web', ...container }],
  });

const logging = (options: object, logDriver = 'awslogs'): object => ({
  logConfiguration: {
    logDriver,
    options: { 'awslogs-group': '/ecs/web', 'awslogs-region': 'eu-west-1', ...options },
  },
});

const mounting = (authorization: object = {}): object => ({
  volumes: [
    { name: 'data', efsVolumeConfiguration: { fileSystemId: 'fs-1', authorizationConfig: authorization } },
  ],
});

const check = (text: string, aws: FakeAws): Promise<Verification> =>
  verify(parseTaskDefinition(text), new FakeLookups(aws));

interface Case {
  readonly it: string;
  readonly text: string;
  readonly aws: FakeAws;
  /** Rule, severity and token of each finding; none when all is well. */
  readonly finds: readonly (readonly [rule: string, severity: string, token: string])[];
  readonly says?: RegExp;
}

const CASES: readonly Case[] = [
  {
    it: 'finds nothing wrong with an image of the platform',
    text: definition({ image: 'web:1' }),
    aws: { image: { 'web:1': image('linux/amd64') } },
    finds: [],
  },
  {
    it: 'finds nothing wrong with an index that has the platform',
    text: definition({ image: 'web:1' }, { runtimePlatform: { cpuArchitecture: 'ARM64' } }),
    aws: { image: { 'web:1': image('linux/amd64', 'linux/arm64/v8') } },
    finds: [],
  },
  {
    it: 'reports an image that is not there',
    text: definition({ image: 'web:1' }),
    aws: {},
    finds: [['verify-image-missing', 'error', '"web:1"']],
    says: /AWS has no image web:1\. Push it/,
  },
  {
    it: 'reports an image of another architecture than the one of the file',
    text: definition({ image: 'web:1' }, { runtimePlatform: { cpuArchitecture: 'ARM64' } }),
    aws: { image: { 'web:1': image('linux/amd64') } },
    finds: [['verify-image-platform', 'error', '"web:1"']],
    says: /for linux\/amd64, and the task runs on linux\/arm64/,
  },
  {
    it: 'takes X86_64 for what Fargate runs on by default',
    text: definition({ image: 'web:1' }),
    aws: { image: { 'web:1': image('linux/arm64') } },
    finds: [['verify-image-platform', 'error', '"web:1"']],
  },
  {
    it: 'only warns where an EC2 instance may be of the architecture',
    text: definition({ image: 'web:1' }, { requiresCompatibilities: ['EC2'] }),
    aws: { image: { 'web:1': image('linux/arm64') } },
    finds: [['verify-image-platform', 'warning', '"web:1"']],
  },
  {
    it: 'reports a Linux image for Windows',
    text: definition(
      { image: 'web:1' },
      { runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } },
    ),
    aws: { image: { 'web:1': image('linux/amd64') } },
    finds: [['verify-image-platform', 'error', '"web:1"']],
  },
  {
    it: 'says nothing of platforms beside a placeholder',
    text: definition({ image: 'web:1' }, { runtimePlatform: { cpuArchitecture: '${ARCH}' } }),
    aws: { image: { 'web:1': image('linux/arm64') } },
    finds: [],
  },
  {
    it: 'says nothing of platforms of an image that tells none',
    text: definition({ image: 'web:1' }),
    aws: { image: { 'web:1': image() } },
    finds: [],
  },
  {
    it: 'says that the platform was not read for want of a permission',
    text: definition({ image: 'web:1' }),
    aws: {
      image: {
        'web:1': found({ repository: 'web', digest: 'sha256:0', tags: [], platforms: NOT_PERMITTED }),
      },
    },
    finds: [['verify-not-checked', 'information', '"web:1"']],
    says: /platform of the image was not checked: .* permission x:Describe/,
  },
  {
    it: 'finds nothing wrong with a role that tasks can assume',
    text: definition({}, { executionRoleArn: ROLE }),
    aws: { role: { [ROLE]: role('ecs-tasks.amazonaws.com') } },
    finds: [],
  },
  {
    it: 'reports a role that is not there',
    text: definition({}, { taskRoleArn: ROLE }),
    aws: {},
    finds: [['verify-role-missing', 'error', `"${ROLE}"`]],
  },
  {
    it: 'reports a role that trusts another service',
    text: definition({}, { executionRoleArn: ROLE }),
    aws: { role: { [ROLE]: role('ec2.amazonaws.com') } },
    finds: [['verify-role-trust', 'error', `"${ROLE}"`]],
    says: /does not trust ecs-tasks\.amazonaws\.com/,
  },
  {
    it: 'says when a trust policy cannot be read',
    text: definition({}, { executionRoleArn: ROLE }),
    aws: { role: { [ROLE]: found({ arn: ROLE, name: 'r', trustPolicy: undefined }) } },
    finds: [['verify-not-checked', 'information', `"${ROLE}"`]],
  },
  {
    it: 'finds nothing wrong with a secret, without asking for its key',
    text: definition({ secrets: [{ name: 'DB', valueFrom: `${SECRET}:password::` }] }),
    aws: { secret: { [SECRET]: found({ name: 'db' }) } },
    finds: [],
  },
  {
    it: 'reports a secret that is not there',
    text: definition({ secrets: [{ name: 'DB', valueFrom: SECRET }] }),
    aws: {},
    finds: [['verify-secret-missing', 'error', `"${SECRET}"`]],
  },
  {
    it: 'reports a secret that is being deleted',
    text: definition({ secrets: [{ name: 'DB', valueFrom: SECRET }] }),
    aws: { secret: { [SECRET]: found({ name: 'db', deletedAt: new Date('2026-03-01') }) } },
    finds: [['verify-secret-deleted', 'error', `"${SECRET}"`]],
    says: /on 2026-03-01/,
  },
  {
    it: 'reports a parameter that is not there',
    text: definition({ secrets: [{ name: 'DB', valueFrom: '/db/password' }] }),
    aws: {},
    finds: [['verify-parameter-missing', 'error', '"/db/password"']],
  },
  {
    it: 'looks for the secrets of log drivers and registries too',
    text: definition({
      logConfiguration: {
        logDriver: 'splunk',
        secretOptions: [{ name: 'splunk-token', valueFrom: '/token' }],
      },
      repositoryCredentials: { credentialsParameter: 'registry' },
    }),
    aws: {},
    finds: [
      ['verify-parameter-missing', 'error', '"/token"'],
      ['verify-secret-missing', 'error', '"registry"'],
    ],
  },
  {
    it: 'finds a log group in the region that the option names',
    text: definition(logging({ 'awslogs-region': 'eu-west-3' })),
    aws: { logGroup: { 'eu-west-3//ecs/web': found({ name: '/ecs/web' }) } },
    finds: [],
  },
  {
    it: 'reports a log group that is not there',
    text: definition(logging({})),
    aws: {},
    finds: [['verify-log-group-missing', 'error', '"/ecs/web"']],
    says: /awslogs-create-group/,
  },
  {
    it: 'says what a log group needs that is to be created',
    text: definition(logging({ 'awslogs-create-group': 'true' })),
    aws: {},
    finds: [['verify-log-group-creation', 'information', '"/ecs/web"']],
    says: /if the execution role has the permission logs:CreateLogGroup\.$/,
  },
  {
    it: 'finds nothing wrong with a log group that the role may create',
    text: definition(logging({ 'awslogs-create-group': 'true' }), { executionRoleArn: ROLE }),
    aws: { role: { [ROLE]: role('ecs-tasks.amazonaws.com') }, mayCreateLogGroup: { [ROLE]: found(true) } },
    finds: [],
  },
  {
    it: 'reports a log group that the role may not create',
    text: definition(logging({ 'awslogs-create-group': 'true' }), { executionRoleArn: ROLE }),
    aws: { role: { [ROLE]: role('ecs-tasks.amazonaws.com') }, mayCreateLogGroup: { [ROLE]: found(false) } },
    finds: [['verify-log-group-creation', 'error', '"/ecs/web"']],
  },
  {
    it: 'says why it is not known whether the role may create a log group',
    text: definition(logging({ 'awslogs-create-group': 'true' }), { executionRoleArn: ROLE }),
    aws: { role: { [ROLE]: role('ecs-tasks.amazonaws.com') }, mayCreateLogGroup: { [ROLE]: NOT_PERMITTED } },
    finds: [['verify-log-group-creation', 'information', '"/ecs/web"']],
    says: /Whether it has was not checked: .*x:Describe/,
  },
  {
    it: 'reports a log driver that Fargate does not have',
    text: definition(logging({}, 'syslog')),
    aws: {},
    finds: [['verify-log-driver', 'error', '"syslog"']],
  },
  {
    it: 'finds nothing wrong with a file system and its access point',
    text: definition({}, mounting({ accessPointId: 'fsap-1' })),
    aws: {
      fileSystem: { 'fs-1': found({ id: 'fs-1', state: 'available' }) },
      accessPoint: { 'fsap-1': found({ id: 'fsap-1', fileSystemId: 'fs-1', state: 'available' }) },
    },
    finds: [],
  },
  {
    it: 'reports a file system and an access point that are not there',
    text: definition({}, mounting({ accessPointId: 'fsap-1' })),
    aws: {},
    finds: [
      ['verify-file-system-missing', 'error', '"fs-1"'],
      ['verify-access-point-missing', 'error', '"fsap-1"'],
    ],
  },
  {
    it: 'reports a file system that is going',
    text: definition({}, mounting()),
    aws: { fileSystem: { 'fs-1': found({ id: 'fs-1', state: 'deleting' }) } },
    finds: [['verify-file-system-state', 'error', '"fs-1"']],
  },
  {
    it: 'reports an access point of another file system',
    text: definition({}, mounting({ accessPointId: 'fsap-1' })),
    aws: {
      fileSystem: { 'fs-1': found({ id: 'fs-1' }) },
      accessPoint: { 'fsap-1': found({ id: 'fsap-1', fileSystemId: 'fs-2' }) },
    },
    finds: [['verify-access-point-file-system', 'error', '"fsap-1"']],
    says: /belongs to the file system fs-2, not to fs-1/,
  },
];

describe('A verification', () => {
  for (const { it: title, text, aws, finds, says } of CASES) {
    it(title, async () => {
      const { findings } = await check(text, aws);
      assert.deepEqual(
        findings.map(({ rule, severity, span }) => [
          rule,
          severity,
          text.slice(span.offset, span.offset + span.length),
        ]),
        finds,
      );
      assert.match(findings[0]?.message ?? '', says ?? /^/);
    });
  }

  it('asks for each thing once, and reports it wherever it stands', async () => {
    const text = JSON.stringify({
      family: 'web',
      taskRoleArn: ROLE,
      executionRoleArn: ROLE,
      containerDefinitions: ['a', 'b', 'c'].map((name) => ({ name, image: 'web:1' })),
    });
    const lookups = new FakeLookups({ role: { [ROLE]: role('ecs-tasks.amazonaws.com') } });
    const { findings, checked, missing } = await verify(parseTaskDefinition(text), lookups);
    assert.deepEqual(lookups.asked.sort(), ['image web:1', `role ${ROLE}`]);
    assert.deepEqual({ checked, missing }, { checked: 2, missing: 1 });
    assert.deepEqual(
      findings.map(({ span }) => span.offset),
      [...text.matchAll(/"web:1"/g)].map(({ index }) => index),
    );
  });

  it('asks once whether the role may create a group that several containers log to', async () => {
    const text = JSON.stringify({
      family: 'web',
      executionRoleArn: ROLE,
      containerDefinitions: ['a', 'b', 'c'].map((name) => ({
        name,
        ...logging({ 'awslogs-create-group': 'true' }),
      })),
    });
    const lookups = new FakeLookups({
      role: { [ROLE]: role('ecs-tasks.amazonaws.com') },
      mayCreateLogGroup: { [ROLE]: found(false) },
    });
    const { findings } = await verify(parseTaskDefinition(text), lookups);
    assert.equal(lookups.asked.filter((each) => each.startsWith('mayCreateLogGroup')).length, 1);
    assert.deepEqual(
      findings.map(({ span }) => span.offset),
      [...text.matchAll(/"\/ecs\/web"/g)].map(({ index }) => index),
    );
  });

  it('asks several things at once, and not all of a large definition', async () => {
    const text = JSON.stringify({
      family: 'web',
      containerDefinitions: [
        {
          name: 'a',
          image: 'web:1',
          secrets: Array.from({ length: 40 }, (_, index) => ({
            name: `S${index}`,
            valueFrom: `/s/${index}`,
          })),
        },
      ],
    });
    const lookups = new FakeLookups({});
    const { checked, missing } = await verify(parseTaskDefinition(text), lookups);
    assert.deepEqual({ checked, missing }, { checked: 41, missing: 41 });
    assert.ok(lookups.most > 1 && lookups.most <= 6, `${lookups.most} at once`);
  });

  it('does not count a log group as missing that will be created', async () => {
    const { checked, missing } = await check(definition(logging({ 'awslogs-create-group': 'true' })), {});
    assert.deepEqual({ checked, missing }, { checked: 1, missing: 0 });
  });

  it('is no failure where the permission is missing, but says so', async () => {
    const { findings, checked, missing, notChecked } = await check(
      definition({}, { executionRoleArn: ROLE }),
      {
        role: { [ROLE]: NOT_PERMITTED },
      },
    );
    assert.deepEqual({ checked, missing }, { checked: 0, missing: 0 });
    assert.deepEqual(notChecked, [
      { kind: 'role', value: ROLE, reason: 'the credentials lack the permission x:Describe.' },
    ]);
    assert.deepEqual(
      findings.map(({ rule, severity, message }) => [rule, severity, message]),
      [
        [
          'verify-not-checked',
          'information',
          'The role was not checked: the credentials lack the permission x:Describe.',
        ],
      ],
    );
  });

  it('says once of all images outside ECR that they cannot be checked', async () => {
    const text = JSON.stringify({
      family: 'web',
      containerDefinitions: ['nginx:1', 'public.ecr.aws/x/y', 'nginx:1'].map((uri, index) => ({
        name: `c${index}`,
        image: uri,
      })),
    });
    const elsewhere = { kind: 'unknown', reason: 'otherRegistry', registry: 'docker.io' } as const;
    const { findings, notChecked } = await check(text, {
      image: { 'nginx:1': elsewhere, 'public.ecr.aws/x/y': elsewhere },
    });
    const [only, ...more] = findings;
    assert.equal(more.length, 0);
    assert.equal(only?.rule, 'verify-image-elsewhere');
    assert.equal(only.severity, 'information');
    assert.match(only.message, /nginx:1, public\.ecr\.aws\/x\/y$/);
    assert.equal(notChecked.length, 2);
  });

  it('leaves placeholders alone', async () => {
    const text = definition(
      {
        image: '${IMAGE}',
        secrets: [{ name: 'DB', valueFrom: '<SECRET_ARN>' }],
        ...logging({ 'awslogs-group': '{{group}}' }),
      },
      { executionRoleArn: 'arn:aws:iam::ACCOUNT_ID:role/x', ...mounting() },
    ).replace('fs-1', '<FS>');
    const lookups = new FakeLookups({});
    const { findings } = await verify(parseTaskDefinition(text), lookups);
    assert.deepEqual(lookups.asked, []);
    assert.deepEqual(findings, []);
  });

  it('reads the wrapped form and a bare list of containers as well', async () => {
    const container = { name: 'web', image: 'web:1' };
    const forms = [{ taskDefinition: { family: 'x', containerDefinitions: [container] } }, [container]];
    for (const form of forms) {
      const { missing } = await check(JSON.stringify(form), {});
      assert.equal(missing, 1);
    }
  });

  it('ends when it is cancelled, without asking on', async () => {
    const controller = new AbortController();
    const lookups = new FakeLookups({});
    controller.abort();
    const text = definition({ image: 'web:1' });
    await assert.rejects(verify(parseTaskDefinition(text), lookups, controller.signal), {
      reason: 'cancelled',
    });
    assert.deepEqual(lookups.asked, []);
  });

  it('fails where there are no credentials to ask with', async () => {
    const lookups = new FakeLookups({});
    const refuse = (): Promise<never> =>
      Promise.reject(new UserError('credentialsExpired', 'Sign in again.'));
    const text = definition({ image: 'web:1' });
    await assert.rejects(verify(parseTaskDefinition(text), Object.assign(lookups, { image: refuse })), {
      reason: 'credentialsExpired',
    });
  });
});
