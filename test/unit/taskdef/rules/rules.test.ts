import assert from 'node:assert/strict';
import { diagnose, fixAll } from '../../../../src/taskdef/diagnose';
import { parseTaskDefinition } from '../../../../src/taskdef/document/taskDefinitionDocument';
import { applyEdits } from '../../../../src/taskdef/document/textSpan';
import { definitionRules } from '../../../../src/taskdef/rules/allRules';
import { fileRules } from '../../../../src/taskdef/rules/fileRules';
import { repeatedMembers } from '../repeatedMembers';
import { FIXTURES } from './fixtures';

const RULES = [...fileRules, ...definitionRules];
const textOf = (definition: unknown): string =>
  typeof definition === 'string' ? definition : JSON.stringify(definition, null, 2);
const findingsOf = (rule: string, text: string) =>
  diagnose(parseTaskDefinition(text)).filter((found) => found.rule.id === rule);

describe('The rules of a task definition', () => {
  it('each have an id of their own, an AWS page, and a fixture', () => {
    assert.equal(new Set(RULES.map(({ id }) => id)).size, RULES.length);
    for (const { id, source } of RULES) {
      assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
      assert.match(source, /^https:\/\/docs\.aws\.amazon\.com\/AmazonECS\/latest\//);
    }
    assert.deepEqual(
      RULES.map(({ id }) => id).filter((id) => !FIXTURES.some(({ rule }) => rule === id)),
      [],
    );
  });

  for (const [index, { rule, passes, fails, fixed }] of FIXTURES.entries()) {
    it(`${rule} (${index + 1}): accepts, reports${fixed === undefined ? '' : ' and fixes'}`, () => {
      assert.deepEqual(
        findingsOf(rule, textOf(passes)).map(({ message }) => message),
        [],
      );
      const text = textOf(fails);
      const [finding, ...more] = findingsOf(rule, text);
      assert.ok(finding, 'nothing was reported');
      assert.deepEqual(
        more.map(({ message }) => message),
        [],
      );
      assert.ok(finding.span.length > 0 && finding.span.offset + finding.span.length <= text.length);
      if (fixed === undefined) {
        assert.equal(finding.fix, undefined);
      } else {
        assert.ok(finding.fix, 'there is no fix');
        const after = applyEdits(text, finding.fix.edits());
        assert.deepEqual(repeatedMembers(after), [], 'a member is written twice');
        if (typeof fixed === 'string') {
          assert.equal(after, fixed);
        } else {
          assert.deepEqual(JSON.parse(after), JSON.parse(textOf(fixed)));
        }
        assert.deepEqual(findingsOf(rule, after), []);
      }
    });
  }

  it('accept a definition for Fargate without a word', () => {
    const valid = FIXTURES.find(({ rule }) => rule === 'fargate-network-mode')?.passes;
    assert.deepEqual(diagnose(parseTaskDefinition(textOf(valid))), []);
  });

  it('point at the exact token, and at the other end', () => {
    const text = textOf(FIXTURES.find(({ rule }) => rule === 'fargate-cpu-memory')?.fails);
    const [found] = findingsOf('fargate-cpu-memory', text);
    const at = (span: { offset: number; length: number } | undefined): string | undefined =>
      span && text.slice(span.offset, span.offset + span.length);
    assert.equal(at(found?.span), '"4096"');
    assert.equal(at(found?.related?.span), '"256"');
    assert.match(found?.message ?? '', /4 GB .* 256 CPU units: 0\.5, 1, 2 GB are offered/);
  });

  it('offer each of several containers with one name another one', () => {
    const container = { name: 'a', image: 'b' };
    const found = findingsOf('container-name-unique', textOf([container, container, container]));
    assert.deepEqual(
      found.map(({ fix }) => fix?.title),
      ['Rename to "a-2"', 'Rename to "a-3"'],
    );
  });

  it('call a container by its place while a placeholder stands for its name', () => {
    const [found] = findingsOf('image-missing', '{"containerDefinitions": [{"name": <NAME>}]}');
    assert.match(found?.message ?? '', /^Container 1 has no image/);
  });

  for (const placeholder of ['<CPU UNITS>', '${CPU}', '{{ cpu }}']) {
    it(`point at the whole of ${placeholder}`, () => {
      const text = `{"containerDefinitions": [], "cpu": ${placeholder}}`;
      const [found] = findingsOf('unquoted-placeholder', text);
      assert.deepEqual(found?.span, { offset: text.indexOf(placeholder), length: placeholder.length });
    });
  }

  it('have the severity that the user gives them, or are off', () => {
    const text = textOf(FIXTURES.find(({ rule }) => rule === 'fargate-platform')?.fails);
    const document = parseTaskDefinition(text);
    assert.deepEqual(
      diagnose(document).map(({ severity }) => severity),
      ['hint'],
    );
    assert.deepEqual(
      diagnose(document, { 'fargate-platform': 'warning' }).map(({ severity }) => severity),
      ['warning'],
    );
    assert.deepEqual(diagnose(document, { 'fargate-platform': 'off' }), []);
  });

  it('fix all at once what needs no answer, also what only a fix brings about', () => {
    const text = `{
  "family": "web",
  // ours
  "requiresCompatibilities": ["FARGATE"],
  "cpu": 256, "memory": "512",
  "revision": 3,
  "runtimePlatform": { "operatingSystemFamily": "LINUX" },
  "containerDefinitions": [
    {
      "name": "web",
      "image": "nginx:1", // theirs
      "portMappings": [{ "containerPort": 80, "hostPort": 8080 }]
    }
  ]
}
`;
    const edit = fixAll(text);
    assert.ok(edit);
    assert.equal(
      applyEdits(text, [edit]),
      `{
  "family": "web",
  // ours
  "requiresCompatibilities": ["FARGATE"],
  "cpu": "256", "memory": "512",
  "runtimePlatform": { "operatingSystemFamily": "LINUX" },
  "containerDefinitions": [
    {
      "name": "web",
      "image": "nginx:1", // theirs
      "portMappings": [{ "containerPort": 80 }]
    }
  ],
  "networkMode": "awsvpc"
}
`,
    );
  });
});
