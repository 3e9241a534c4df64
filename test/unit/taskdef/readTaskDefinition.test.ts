import assert from 'node:assert/strict';
import { readTaskDefinition } from '../../../src/taskdef/readTaskDefinition';

const MINIMAL = '{"family": "web", "containerDefinitions": [{"name": "web", "image": "a:1"}]}';

describe('reading a task definition file', () => {
  it('gives the input of RegisterTaskDefinition', () => {
    assert.deepEqual(readTaskDefinition(MINIMAL, 'taskdef.json'), {
      family: 'web',
      containerDefinitions: [{ name: 'web', image: 'a:1' }],
    });
  });

  it('passes over a byte order mark and comments', () => {
    assert.equal(readTaskDefinition(`\uFEFF// ours\n${MINIMAL}`, 'taskdef.json').family, 'web');
  });

  it('unwraps what describe-task-definition answers, with its tags, and drops read-only members and nulls', () => {
    const described = `{
      "taskDefinition": {
        "taskDefinitionArn": "arn:aws:ecs:eu-central-1:123456789012:task-definition/web:3",
        "family": "web", "revision": 3, "status": "ACTIVE", "requiresAttributes": [], "compatibilities": ["EC2"],
        "registeredAt": 1, "registeredBy": "someone", "deregisteredAt": null, "taskRoleArn": null,
        "containerDefinitions": [{"name": "web", "image": "a:1", "command": null, "environment": [{"name": "A", "value": "b"}]}]
      },
      "tags": [{"key": "team", "value": "x"}]
    }`;
    assert.deepEqual(readTaskDefinition(described, 'taskdef.json'), {
      family: 'web',
      containerDefinitions: [{ name: 'web', image: 'a:1', environment: [{ name: 'A', value: 'b' }] }],
      tags: [{ key: 'team', value: 'x' }],
    });
  });

  it('keeps members that it does not know', () => {
    const input = readTaskDefinition(MINIMAL.replace('{', '{"brandNew": {"a": 1}, '), 'taskdef.json');
    assert.deepEqual(Object.keys(input), ['brandNew', 'family', 'containerDefinitions']);
  });

  const refused: readonly (readonly [what: string, text: string, message: RegExp])[] = [
    ['what is not JSON, with the place', '{\n  "family": <NAME>\n}', /not JSON.*taskdef\.json:2:13$/],
    ['an empty file', '', /taskdef\.json:1:1$/],
    [
      'a bare list of containers',
      '[{"name": "web"}]',
      /without a family.*"containerDefinitions".*taskdef\.json:1:1$/,
    ],
    ['a missing family', '{"containerDefinitions": [{"name": "web"}]}', /no family: taskdef\.json:1:1$/],
    [
      'a family of which only one that is written over is a text',
      '{"family": "web", "family": 1, "containerDefinitions": [{"name": "web"}]}',
      /no family: taskdef\.json:1:29$/,
    ],
    ['a missing list of containers', '{\n "family": "web"}', /no containerDefinitions: taskdef\.json:1:1$/],
    ['an empty list of containers', '{"family": "web",\n"containerDefinitions": []}', /taskdef\.json:2:25$/],
    [
      'a container without a name',
      '{"family": "web",\r\n"containerDefinitions": [{}]}',
      /no name: taskdef\.json:2:26$/,
    ],
    ['a string', '"web"', /a JSON object: taskdef\.json:1:1$/],
  ];
  for (const [what, text, message] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => readTaskDefinition(text, 'taskdef.json'),
        (error: Error & { reason?: string }) => {
          assert.match(error.message, message);
          return error.reason === 'invalidInput';
        },
      );
    });
  }
});
