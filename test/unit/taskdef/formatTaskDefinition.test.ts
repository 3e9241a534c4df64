import assert from 'node:assert/strict';
import * as ecs from '@aws-sdk/client-ecs';
import { formatTaskDefinition } from '../../../src/taskdef/formatTaskDefinition';
import order from '../../../src/taskdef/memberOrder.generated.json';

const read = (definition: object): unknown => JSON.parse(formatTaskDefinition(definition));
const namesOf = (value: unknown): string[] => Object.keys(value as object);

describe('Formatting a task definition', () => {
  it('writes members in the order of the API, at every depth', () => {
    const text = formatTaskDefinition({
      volumes: [{ host: { sourcePath: '/x' }, name: 'data' }],
      memory: '512',
      cpu: '256',
      containerDefinitions: [
        {
          logConfiguration: { options: { b: '1', a: '2' }, logDriver: 'awslogs' },
          portMappings: [{ protocol: 'tcp', containerPort: 80 }],
          image: 'nginx:1',
          name: 'web',
        },
      ],
      family: 'web',
    });
    assert.equal(
      text,
      `{
  "family": "web",
  "containerDefinitions": [
    {
      "name": "web",
      "image": "nginx:1",
      "portMappings": [
        {
          "containerPort": 80,
          "protocol": "tcp"
        }
      ],
      "logConfiguration": {
        "logDriver": "awslogs",
        "options": {
          "b": "1",
          "a": "2"
        }
      }
    }
  ],
  "volumes": [
    {
      "name": "data",
      "host": {
        "sourcePath": "/x"
      }
    }
  ],
  "cpu": "256",
  "memory": "512"
}
`,
    );
  });

  it('keeps members that it does not know, behind the others', () => {
    const definition = { laterMember: { b: 1, a: 2 }, __proto__x: 1, family: 'web' };
    assert.deepEqual(namesOf(read(definition)), ['family', 'laterMember', '__proto__x']);
    assert.deepEqual(read(definition), definition);
  });

  it('leaves out what says nothing, and nothing else', () => {
    const cases: readonly (readonly [object, object])[] = [
      [{ family: 'web', cpu: null, volumes: [] }, { family: 'web' }],
      [{ family: 'web', cpu: undefined }, { family: 'web' }],
      [{ volumes: [{ name: 'data', host: {} }] }, { volumes: [{ name: 'data' }] }],
      // An empty Docker configuration makes a Docker volume of it.
      [
        { volumes: [{ name: 'data', dockerVolumeConfiguration: {} }] },
        { volumes: [{ name: 'data', dockerVolumeConfiguration: {} }] },
      ],
      [
        { containerDefinitions: [{ name: '', cpu: 0, essential: false, environment: [null] }] },
        { containerDefinitions: [{ name: '', cpu: 0, essential: false }] },
      ],
      [{}, {}],
    ];
    for (const [given, expected] of cases) {
      assert.deepEqual(read(given), expected);
    }
  });

  it('is given every member of every structure that the installed SDK registers', () => {
    const orders: Readonly<Record<string, Readonly<Record<string, string>>>> = order;
    const known = (name: string): string[] => namesOf(orders[name] ?? {}).sort();
    const structures = ecs as unknown as Record<string, readonly unknown[]>;
    const declared = (name: string): string[] =>
      [...((structures[`${name}$`]?.[4] ?? []) as string[])].sort();
    assert.deepEqual(known('TaskDefinition'), declared('RegisterTaskDefinitionRequest'));
    const others = Object.keys(orders).filter((name) => Array.isArray(structures[`${name}$`]?.[4]));
    assert.ok(others.length > 25, others.join(', '));
    for (const name of others.filter((each) => each !== 'TaskDefinition')) {
      assert.deepEqual(known(name), declared(name), name);
    }
  });
});
