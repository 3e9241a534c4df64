import assert from 'node:assert/strict';
import { completeFromAws } from '../../../../src/taskdef/completion/completeTaskDefinition';
import type { RemoteImage, RemoteList, RemoteValues } from '../../../../src/taskdef/completion/remoteValues';
import { applyCompletion, atCursor } from './atCursor';

const URI = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/web';
const DIGEST = `sha256:${'ab'.repeat(32)}`;
const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf';
const PARAMETER = 'arn:aws:ssm:eu-central-1:123456789012:parameter/web/key';
const ROLE = 'arn:aws:iam::123456789012:role/web';
const IMAGES: readonly RemoteImage[] = [
  { digest: DIGEST, tags: ['v1'], pushedAt: new Date('2026-01-01'), sizeBytes: 1000 },
  { digest: `${DIGEST.slice(0, -1)}c`, tags: ['v2', 'latest'], pushedAt: new Date('2026-02-01') },
  { digest: `${DIGEST.slice(0, -1)}d`, tags: [], pushedAt: new Date('2026-03-01') },
];

function remote(complete = true): RemoteValues & { readonly asked: string[] } {
  const asked: string[] = [];
  const give = <T>(name: string, ...values: T[]): Promise<RemoteList<T>> => {
    asked.push(name);
    return Promise.resolve({ values, complete });
  };
  return {
    asked,
    region: 'eu-central-1',
    repositories: () =>
      give('repositories', { name: 'shop/web', uri: URI }, { name: 'shop/web2', uri: `${URI}2` }),
    images: ({ name }) => give(`images of ${name}`, ...IMAGES),
    logGroups: () => give('log groups', '/ecs/web', '/ecs/other'),
    roles: () => give('roles', { arn: ROLE, name: 'web' }),
    secrets: () => give('secrets', { arn: SECRET, name: 'db' }),
    parameters: () => give('parameters', { name: '/web/key', arn: PARAMETER }),
    fileSystems: () => give('file systems', { id: 'fs-0123', name: 'data' }),
    accessPoints: (id) => give(`access points of ${id}`, { id: 'fsap-0123', rootDirectory: '/up' }),
  };
}

const image = (value: string): string => `{ "containerDefinitions": [{ "image": ${value} }] }`;
const awslogs = (options: string): string =>
  `{ "family": "web", "containerDefinitions": [{ "logConfiguration": { "logDriver": "awslogs", "options": { ${options} } } }] }`;
const volume = (members: string): string => `{ "volumes": [{ "efsVolumeConfiguration": { ${members} } }] }`;

/** Fixture, the label that is accepted, and the text that it leaves. */
const ACCEPTED: readonly (readonly [marked: string, label: string, after: string])[] = [
  [image('"|"'), 'shop/web', image(`"${URI}:"`)],
  [image('|'), 'shop/web', image(`"${URI}:"`)],
  [image('"web|"'), 'shop/web2', image(`"${URI}2:"`)],
  [image('"|nginx:1"'), 'shop/web', image(`"${URI}:"`)],
  [image(`"${URI}:|"`), 'latest', image(`"${URI}:latest"`)],
  [image(`"${URI}:v|1"`), 'v2', image(`"${URI}:v2"`)],
  [image(`"${URI}2:|"`), 'v1', image(`"${URI}2:v1"`)],
  [image(`"${URI}@|"`), DIGEST, image(`"${URI}@${DIGEST}"`)],
  [image(`"${URI}:v1@sha|256:0"`), DIGEST, image(`"${URI}:v1@${DIGEST}"`)],
  [image(`"${URI}:|\n`), 'v2', image(`"${URI}:v2\n`)],
  ['{ "taskRoleArn": "|" }', 'web', `{ "taskRoleArn": "${ROLE}" }`],
  [
    '[{ "name": "a", "secrets": [{ "name": "A", "valueFrom": "|" }] }]',
    'db',
    `[{ "name": "a", "secrets": [{ "name": "A", "valueFrom": "${SECRET}" }] }]`,
  ],
  [
    '[{ "name": "a", "secrets": [{ "name": "A", "valueFrom": "/web|" }] }]',
    '/web/key',
    `[{ "name": "a", "secrets": [{ "name": "A", "valueFrom": "${PARAMETER}" }] }]`,
  ],
  [awslogs('"awslogs-group": "|"'), '"/ecs/other"', awslogs('"awslogs-group": "/ecs/other"')],
  [volume('"fileSystemId": |'), 'fs-0123', volume('"fileSystemId": "fs-0123"')],
  [
    volume('"fileSystemId": "fs-0123", "authorizationConfig": { "accessPointId": "|" }'),
    'fsap-0123',
    volume('"fileSystemId": "fs-0123", "authorizationConfig": { "accessPointId": "fsap-0123" }'),
  ],
];

describe('Values from AWS', () => {
  for (const [marked, label, after] of ACCEPTED) {
    it(`complete ${marked.replace('\n', ' ').slice(0, 100)} with ${label.slice(0, 20)}`, async () => {
      const local = atCursor(marked);
      const { items } = await completeFromAws(local, remote());
      const item = items.find((each) => each.label === label);
      assert.ok(item, items.map((each) => each.label).join(', '));
      assert.equal(applyCompletion(local.text, item), after);
    });
  }

  it('are tags with the newest first, size and age beside them', async () => {
    const { items } = await completeFromAws(atCursor(image(`"${URI}:|"`)), remote());
    assert.deepEqual(
      items.map(({ label, details, filter }) => [label, filter, ...details]),
      [
        ['v2', 'v2', new Date('2026-02-01')],
        ['latest', 'latest', new Date('2026-02-01')],
        ['v1', 'v1', { bytes: 1000 }, new Date('2026-01-01')],
      ],
    );
  });

  it('are digests with the newest first, and what is not tagged', async () => {
    const { items } = await completeFromAws(atCursor(image(`"${URI}@|"`)), remote());
    assert.deepEqual(
      items.map(({ details }) => details[0]),
      ['untagged', 'v2, latest', 'v1'],
    );
  });

  it('ask for more where a repository has just been chosen', async () => {
    const { items } = await completeFromAws(atCursor(image('"|"')), remote());
    assert.deepEqual(
      items.map(({ goesOn, insert }) => [goesOn, insert]),
      [
        [true, `"${URI}:$0"`],
        [true, `"${URI}2:$0"`],
      ],
    );
  });

  it('are found by name and by ARN', async () => {
    const { items } = await completeFromAws(atCursor('{ "executionRoleArn": "|" }'), remote());
    assert.deepEqual(
      items.map(({ filter }) => filter),
      [`"${ROLE}" web`],
    );
  });

  it('take the place of guesses that are the same', async () => {
    const { items } = await completeFromAws(atCursor(awslogs('"awslogs-group": "|"')), remote());
    assert.deepEqual(
      items.map(({ label, details }) => [label, ...details]),
      [
        ['"/ecs/web"', 'log group'],
        ['"/ecs/other"', 'log group'],
      ],
    );
  });

  it('are not offered for another region', async () => {
    const values = remote();
    const marked = awslogs('"awslogs-region": "us-east-1", "awslogs-group": "|"');
    const { items } = await completeFromAws(atCursor(marked), values);
    assert.deepEqual([items.map(({ label }) => label), values.asked], [['"/ecs/web"'], []]);
  });

  it('are asked for where they are wanted only', async () => {
    for (const [marked, asked] of [
      ['{ "cpu": "|" }', []],
      ['{ "family": "|" }', []],
      [image('"|"'), ['repositories']],
      [image(`"${URI}:|"`), ['repositories', 'images of shop/web']],
      ['[{ "repositoryCredentials": { "credentialsParameter": "|" } }]', ['secrets']],
      [volume('"authorizationConfig": { "accessPointId": "|" }'), []],
    ] as const) {
      const values = remote();
      await completeFromAws(atCursor(marked), values);
      assert.deepEqual(values.asked, asked, marked);
    }
  });

  it('say when more is on its way', async () => {
    const local = atCursor(image('"|"'));
    assert.equal((await completeFromAws(local, remote(false))).complete, false);
    assert.equal((await completeFromAws(local, remote())).complete, true);
  });
});
