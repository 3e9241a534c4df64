import assert from 'node:assert/strict';
import fc from 'fast-check';
import { diagnose, fixAll } from '../../../src/taskdef/diagnose';
import { parseTaskDefinition } from '../../../src/taskdef/document/taskDefinitionDocument';
import { applyEdits } from '../../../src/taskdef/document/textSpan';
import { FIXTURES } from './rules/fixtures';

const RUNS = 10_000;
const SOURCES = FIXTURES.flatMap(({ passes, fails }) => [passes, fails])
  .map((each) => (typeof each === 'string' ? each : JSON.stringify(each, null, 1)))
  .filter(({ length }) => length < 4000);

/** What people type into JSON, and what breaks it. */
const PIECES = fc.oneof(
  fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\\', '//', '/*', '*/', '\n', '\r\n', '\uFEFF', '\0'),
  fc.constantFrom('null', 'true', '0', '-1', '1e999', '""', '[]', '{}', '"FARGATE"', '"awsvpc"', '"1 GB"'),
  fc.constantFrom('<X>', '${X}', '$X', '{{x}}', '%X%', '__X__', 'YOUR_X', '"${X}"'),
  fc.constantFrom(
    '"name": null,',
    '"__proto__": {},',
    '"constructor": 1,',
    '"memory": 1,',
    '// c\n',
    '/* c */',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const MUTATION = fc.record({
  at: fc.nat(4000),
  remove: fc.nat(12),
  insert: fc.oneof(fc.constant(''), PIECES),
});

/** Replaces whole tokens, so that most of what comes out still is JSON. */
const TOKEN = fc.record({
  at: fc.nat(500),
  value: fc.constantFrom(
    'null',
    '0',
    '-5',
    '99999999',
    '""',
    '[]',
    '{}',
    '"a b"',
    'true',
    '[null]',
    '<X>',
    '"${X}"',
    '{"a": null}',
  ),
});

const mutated = fc
  .tuple(fc.constantFrom(...SOURCES), fc.array(MUTATION, { maxLength: 3 }))
  .map(([text, mutations]) =>
    mutations.reduce((result, { at, remove, insert }) => {
      const from = at % (result.length + 1);
      return result.slice(0, from) + insert + result.slice(from + remove);
    }, text),
  );

const revalued = fc
  .tuple(fc.constantFrom(...SOURCES), fc.array(TOKEN, { minLength: 1, maxLength: 4 }))
  .map(([text, tokens]) =>
    tokens.reduce((result, { at, value }) => {
      const values = [...result.matchAll(/(?<=[:[,]\s*)(?:"[^"\n]*"(?!\s*:)|\d+|true|false|null)/g)];
      const chosen = values[at % Math.max(1, values.length)];
      return chosen
        ? result.slice(0, chosen.index) + value + result.slice(chosen.index + chosen[0].length)
        : result;
    }, text),
  );

describe('Whatever is typed into a task definition', () => {
  it(`throws nothing, and every fix leaves a task definition (${RUNS} documents)`, function () {
    this.timeout(180_000);
    let judged = 0;
    let fixes = 0;
    const outcome = fc.check(
      fc.property(fc.oneof(mutated, revalued), (text) => {
        const document = parseTaskDefinition(text);
        const found = diagnose(document);
        judged += found.length > 0 ? 1 : 0;
        for (const { span, fix, rule, message } of found) {
          assert.ok(
            span.offset >= 0 && span.offset + span.length <= text.length,
            `${rule.id} is out of bounds`,
          );
          assert.doesNotMatch(message, /undefined|NaN|\[object/, rule.id);
          if (fix) {
            fixes += 1;
            const after = applyEdits(text, fix.edits());
            assert.notEqual(after, text, `${rule.id} changes nothing`);
            assert.ok(isReadable(after), `${rule.id} breaks the document`);
          }
        }
        const all = found.some(({ fix }) => fix) ? fixAll(text) : undefined;
        assert.ok(!all || isReadable(applyEdits(text, [all])), 'all fixes together break the document');
      }),
      { numRuns: RUNS },
    );
    console.log(`      seed ${outcome.seed}: ${judged} documents with findings, ${fixes} fixes applied`);
    assert.ok(!outcome.failed, fc.defaultReportMessage(outcome) ?? '');
    assert.ok(judged > RUNS / 4 && fixes > RUNS / 4, 'the documents are not worth judging');
  });
});

function isReadable(text: string): boolean {
  return !['invalid', 'other'].includes(parseTaskDefinition(text).kind);
}
