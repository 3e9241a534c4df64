import assert from 'node:assert/strict';
import { diagnose } from '../../../src/taskdef/diagnose';
import { removeAll, setMembers, type setMember } from '../../../src/taskdef/document/edits';
import { fillPlaceholders } from '../../../src/taskdef/document/placeholders';
import { parseTaskDefinition, type DocumentKind } from '../../../src/taskdef/document/taskDefinitionDocument';
import { applyEdits } from '../../../src/taskdef/document/textSpan';
import { ValueView } from '../../../src/taskdef/document/valueView';

const KINDS: readonly (readonly [what: string, text: string, kind: DocumentKind])[] = [
  ['the input of RegisterTaskDefinition', '{"containerDefinitions": []}', 'taskDefinition'],
  [
    'one with a byte order mark, comments and a last comma',
    '\uFEFF{ // ours\n"containerDefinitions": [],}',
    'taskDefinition',
  ],
  [
    'a template without quotes',
    '{"containerDefinitions": [{"cpu": ${CPU}, "memory": $MEMORY}]}',
    'taskDefinition',
  ],
  ['a template of all containers', '{"containerDefinitions": {{ containers }}}', 'taskDefinition'],
  ['what ECS describes', '{"taskDefinition": {"containerDefinitions": []}}', 'wrapper'],
  ['a list of containers', '[{"name": "a", "image": "b"}]', 'containers'],
  ['what CloudFormation writes', '{"ContainerDefinitions": []}', 'pascalCase'],
  ['a skeleton', '{"family": "", "containerDefinitions": [{"name": "", "image": ""}]}', 'skeleton'],
  [
    'a CloudFormation template',
    '{"Resources": {"T": {"Properties": {"ContainerDefinitions": []}}}}',
    'other',
  ],
  ['a service', '{"serviceName": "a", "taskDefinition": "web:3"}', 'other'],
  ['a state machine', '{"StartAt": "a", "States": {}}', 'other'],
  [
    'what names a schema of its own',
    '{"$schema": "https://example.com/deployment.json", "containerDefinitions": []}',
    'other',
  ],
  [
    'what names a schema of task definitions',
    '{"$schema": "./task-definition.schema.json", "containerDefinitions": []}',
    'taskDefinition',
  ],
  ['a list of something else', '[{"name": "a"}]', 'other'],
  ['a jq program', '{"a": .b | env.X}', 'invalid'],
  ['a half-typed file', '{"containerDefinitions": [', 'invalid'],
  ['nothing', '', 'invalid'],
  ['nests without an end', '['.repeat(100_000), 'invalid'],
];

describe('A task definition document', () => {
  for (const [what, text, kind] of KINDS) {
    it(`knows ${what} as: ${kind}`, () => assert.equal(parseTaskDefinition(text).kind, kind));
  }

  it('says nothing about what is no task definition', () => {
    for (const [, text, kind] of KINDS) {
      if (kind === 'other' || kind === 'invalid') {
        assert.deepEqual(diagnose(parseTaskDefinition(text)), []);
      }
    }
  });

  it('fills unquoted placeholders without moving anything, and leaves strings and comments alone', () => {
    const text =
      '{"a": <PORT>, "b": "<X>", /* ${C} */ "d": {{ d }}, "e": $E, "f": %F%, "g": __G__, "h": YOUR_H}';
    const filled = fillPlaceholders(text);
    assert.equal(filled.text.length, text.length);
    assert.deepEqual(JSON.parse(filled.text.replace(/\/\*.*?\*\//, '')), {
      a: '____',
      b: '<X>',
      d: '_____',
      e: '',
      f: '_',
      g: '___',
      h: '____',
    });
    assert.deepEqual([...filled.fillers].map((offset) => text[offset]).join(''), '<{$%_Y');
  });

  it('reports no error beside a placeholder, quoted or not', () => {
    const text = `{
      "family": "\${FAMILY}", "requiresCompatibilities": ["FARGATE"], "networkMode": "\${MODE}", "cpu": <CPU>,
      "memory": "{{memory}}", "executionRoleArn": "YOUR_ROLE", "volumes": $VOLUMES,
      "containerDefinitions": [{
        "name": "<NAME>", "image": "<IMAGE1_NAME>", "memory": $MEMORY, "portMappings": [{"containerPort": <P>, "hostPort": 8}],
        "dependsOn": [{"containerName": "other", "condition": "HEALTHY"}],
        "mountPoints": [{"sourceVolume": "data"}],
        "secrets": [{"name": "A", "valueFrom": "%SECRET%"}], "environment": \${ENVIRONMENT},
        "logConfiguration": {"logDriver": "awslogs", "options": __OPTIONS__}
      }]
    }`;
    const found = diagnose(parseTaskDefinition(text));
    assert.deepEqual(
      found
        .filter(({ severity }) => severity === 'error' || severity === 'warning')
        .map(({ message }) => message),
      [],
    );
  });

  it('judges a bare list of containers by what is in it, and by nothing that another file says', () => {
    const found = diagnose(
      parseTaskDefinition('[{"name": "a", "image": "b c", "secrets": [{"name": "x", "valueFrom": "y"}]}]'),
    );
    assert.deepEqual(
      found.map(({ rule }) => rule.id),
      ['image-reference'],
    );
  });
});

describe('An edit of a task definition', () => {
  const edited = (text: string, change: (root: ValueView) => ReturnType<typeof setMember>): string => {
    const document = parseTaskDefinition(text);
    return applyEdits(text, change(ValueView.of(document, document.root)));
  };

  it('adds a line with the indentation, the line ends and the comments of the others', () => {
    assert.equal(
      edited('{\r\n\t"family": "a",\r\n\t"containerDefinitions": [] // all\r\n}', (root) =>
        setMembers(root, { cpu: '256', volumes: [{ name: 'v' }] }),
      ),
      '{\r\n\t"family": "a",\r\n\t"containerDefinitions": [], // all\r\n\t"cpu": "256",\r\n\t"volumes": [\r\n\t\t{\r\n\t\t\t"name": "v"\r\n\t\t}\r\n\t]\r\n}',
    );
  });

  it('sets a member where it is written as null, and adds the others behind it', () => {
    assert.equal(
      edited('{\n  "containerDefinitions": [],\n  "cpu": null\n}', (root) =>
        setMembers(root, { memory: '512', cpu: '256' }),
      ),
      '{\n  "containerDefinitions": [],\n  "cpu": "256",\n  "memory": "512"\n}',
    );
  });

  it('stays on the line of an object that has only one, and keeps a last comma', () => {
    assert.equal(
      edited('{ "containerDefinitions": [], }', (root) => setMembers(root, { tags: [{ key: 'a' }] })),
      '{ "containerDefinitions": [], "tags": [ { "key": "a" } ] }',
    );
  });

  it('fills an empty object', () => {
    assert.equal(
      edited('{\n  "containerDefinitions": [],\n  "runtimePlatform": {}\n}', (root) =>
        setMembers(root.member('runtimePlatform'), { cpuArchitecture: 'ARM64' }),
      ),
      '{\n  "containerDefinitions": [],\n  "runtimePlatform": {\n    "cpuArchitecture": "ARM64"\n  }\n}',
    );
  });

  it('removes first, middle and last members together, each with its line and its comma', () => {
    const text =
      '{\n  "a": 1, // one\n  "containerDefinitions": [], // kept\n  "b": [\n    2\n  ],\n  "c": 3\n}';
    assert.equal(
      edited(text, (root) => removeAll(['a', 'b', 'c'].map((name) => root.member(name)))),
      '{\n  "containerDefinitions": [] // kept\n}',
    );
  });

  it('removes members of one line', () => {
    assert.equal(
      edited('{"a": 1, "containerDefinitions": [], "b": 2, "c": 3}', (root) =>
        removeAll(['a', 'b', 'c'].map((name) => root.member(name))),
      ),
      '{"containerDefinitions": []}',
    );
  });
});
