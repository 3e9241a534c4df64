import assert from 'node:assert/strict';
import fc from 'fast-check';
import { UserError } from '../../../../src/base/errors';
import { diagnose } from '../../../../src/taskdef/diagnose';
import { familyOf, newTaskDefinition } from '../../../../src/taskdef/create/newTaskDefinition';
import { readDockerfile, type DockerfileFacts } from '../../../../src/taskdef/create/readDockerfile';
import { parseTaskDefinition } from '../../../../src/taskdef/document/taskDefinitionDocument';
import { DOCKERFILES } from './dockerfiles';

const definitionOf = (facts: DockerfileFacts): string =>
  newTaskDefinition({
    family: 'web',
    image: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/web:1',
    region: 'eu-central-1',
    executionRoleArn: 'arn:aws:iam::123456789012:role/ecsTaskExecutionRole',
    facts,
  });

describe('A Dockerfile', () => {
  for (const { what, text, target, reads } of DOCKERFILES) {
    it(`${what}: is read`, () => {
      const { ports, ...rest } = readDockerfile(text, target);
      const seen = {
        ports: ports
          .map(({ low, high, protocol }) => `${low === high ? low : `${low}-${high}`}/${protocol}`)
          .join(' '),
        ...rest,
      };
      const expected = {
        ports: '',
        healthCheck: undefined,
        user: undefined,
        architecture: 'X86_64',
        system: 'LINUX',
        notes: [],
      };
      assert.deepEqual(seen, { ...expected, ...reads });
    });

    it(`${what}: becomes a definition that no rule objects to`, () => {
      const found = diagnose(parseTaskDefinition(definitionOf(readDockerfile(text, target))));
      // Allowed, and what the Dockerfile says: port 53 of a name server is on both.
      const objections = found.filter(({ rule }) => rule.id !== 'port-two-protocols');
      assert.deepEqual(
        objections.map(({ message }) => message),
        [],
      );
    });
  }

  it('of any text is read, or refused in words', () => {
    const texts = DOCKERFILES.map(({ text }) => text);
    const pieces = fc.oneof(
      fc.constantFrom(
        'FROM',
        'EXPOSE',
        'HEALTHCHECK',
        'CMD',
        'ARG A',
        'ENV A=$A',
        '${A:-${A}}',
        '--interval=',
      ),
      fc.constantFrom('\\\n', '\n', '"', '[', '<<E', '$', '${', '#', ' ', '\r'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    );
    const edit = fc.record({ at: fc.nat(200), remove: fc.nat(8), piece: pieces });
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.array(edit, { maxLength: 4 }), (text, edits) => {
        const edited = edits.reduce((result, { at, remove, piece }) => {
          const from = at % (result.length + 1);
          return result.slice(0, from) + piece + result.slice(from + remove);
        }, text);
        try {
          definitionOf(readDockerfile(edited));
        } catch (error) {
          assert.ok(error instanceof UserError, String(error));
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('without FROM, or without the stage that is asked for, is refused', () => {
    assert.throws(() => readDockerfile('EXPOSE 80'), { reason: 'invalidInput' });
    assert.throws(() => readDockerfile('FROM a AS one', 'two'), { reason: 'invalidInput' });
  });
});

describe('A new task definition', () => {
  it('has placeholders for what is not known', () => {
    const text = newTaskDefinition({ family: 'web', image: 'web:1', facts: readDockerfile('FROM scratch') });
    assert.match(text, /"executionRoleArn": "arn:aws:iam::<ACCOUNT_ID>:role\/ecsTaskExecutionRole"/);
    assert.match(text, /"awslogs-region": "<AWS_REGION>"/);
    assert.deepEqual(diagnose(parseTaskDefinition(text)), []);
  });

  it('maps ports and ranges, and has a size that Windows can run in', () => {
    const linux = JSON.parse(definitionOf(readDockerfile('FROM a\nEXPOSE 80 8000-8010/udp'))) as {
      cpu: string;
      containerDefinitions: { portMappings: unknown }[];
    };
    assert.equal(linux.cpu, '256');
    assert.deepEqual(linux.containerDefinitions[0]?.portMappings, [
      { containerPort: 80, protocol: 'tcp' },
      { containerPortRange: '8000-8010', protocol: 'udp' },
    ]);
    const windows = JSON.parse(definitionOf(readDockerfile('FROM --platform=windows/amd64 a\nUSER b'))) as {
      cpu: string;
      containerDefinitions: { user?: string }[];
    };
    assert.equal(windows.cpu, '1024');
    assert.equal(windows.containerDefinitions[0]?.user, undefined);
  });

  for (const [folder, family] of [
    ['web', 'web'],
    ['my shop (new)', 'my-shop-new'],
    ['api_v2', 'api_v2'],
    ['日本', 'app'],
  ] as const) {
    it(`takes its family from the folder "${folder}"`, () => assert.equal(familyOf(folder), family));
  }
});
