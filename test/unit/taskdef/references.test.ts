import assert from 'node:assert/strict';
import { parseTaskDefinition } from '../../../src/taskdef/document/taskDefinitionDocument';
import { referenceAt, referencesIn } from '../../../src/taskdef/references';
import { viewTask } from '../../../src/taskdef/rules/task';

const SECRET = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf';
const PARAMETER = 'arn:aws:ssm:eu-west-1:123456789012:parameter/db/password';

const TEXT = JSON.stringify(
  {
    family: 'web',
    taskRoleArn: 'app',
    executionRoleArn: 'arn:aws:iam::123456789012:role/exec',
    containerDefinitions: [
      {
        name: 'web',
        image: 'nginx:1',
        repositoryCredentials: { credentialsParameter: SECRET },
        secrets: [
          { name: 'A', valueFrom: `${SECRET}:key:AWSCURRENT:` },
          { name: 'B', valueFrom: PARAMETER },
          { name: 'C', valueFrom: 'plain' },
          { name: 'D', valueFrom: '' },
        ],
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': '/ecs/web', 'awslogs-create-group': 'true' },
        },
      },
    ],
    volumes: [
      {
        name: 'data',
        efsVolumeConfiguration: {
          fileSystemId: 'fs-1',
          authorizationConfig: { accessPointId: 'fsap-1' },
        },
      },
      {
        name: 'share',
        fsxWindowsFileServerVolumeConfiguration: {
          authorizationConfig: { credentialsParameter: PARAMETER },
        },
      },
    ],
  },
  null,
  2,
);

describe('What a definition refers to', () => {
  it('is found in every place, each on its token', () => {
    const found = referencesIn(viewTask(parseTaskDefinition(TEXT))).map(({ span, ...reference }) => ({
      ...reference,
      token: TEXT.slice(span.offset, span.offset + span.length),
    }));
    assert.deepEqual(found, [
      { kind: 'image', uri: 'nginx:1', token: '"nginx:1"' },
      { kind: 'role', role: 'app', member: 'taskRoleArn', token: '"app"' },
      {
        kind: 'role',
        role: 'arn:aws:iam::123456789012:role/exec',
        member: 'executionRoleArn',
        token: '"arn:aws:iam::123456789012:role/exec"',
      },
      { kind: 'secret', secret: SECRET, token: `"${SECRET}:key:AWSCURRENT:"` },
      { kind: 'parameter', parameter: PARAMETER, token: `"${PARAMETER}"` },
      { kind: 'parameter', parameter: 'plain', token: '"plain"' },
      { kind: 'secret', secret: SECRET, token: `"${SECRET}"` },
      { kind: 'parameter', parameter: PARAMETER, token: `"${PARAMETER}"` },
      { kind: 'logGroup', name: '/ecs/web', region: undefined, created: true, token: '"/ecs/web"' },
      { kind: 'fileSystem', id: 'fs-1', token: '"fs-1"' },
      { kind: 'accessPoint', id: 'fsap-1', fileSystemId: 'fs-1', token: '"fsap-1"' },
    ]);
  });

  it('is found under the cursor, from quote to quote', () => {
    const at = (offset: number): string | undefined =>
      referenceAt(viewTask(parseTaskDefinition(TEXT)), offset)?.kind;
    const start = TEXT.indexOf('"nginx:1"');
    assert.deepEqual([start - 1, start, start + 4, start + 9, start + 10].map(at), [
      undefined,
      'image',
      'image',
      'image',
      undefined,
    ]);
  });

  it('is nothing in a text that is no task definition', () => {
    for (const text of ['', '{', '{"image": "nginx"}', '{"Resources": {"image": "x"}}', '[]']) {
      assert.deepEqual(referencesIn(viewTask(parseTaskDefinition(text))), []);
    }
  });
});
