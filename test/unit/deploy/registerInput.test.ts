import assert from 'node:assert/strict';
import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { describeChanges } from '../../../src/deploy/describeChanges';
import { normalise, toComparableText } from '../../../src/deploy/registerInput';

type Members = Readonly<Record<string, unknown>>;

const definition = (members: Members, container: Members): RegisterTaskDefinitionCommandInput => ({
  family: 'web',
  containerDefinitions: [{ name: 'web', image: 'nginx:1', ...container }],
  ...members,
});

/** What stands in a file, and what ECS or another author has in its place. */
interface Case {
  readonly what: string;
  readonly one: readonly [definition: Members, container?: Members];
  readonly other: readonly [definition: Members, container?: Members];
}

const SAME: readonly Case[] = [
  { what: 'defaults of a container', one: [{}], other: [{}, { cpu: 0, essential: true, mountPoints: [] }] },
  { what: 'the default network mode', one: [{}], other: [{ networkMode: 'bridge' }] },
  {
    what: 'sizes in units',
    one: [{ cpu: '.25 vCPU', memory: '0.5GB' }],
    other: [{ cpu: '256', memory: '512' }],
  },
  { what: 'fault injection that is off', one: [{}], other: [{ enableFaultInjection: false }] },
  {
    what: 'the port that awsvpc gives',
    one: [{ networkMode: 'awsvpc' }, { portMappings: [{ containerPort: 80 }] }],
    other: [
      { networkMode: 'awsvpc' },
      { portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }] },
    ],
  },
  {
    what: 'the port that bridge gives',
    one: [{}, { portMappings: [{ containerPort: 80 }] }],
    other: [{}, { portMappings: [{ containerPort: 80, hostPort: 0, protocol: 'tcp' }] }],
  },
  {
    what: 'defaults of a health check',
    one: [{}, { healthCheck: { command: ['CMD', 'true'] } }],
    other: [{}, { healthCheck: { command: ['CMD', 'true'], interval: 30, timeout: 5, retries: 3 } }],
  },
  {
    what: 'the empty host of a volume',
    one: [{ volumes: [{ name: 'x' }] }],
    other: [{ volumes: [{ name: 'x', host: {} }] }],
  },
  {
    what: 'the root of an EFS volume',
    one: [{ volumes: [{ name: 'x', efsVolumeConfiguration: { fileSystemId: 'fs-1' } }] }],
    other: [
      { volumes: [{ name: 'x', efsVolumeConfiguration: { fileSystemId: 'fs-1', rootDirectory: '/' } }] },
    ],
  },
  {
    what: 'the order of sets',
    one: [
      {
        tags: [
          { key: 'a', value: '1' },
          { key: 'b', value: '2' },
        ],
        requiresCompatibilities: ['EC2', 'FARGATE'],
      },
      {
        environment: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
        secrets: [
          { name: 'X', valueFrom: 'x' },
          { name: 'Y', valueFrom: 'y' },
        ],
      },
    ],
    other: [
      {
        tags: [
          { key: 'b', value: '2' },
          { key: 'a', value: '1' },
        ],
        requiresCompatibilities: ['FARGATE', 'EC2'],
      },
      {
        environment: [
          { name: 'B', value: '2' },
          { name: 'A', value: '1' },
        ],
        secrets: [
          { name: 'Y', valueFrom: 'y' },
          { name: 'X', valueFrom: 'x' },
        ],
      },
    ],
  },
];

const DIFFERENT: readonly Case[] = [
  { what: 'an image', one: [{}], other: [{}, { image: 'nginx:2' }] },
  { what: 'a size', one: [{ cpu: '.25 vCPU' }], other: [{ cpu: '512' }] },
  { what: 'another network mode', one: [{}], other: [{ networkMode: 'host' }] },
  {
    what: 'the order of a command',
    one: [{}, { command: ['a', 'b'] }],
    other: [{}, { command: ['b', 'a'] }],
  },
  {
    what: 'a host port of its own',
    one: [{}, { portMappings: [{ containerPort: 80 }] }],
    other: [{}, { portMappings: [{ containerPort: 80, hostPort: 80 }] }],
  },
  {
    what: 'an interval',
    one: [{}, { healthCheck: { command: ['CMD', 'true'] } }],
    other: [{}, { healthCheck: { command: ['CMD', 'true'], interval: 10 } }],
  },
  { what: 'fault injection', one: [{}], other: [{ enableFaultInjection: true }] },
];

describe('Two task definitions', () => {
  const of = ([members, container = {}]: Case['one']): RegisterTaskDefinitionCommandInput =>
    definition(members, container);

  for (const { what, one, other } of SAME) {
    it(`do not differ by ${what}`, () => {
      assert.equal(toComparableText(of(one)), toComparableText(of(other)));
      assert.deepEqual(describeChanges(normalise(of(one)), normalise(of(other))), []);
    });
  }
  for (const { what, one, other } of DIFFERENT) {
    it(`differ by ${what}`, () => {
      assert.notEqual(toComparableText(of(one)), toComparableText(of(other)));
      assert.equal(describeChanges(normalise(of(one)), normalise(of(other))).length > 0, true);
    });
  }

  it('are shown in the order of the API', () => {
    const text = toComparableText(definition({ cpu: '256', tags: [{ key: 'a', value: '1' }] }, {}));
    const positions = ['family', 'containerDefinitions', 'cpu', 'tags'].map((name) =>
      text.indexOf(`"${name}"`),
    );
    assert.deepEqual(
      positions,
      [...positions].sort((a, b) => a - b),
    );
  });
});
