import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseTree, type ParseError } from 'jsonc-parser';
import { completeTaskDefinition } from '../../../../src/taskdef/completion/completeTaskDefinition';
import { parseTaskDefinition } from '../../../../src/taskdef/document/taskDefinitionDocument';
import { holdsForTyped, TYPED_DOCUMENTS, TYPED_PIECES, typedInto } from '../../../support/typing';
import { FIXTURES } from '../rules/fixtures';
import { applyCompletion, KNOWLEDGE } from './atCursor';

const SOURCES = FIXTURES.flatMap(({ passes, fails }) => [passes, fails])
  .map((each) => (typeof each === 'string' ? each : JSON.stringify(each, null, 1)))
  .filter(({ length }) => length < 4000);
/** What completion has to step over besides: names of every object, and nesting without end. */
const PIECES = fc.oneof(
  TYPED_PIECES,
  fc.constantFrom(
    '|',
    '__proto__',
    '"dependsOn": [{}],',
    '"options": {},',
    '{'.repeat(300),
    '['.repeat(2_000),
  ),
);
const typed = fc
  .tuple(typedInto(fc.constantFrom(...SOURCES), PIECES), fc.nat(4000))
  .map(([text, at]) => ({ text, offset: at % (text.length + 1) }));

describe('Completion in whatever was typed into a task definition', () => {
  it(`throws nothing, and replaces what is around the cursor (${TYPED_DOCUMENTS} documents)`, async function () {
    this.timeout(TYPED_DOCUMENTS * 20);
    let offered = 0;
    await holdsForTyped(
      fc.property(typed, ({ text, offset }) => {
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
      () => `something was offered in ${offered} documents`,
    );
    assert.ok(offered > TYPED_DOCUMENTS / 20, 'the documents are not worth completing');
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
