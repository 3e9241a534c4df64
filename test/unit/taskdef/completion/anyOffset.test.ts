import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseTree, type ParseError } from 'jsonc-parser';
import { completeTaskDefinition } from '../../../../src/taskdef/completion/completeTaskDefinition';
import { parseTaskDefinition } from '../../../../src/taskdef/document/taskDefinitionDocument';
import { FIXTURES } from '../rules/fixtures';
import { applyCompletion, KNOWLEDGE } from './atCursor';

const RUNS = 10_000;
const SOURCES = FIXTURES.flatMap(({ passes, fails }) => [passes, fails])
  .map((each) => (typeof each === 'string' ? each : JSON.stringify(each, null, 1)))
  .filter(({ length }) => length < 4000);
const PIECES = fc.oneof(
  fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    ',',
    ':',
    '\\',
    '//',
    '/*',
    '*/',
    '\n',
    '\r\n',
    '\uFEFF',
    '\0',
    '|',
  ),
  fc.constantFrom('null', 'true', '-1', '1e999', '""', '[]', '{}', '<X>', '${X}', '{{x}}', '__proto__'),
  fc.constantFrom(
    '"constructor": "",',
    '"dependsOn": [{}],',
    '"options": {},',
    '{'.repeat(300),
    '['.repeat(2_000),
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const mutated = fc
  .tuple(
    fc.constantFrom(...SOURCES),
    fc.array(fc.record({ at: fc.nat(4000), remove: fc.nat(12), insert: PIECES }), { maxLength: 3 }),
    fc.nat(4000),
  )
  .map(([source, mutations, at]) => {
    const text = mutations.reduce((result, { at: place, remove, insert }) => {
      const from = place % (result.length + 1);
      return result.slice(0, from) + insert + result.slice(from + remove);
    }, source);
    return { text, offset: at % (text.length + 1) };
  });

describe('Completion in whatever was typed into a task definition', () => {
  it(`throws nothing, and replaces what is around the cursor (${RUNS} documents)`, function () {
    this.timeout(180_000);
    let offered = 0;
    const outcome = fc.check(
      fc.property(mutated, ({ text, offset }) => {
        const { items } = completeTaskDefinition(text, offset, KNOWLEDGE);
        offered += items.length > 0 ? 1 : 0;
        for (const { span, edits, label } of items) {
          assert.ok(span.offset <= offset && offset <= span.offset + span.length, label);
          assert.ok(span.offset + span.length <= text.length, label);
          assert.doesNotMatch(text.slice(span.offset, span.offset + span.length), /[\r\n]/, label);
          for (const edit of edits) {
            const touches =
              edit.offset <= span.offset + span.length && span.offset <= edit.offset + edit.length;
            assert.ok(!touches && edit.offset >= 0 && edit.offset + edit.length <= text.length, label);
          }
        }
      }),
      { numRuns: RUNS },
    );
    console.log(`      seed ${outcome.seed}: something was offered in ${offered} documents`);
    assert.ok(!outcome.failed, fc.defaultReportMessage(outcome) ?? '');
    assert.ok(offered > RUNS / 20, 'the documents are not worth completing');
  });

  it('leaves JSON wherever it is accepted in a definition', function () {
    this.timeout(60_000);
    let accepted = 0;
    for (const text of SOURCES) {
      if (['invalid', 'other'].includes(parseTaskDefinition(text).kind) || /[<$%]/.test(text)) {
        continue;
      }
      for (let offset = 0; offset <= text.length; offset += 7) {
        for (const item of completeTaskDefinition(text, offset, KNOWLEDGE).items.slice(0, 2)) {
          const after = applyCompletion(text, item);
          const errors: ParseError[] = [];
          parseTree(after, errors, { allowTrailingComma: true });
          assert.deepEqual(errors, [], `${item.label} at ${offset}:\n${after}`);
          accepted += 1;
        }
      }
    }
    assert.ok(accepted > 500, `${accepted} completions`);
  });
});
