import assert from 'node:assert/strict';
import { parseTaskDefinition } from '../../../../src/taskdef/document/taskDefinitionDocument';
import { describeReference } from '../../../../src/taskdef/hover/describeReference';
import { describeSizeAt } from '../../../../src/taskdef/hover/describeSize';
import type { HoverText } from '../../../../src/taskdef/hover/hoverText';
import { lookUp, referenceAt } from '../../../../src/taskdef/references';
import { viewTask } from '../../../../src/taskdef/rules/task';
import { FakeLookups, found, NOT_PERMITTED, type FakeAws } from '../verify/fakeLookups';

/** The text without its cursor mark, and where that was. */
function withCursor(marked: string): { text: string; offset: number } {
  return { text: marked.replace('|', ''), offset: marked.indexOf('|') };
}

async function hover(marked: string, aws: FakeAws): Promise<HoverText | undefined> {
  const { text, offset } = withCursor(marked);
  const reference = referenceAt(viewTask(parseTaskDefinition(text)), offset);
  assert.ok(reference, 'there is a reference under the cursor');
  const lookups = new FakeLookups(aws);
  const scan = reference.kind === 'image' && aws.scan ? await lookups.scan(reference.uri) : undefined;
  return describeReference(await lookUp(reference, lookups), scan);
}

const IMAGE = '{"family": "x", "containerDefinitions": [{"name": "web", "image": "we|b:1"}]}';
const ROLE = '{"family": "x", "executionRoleArn": "ex|ec", "containerDefinitions": []}';

describe('A hover over a reference', () => {
  const pushedAt = new Date('2026-02-03T04:05:06Z');
  const image = {
    repository: 'web',
    digest: 'sha256:0',
    tags: ['1', 'latest'],
    pushedAt,
    sizeBytes: 1234,
    platforms: found(['linux/amd64', 'linux/arm64']),
  };

  it('tells of an image what it is and what its scan found, worst first', async () => {
    const counts = { LOW: 3, CRITICAL: 1, MEDIUM: 0 };
    assert.deepEqual(
      await hover(IMAGE, {
        image: { 'web:1': found(image) },
        scan: { 'web:1': found({ status: 'COMPLETE', counts }) },
      }),
      {
        title: 'Image of web',
        facts: [
          ['Pushed', pushedAt],
          ['Digest', 'sha256:0'],
          ['Tags', '1, latest'],
          ['Size', { bytes: 1234 }],
          ['Platforms', 'linux/amd64, linux/arm64'],
          ['Scan', '1 critical, 3 low'],
        ],
      },
    );
  });

  it('tells scans that found nothing from those that did not run', async () => {
    const scanOf = async (scan: FakeAws['scan']): Promise<unknown> =>
      (await hover(IMAGE, { image: { 'web:1': found(image) }, scan }))?.facts.find(
        ([name]) => name === 'Scan',
      )?.[1];
    const withStatus = (status: string): Promise<unknown> =>
      scanOf({ 'web:1': found({ status, counts: {} }) });
    assert.equal(await withStatus('ACTIVE'), 'no findings');
    assert.equal(await withStatus('SCAN_ELIGIBILITY_EXPIRED'), 'scan eligibility expired');
    assert.equal(await scanOf({}), 'not scanned');
    assert.match(String(await scanOf({ 'web:1': NOT_PERMITTED })), /^not known: .*x:Describe/);
  });

  it('says that an image is not there', async () => {
    assert.deepEqual(await hover(IMAGE, {}), { title: 'AWS has no image web:1.', facts: [] });
  });

  it('says why nothing is known', async () => {
    const elsewhere = { kind: 'unknown', reason: 'otherRegistry', registry: 'docker.io' } as const;
    assert.equal(
      (await hover(IMAGE, { image: { 'web:1': elsewhere } }))?.title,
      'Nothing is known of this image: it is not in a private ECR registry: docker.io.',
    );
    const account = { kind: 'unknown', reason: 'otherAccount', account: '123456789012' } as const;
    assert.match(
      (await hover(ROLE, { role: { exec: account } }))?.title ?? '',
      /another account, 123456789012/,
    );
    assert.equal(await hover(ROLE, { role: { exec: { kind: 'unknown', reason: 'unreadable' } } }), undefined);
  });

  it('tells of a role whom it trusts, and that tasks are not among them', async () => {
    const trustPolicy = {
      Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } },
    };
    const facts = { arn: 'arn', name: 'exec', description: 'For tasks', trustPolicy, createdAt: pushedAt };
    assert.deepEqual(await hover(ROLE, { role: { exec: found(facts) } }), {
      title: 'Role exec',
      facts: [
        ['Description', 'For tasks'],
        ['Trusts', 'ec2.amazonaws.com'],
        ['Created', pushedAt],
      ],
      note: 'It does not trust ecs-tasks.amazonaws.com: ECS cannot assume it for a task.',
    });
  });

  it('tells of a log group how long it keeps what', async () => {
    const text =
      '{"family": "x", "containerDefinitions": [{"name": "web", "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-region": "eu-west-1", "awslogs-group": "/e|cs"}}}]}';
    const facts = { name: '/ecs', retentionDays: 30, storedBytes: 5000 };
    assert.deepEqual((await hover(text, { logGroup: { 'eu-west-1//ecs': found(facts) } }))?.facts, [
      ['Retention', '30 days'],
      ['Stored', { bytes: 5000 }],
    ]);
    const forever = await hover(text, { logGroup: { 'eu-west-1//ecs': found({ name: '/ecs' }) } });
    assert.deepEqual(forever?.facts, [['Retention', 'never expires']]);
  });

  it('tells of secrets, parameters and file systems what they are', async () => {
    const secret = (value: string): string =>
      `{"family": "x", "containerDefinitions": [{"name": "web", "secrets": [{"name": "A", "valueFrom": "${value}"}]}]}`;
    assert.deepEqual(
      await hover(secret('/d|b'), {
        parameter: { '/db': found({ name: '/db', type: 'SecureString', version: 3 }) },
      }),
      {
        title: 'Parameter /db',
        facts: [
          ['Type', 'SecureString'],
          ['Version', '3'],
        ],
      },
    );
    const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf';
    const deleted = await hover(secret(`${arn}|`), {
      secret: { [arn]: found({ name: 'db', deletedAt: pushedAt }) },
    });
    assert.equal(deleted?.note, 'It cannot be read until it is restored.');
    const volumes =
      '{"family": "x", "containerDefinitions": [], "volumes": [{"efsVolumeConfiguration": {"fileSystemId": "fs|-1"}}]}';
    const facts = { id: 'fs-1', name: 'data', state: 'available', encrypted: true, sizeBytes: 6144 };
    assert.deepEqual(await hover(volumes, { fileSystem: { 'fs-1': found(facts) } }), {
      title: 'File system data',
      facts: [
        ['Id', 'fs-1'],
        ['State', 'available'],
        ['Size', { bytes: 6144 }],
        ['Encrypted', 'yes'],
      ],
    });
  });
});

describe('A hover over a size', () => {
  const cases: readonly (readonly [marked: string, title: string | undefined, fact?: string])[] = [
    [
      '{"cpu": "2|56", "requiresCompatibilities": ["FARGATE"], "containerDefinitions": []}',
      '256 CPU units: 0.25 vCPU',
      '0.5 GB to 2 GB',
    ],
    ['{"cpu": "|1 vCPU", "containerDefinitions": []}', '1024 CPU units: 1 vCPU'],
    ['{"memory": "51|2", "containerDefinitions": []}', '512 MiB: 0.5 GB'],
    ['{"containerDefinitions": [{"name": "a", "cpu": 1|28}]}', '128 CPU units: 0.125 vCPU'],
    ['{"containerDefinitions": [{"name": "a", "memoryReservation": 30|0}]}', '300 MiB: 0.293 GB'],
    ['{"cpu": "${C|PU}", "containerDefinitions": []}', undefined],
    ['{"cpu": "lo|ts", "containerDefinitions": []}', undefined],
    ['{"fam|ily": "a", "containerDefinitions": []}', undefined],
  ];
  for (const [marked, title, fact] of cases) {
    it(`says ${title ?? 'nothing'} of ${marked.slice(0, 40)}`, () => {
      const { text, offset } = withCursor(marked);
      const said = describeSizeAt(viewTask(parseTaskDefinition(text)), offset)?.text;
      assert.equal(said?.title, title);
      assert.equal(said?.facts[0]?.[1], fact);
    });
  }
});
