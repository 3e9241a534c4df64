import assert from 'node:assert/strict';
import * as ecs from '@aws-sdk/client-ecs';
import { getLanguageService, TextDocument, type LanguageService } from 'vscode-json-languageservice';
import { useTaskDefinitionSchema } from '../../support/taskDefinitionSchema';
import { FIXTURES } from './rules/fixtures';

const VALID = {
  family: 'web',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  containerDefinitions: [
    {
      name: 'web',
      image: 'nginx',
      portMappings: [{ containerPort: 80, protocol: 'tcp' }],
      restartPolicy: { enabled: true },
    },
  ],
};

describe('the generated task definition schema', () => {
  const generated = useTaskDefinitionSchema();

  function open(text: string): {
    document: TextDocument;
    json: ReturnType<LanguageService['parseJSONDocument']>;
  } {
    const document = TextDocument.create('inmemory://task-definition.json', 'json', 1, text);
    return { document, json: generated.service.parseJSONDocument(document) };
  }
  async function problems(value: unknown): Promise<string[]> {
    const { document, json } = open(JSON.stringify(value));
    return (await generated.service.doValidation(document, json)).map(({ message }) =>
      typeof message === 'string' ? message : message.value,
    );
  }
  async function completions(marked: string): Promise<string[]> {
    const offset = marked.indexOf('|');
    const { document, json } = open(marked.replace('|', ''));
    const list = await generated.service.doComplete(document, document.positionAt(offset), json);
    return (list?.items ?? []).map(({ label }) => label);
  }
  const withContainer = (members: object): object => ({
    ...VALID,
    containerDefinitions: [{ ...VALID.containerDefinitions[0], ...members }],
  });

  it('knows every member that the SDK can register', () => {
    const structures = ecs as unknown as Record<string, unknown>;
    const members = (name: string): string[] => (structures[`${name}$`] as unknown[])[4] as string[];
    const definitions = generated.schema.definitions ?? {};
    assert.deepEqual(
      members('RegisterTaskDefinitionRequest').filter(
        (name) => !definitions.TaskDefinition?.properties?.[name],
      ),
      [],
    );
    const known = Object.keys(definitions).filter((name) => (structures[`${name}$`] as unknown[])?.[0] === 3);
    assert.ok(known.length > 30, `only ${known.length} structures are known`);
    for (const name of known) {
      assert.deepEqual(
        members(name).filter((member) => !definitions[name]?.properties?.[member]),
        [],
        name,
      );
    }
  });

  it('accepts a valid definition', async () => assert.deepEqual(await problems(VALID), []));

  it('demands what the service demands', async () => {
    assert.deepEqual(await problems({ containerDefinitions: [{ image: 'x', name: 'x' }] }), [
      'Missing property "family".',
    ]);
    assert.deepEqual(await problems({ family: 'a', containerDefinitions: [{ name: 'x' }] }), [
      'Missing property "image".',
    ]);
  });

  for (const [what, members, message] of [
    ['an unknown member', { imag: 'x' }, /imag is not allowed/],
    ['a quoted port', { portMappings: [{ containerPort: '8000' }] }, /whole number/],
    ['a fraction', { cpu: 1.5 }, /integer/],
    ['a quoted boolean', { essential: 'true' }, /true or false/],
    ['an unknown enum value', { portMappings: [{ containerPort: 1, protocol: 'icmp' }] }, /not accepted|tcp/],
    ['an environment value that is no text', { environment: [{ name: 'A', value: 1 }] }, /string/],
    ['a number below its range', { healthCheck: { command: ['CMD', 'true'], interval: 1 } }, /minimum of 5/],
    ['a number above its range', { portMappings: [{ containerPort: 70_000 }] }, /maximum of 65535/],
    ['a name that cannot be one', { name: 'my web' }, /letters, digits, hyphens and underscores/],
    ['too many of a kind', { credentialSpecs: ['a', 'b'] }, /Expected 1 or fewer/],
  ] as const) {
    it(`reports ${what}`, async () => {
      const found = await problems(withContainer(members));
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0] ?? '', message);
    });
  }

  for (const [what, value] of [
    [
      'placeholders',
      withContainer({
        name: '{{name}}',
        image: '<IMAGE>',
        portMappings: [{ containerPort: '${PORT}', name: '%PORT%', protocol: '{{proto}}' }],
        healthCheck: { command: ['CMD', 'true'], interval: '<INTERVAL>' },
        essential: '$ESSENTIAL',
      }),
    ],
    ['nulls', withContainer({ command: null, cpu: null, logConfiguration: null, dependsOn: null })],
    ['the wrapper of a describe call', { taskDefinition: VALID, tags: [] }],
    ['an array of container definitions', VALID.containerDefinitions],
    [
      'the file of a service',
      { cluster: 'main', serviceName: 'web', taskDefinition: 'web:1', desiredCount: 1 },
    ],
    ['a CloudFormation template', { AWSTemplateFormatVersion: '2010-09-09', Resources: {} }],
  ] as const) {
    it(`is quiet about ${what}`, async () => assert.deepEqual(await problems(value), []));
  }

  it('is quiet about all that the rules accept', async () => {
    for (const { rule, passes } of FIXTURES.filter((each) => typeof each.passes === 'object')) {
      assert.deepEqual(await problems(passes), [], rule);
    }
  });

  it("is alone where the user's settings empty another extension's schema for the same file", async () => {
    const other = 'https://example.com/task-definition.json';
    const both = getLanguageService({ schemaRequestService: () => Promise.resolve('{"not": {}}') });
    const fileMatch = ['*.json'];
    const { document, json } = open(JSON.stringify(VALID));
    // As VS Code does: what extensions contribute first, then the setting "json.schemas".
    const contributed = [
      { uri: 'inmemory://schema', fileMatch, schema: generated.schema as object },
      { uri: other, fileMatch },
    ];
    both.configure({ schemas: contributed });
    assert.equal((await both.doValidation(document, json)).length, 1);
    both.configure({ schemas: [...contributed, { uri: other, fileMatch, schema: {} }] });
    assert.deepEqual(await both.doValidation(document, json), []);
  });

  it('marks what only a describe call adds', async () => {
    const found = await problems({ ...VALID, revision: 3 });
    assert.equal(found.length, 1);
    assert.match(found[0] ?? '', /left out when the file is registered/);
  });

  it('offers members, also in a file that is only begun', async () => {
    assert.ok((await completions('{ "|" }')).includes('containerDefinitions'));
    assert.ok(
      (await completions('{"family":"a","containerDefinitions":[{"|"}]}')).includes('logConfiguration'),
    );
    assert.ok((await completions('[{"|"}]')).includes('portMappings'));
  });

  it('offers the values of an enum', async () => {
    assert.deepEqual(
      (await completions('{"family":"a","containerDefinitions":[],"ipcMode": |}'))
        .filter((label) => label !== 'null')
        .sort(),
      ['"host"', '"none"', '"task"'],
    );
    assert.ok(
      (await completions('{"containerDefinitions":[{"portMappings":[{"protocol":|}]}]}')).includes('"udp"'),
    );
  });

  it('only checks an enum of which the rest of the definition decides', async () => {
    assert.deepEqual(
      (await completions('{"family":"a","containerDefinitions":[],"networkMode": |}')).filter(
        (label) => label !== 'null',
      ),
      [],
    );
    const found = await problems({ ...VALID, networkMode: 'nat', pidMode: '${PID}', ipcMode: null });
    assert.deepEqual(found, ['Value is not accepted. Valid values: "awsvpc", "bridge", "host", "none".']);
  });

  it('explains a member in Markdown, without HTML', async () => {
    const { document, json } = open('{"family":"a","containerDefinitions":[],"cpu":"256"}');
    const hover = await generated.service.doHover(document, document.positionAt(42), json);
    const text = JSON.stringify(hover?.contents);
    assert.match(text, /`1 vCPU`/);
    assert.doesNotMatch(text, /<(p|code|ul|li|a)\b/);
  });
});
