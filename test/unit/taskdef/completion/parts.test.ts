import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-json-languageservice';
import { diagnose } from '../../../../src/taskdef/diagnose';
import { parseTaskDefinition } from '../../../../src/taskdef/document/taskDefinitionDocument';
import { useTaskDefinitionSchema } from '../../../support/taskDefinitionSchema';
import { accepted, atCursor, labelsAt } from './atCursor';

const BASE = `{
  "family": "web",
  "requiresCompatibilities": ["FARGATE"],
  "networkMode": "awsvpc",
  "cpu": "256",
  "memory": "512",
  "runtimePlatform": { "cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX" },
  "containerDefinitions": [
    {
      "name": "web",
      "image": "nginx:1",
      "portMappings": [{ "containerPort": 3000 }]<MEMBER>
    }<CONTAINER>
  ]<TASK>
}
`;
const at = (place: 'MEMBER' | 'CONTAINER' | 'TASK', marked: string): string =>
  BASE.replace(`<${place}>`, marked).replace(/<(?:MEMBER|CONTAINER|TASK)>/g, '');
const EFS = `,
  "volumes": [
    |
  ]`;

/** Part, where it is asked for, and what the text then has. */
const PARTS: readonly (readonly [label: string, where: string, marked: string, holds: RegExp])[] = [
  ['Fargate web service', 'an empty file', '|', /^\{\n {2}"family": "web"/],
  ['Fargate worker', 'a file with a comment', '// ours\n|\n', /"restartPolicy"/],
  ['Fargate scheduled job', 'an empty object', '{\n  |\n}\n', /^\{\n {2}"family": "job"/],
  ['Fargate web service', 'a begun word', 'farg|', /"containerPort": 80/],
  ['Health check', 'a container', at('MEMBER', ',\n      |'), /localhost:3000\/ \|\| exit 1/],
  ['Health check', 'a container, without a comma before', at('MEMBER', '\n      |'), /"timeout": 5/],
  ['Health check', 'a container, in quotes', at('MEMBER', ',\n      "|"'), /"interval": 30/],
  [
    'Health check',
    'a container, before a member',
    at('MEMBER', ',\n      |\n      "essential": true'),
    /\},\n {6}"essential"/,
  ],
  ['Secrets', 'a container', at('MEMBER', ',\n      |'), /"executionRoleArn": "arn:aws:iam::<ACCOUNT_ID>/],
  [
    'Secrets',
    'a container, with a role',
    at('MEMBER', ',\n      |').replace(
      '"cpu"',
      '"executionRoleArn": "arn:aws:iam::123456789012:role/own",\n  "cpu"',
    ),
    /secretsmanager:eu-central-1:<ACCOUNT_ID>:secret:<NAME>/,
  ],
  ['EFS volume', 'a container', at('MEMBER', ',\n      |'), /"volumes": \[\n.*\n? *\{?\s*"name": "data"/],
  [
    'EFS volume',
    'a container beside other volumes',
    at('MEMBER', ',\n      |').replace('"cpu"', '"volumes": [{ "name": "data" }],\n  "cpu"'),
    /"sourceVolume": "data-2"/,
  ],
  ['EFS volume', 'the list of volumes', at('TASK', EFS), /"mountPoints": \[\n? *\{\s*"sourceVolume": "data"/],
  ['EFS volume', 'the definition', at('TASK', ',\n  |'), /"volumes": \[\n {4}\{\n {6}"name": "data"/],
  ['EFS volume', 'the definition, without a comma before', at('TASK', '\n  |'), /"mountPoints"/],
  ['Logs through FireLens', 'a container', at('MEMBER', ',\n      |'), /"name": "log-router"/],
  ['Log router sidecar (FireLens)', 'the list of containers', at('CONTAINER', ',\n    |'), /"fluentbit"/],
  [
    'Log router sidecar (FireLens)',
    'the list of containers, without a comma before',
    at('CONTAINER', '\n    |'),
    /\},\n {4}\{\n {6}"name": "log-router"/,
  ],
];

describe('Parts of a task definition', () => {
  const generated = useTaskDefinitionSchema();

  for (const [label, where, marked, holds] of PARTS) {
    it(`"${label}" in ${where} leaves a valid definition`, async () => {
      const after = accepted(marked, label);
      assert.match(after, holds);
      const parsed = parseTaskDefinition(after);
      assert.equal(parsed.kind, 'taskDefinition', after);
      const found = diagnose(parsed).filter(({ severity }) => severity !== 'information');
      assert.deepEqual(
        // It is for the user to mount, or to say: a hint is no complaint about what was inserted.
        found
          .filter(({ severity }) => severity !== 'hint')
          .map(({ rule, message }) => `${rule.id}: ${message}`),
        [],
        after,
      );
      const document = TextDocument.create('inmemory://task-definition.json', 'jsonc', 1, after);
      const settings = { comments: 'ignore', schemaValidation: 'warning' } as const;
      const problems = await generated.service.doValidation(
        document,
        generated.service.parseJSONDocument(document),
        settings,
      );
      assert.deepEqual(
        problems.map(({ message }) => message),
        [],
      );
    });
  }

  it('are not offered where they are already', () => {
    const marked = at(
      'MEMBER',
      ',\n "healthCheck": {}, "secrets": [], "mountPoints": [], "logConfiguration": {},\n      |',
    );
    assert.deepEqual(labelsAt(marked), []);
    const routed = at(
      'CONTAINER',
      ',\n { "name": "r", "firelensConfiguration": { "type": "fluentbit" } },\n    |',
    );
    assert.deepEqual(labelsAt(routed), []);
  });

  it('bring what they need along only where the file can be read', () => {
    const [broken] = atCursor(at('MEMBER', ',\n      |').replace('"cpu": "256"', '"cpu": ,,')).items.filter(
      ({ label }) => label === 'Secrets',
    );
    assert.deepEqual(broken?.edits, []);
  });

  it('are not offered for the name of a member that has a value', () => {
    assert.deepEqual(labelsAt(at('MEMBER', ',\n      "|": 1')), []);
  });

  it('name the region of the definition', () => {
    const marked = `[{ "name": "a", "logConfiguration": { "options": { "awslogs-region": "us-east-1" } } }, { "name": "b",\n | }]`;
    assert.match(accepted(marked, 'Logs through FireLens'), /"region": "us-east-1"/);
  });
});
