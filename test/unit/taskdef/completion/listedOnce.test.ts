import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-json-languageservice';
import type { EditorSchema } from '../../../../src/taskdef/schema/editorSchema';
import { useTaskDefinitionSchema } from '../../../support/taskDefinitionSchema';
import { atCursor } from './atCursor';

/** How deep the places are that are tried: below a list of a list of a list there is nothing new. */
const DEEPEST = 6;

/** The editor lists what the JSON language offers and what we offer side by side. */
describe('A value of a task definition', () => {
  const generated = useTaskDefinitionSchema();

  async function listed(marked: string): Promise<string[]> {
    const offset = marked.indexOf('|');
    const document = TextDocument.create('inmemory://t.json', 'json', 1, marked.replace('|', ''));
    const parsed = generated.service.parseJSONDocument(document);
    const list = await generated.service.doComplete(document, document.positionAt(offset), parsed);
    return (list?.items ?? []).map(({ label }) => label);
  }

  function resolve(member: EditorSchema): EditorSchema {
    const name = (member.$ref ?? member.anyOf?.find(({ $ref }) => $ref)?.$ref)?.split('/').at(-1);
    return name === undefined ? member : (generated.schema.definitions?.[name] ?? {});
  }

  /** A text for each value of the schema, with the cursor in it. */
  function* places(object: EditorSchema, wrap: (text: string) => string, depth: number): Generator<string> {
    for (const [name, member] of Object.entries(object.properties ?? {})) {
      const inside = (text: string): string => wrap(`{ ${JSON.stringify(name)}: ${text} }`);
      const resolved = resolve(member);
      const items = resolved.items && resolve(resolved.items);
      if (depth > 0 && (items?.properties ?? resolved.properties)) {
        yield* places(items ?? resolved, (text) => inside(items ? `[${text}]` : text), depth - 1);
      } else {
        yield inside(items ? '["|"]' : '"|"');
        yield inside(items ? '[|]' : '|');
      }
    }
  }

  it('is listed once, wherever it is', async function () {
    this.timeout(60_000);
    let ours = 0;
    let theirs = 0;
    const definition = generated.schema.definitions?.TaskDefinition ?? {};
    for (const marked of places(definition, (text) => text, DEEPEST)) {
      const json = await listed(marked);
      const own = atCursor(marked).items.map(({ label }) => label);
      ours += own.length;
      theirs += json.filter((label) => label.startsWith('"')).length;
      assert.deepEqual(
        own.filter((label) => json.includes(label)),
        [],
        marked,
      );
    }
    assert.ok(ours > 100 && theirs > 30, `${ours} of ours and ${theirs} of the schema: not worth comparing`);
  });

  it('of an enum is offered by the schema or by us', async () => {
    const definitions = Object.entries(generated.schema.definitions ?? {});
    const checked = definitions.filter(([, { pattern }]) => pattern?.startsWith('^(?:'));
    assert.equal(checked.length, 7);
    for (const marked of [
      '{ "networkMode": "|" }',
      '{ "pidMode": "|" }',
      '{ "runtimePlatform": { "cpuArchitecture": "|" } }',
      '{ "runtimePlatform": { "operatingSystemFamily": "|" } }',
      '[{ "logConfiguration": { "logDriver": "|" } }]',
      '[{ "ulimits": [{ "name": "|" }] }]',
      '[{ "dependsOn": [{ "condition": "|" }] }]',
    ]) {
      const own = atCursor(marked)
        .items.map(({ label }) => label)
        .sort();
      const values = checked.map(([, { pattern = '' }]) =>
        (/^\^\(\?:([^)]*)\)/.exec(pattern)?.[1] ?? '')
          .split('|')
          .map((value) => JSON.stringify(value))
          .sort(),
      );
      assert.ok(
        values.some((each) => JSON.stringify(each) === JSON.stringify(own)),
        `${marked}: ${own.join(', ')}`,
      );
      assert.deepEqual(
        (await listed(marked)).filter((label) => own.includes(label)),
        [],
      );
    }
  });
});
