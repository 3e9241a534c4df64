import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findNodeAtOffset, getNodePath } from 'jsonc-parser';
import { diagnose, fixAll, type Diagnosis } from '../../../src/taskdef/diagnose';
import { parseTaskDefinition } from '../../../src/taskdef/document/taskDefinitionDocument';
import { applyEdits } from '../../../src/taskdef/document/textSpan';
import { viewTask } from '../../../src/taskdef/rules/task';
import { holdsForTyped, TYPED_DOCUMENTS, typedInto } from '../../support/typing';
import { repeatedMembers } from './repeatedMembers';
import { FIXTURES } from './rules/fixtures';

const SOURCES = FIXTURES.flatMap(({ passes, fails }) => [passes, fails])
  .map((each) => (typeof each === 'string' ? each : JSON.stringify(each, null, 1)))
  .filter(({ length }) => length < 4000);

/** Replaces whole tokens, so that most of what comes out still is JSON. */
const TOKEN = fc.record({
  at: fc.nat(500),
  value: fc.constantFrom(
    'null',
    '0',
    '-5',
    '99999999',
    '1.10',
    '1e999',
    '12345678901234567890',
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
  it(`throws nothing, and every fix leaves a task definition (${TYPED_DOCUMENTS} documents)`, async function () {
    this.timeout(TYPED_DOCUMENTS * 20);
    let judged = 0;
    let fixes = 0;
    await holdsForTyped(
      fc.property(fc.oneof(typedInto(fc.constantFrom(...SOURCES)), revalued), (text) => {
        const document = parseTaskDefinition(text);
        const found = diagnose(document);
        judged += found.length > 0 ? 1 : 0;
        for (const each of found) {
          const { span, fix, rule, message } = each;
          assert.ok(
            span.offset >= 0 && span.offset + span.length <= text.length,
            `${rule.id} is out of bounds`,
          );
          assert.doesNotMatch(message, /undefined|NaN|\[object/, rule.id);
          if (fix) {
            fixes += 1;
            const after = applyEdits(text, fix.edits());
            assert.notEqual(after, text, `${rule.id} changes nothing`);
            assert.ok(isReadable(after, text), `${rule.id} breaks the document`);
            assert.ok(
              fix.guess ?? !isFoundAgain(each, found, text, after),
              `${rule.id} is not fixed by its fix`,
            );
          }
        }
        const all = found.some(({ fix }) => fix) ? fixAll(text) : undefined;
        assert.ok(!all || isReadable(applyEdits(text, [all]), text), 'all fixes together break the document');
      }),
      () => `${judged} documents with findings, ${fixes} fixes applied`,
    );
    assert.ok(
      judged > TYPED_DOCUMENTS / 4 && fixes > TYPED_DOCUMENTS / 4,
      'the documents are not worth judging',
    );
  });
});

/** True of a task definition that repeats no member, unless it did so before. */
function isReadable(text: string, before: string): boolean {
  const repeats = repeatedMembers(text).length > 0 && repeatedMembers(before).length === 0;
  return !repeats && !['invalid', 'other'].includes(parseTaskDefinition(text).kind);
}

/** True when a rule finds the same in the text that its fix made; where an element is removed, the next takes its place. */
function isFoundAgain(
  { rule, span }: Diagnosis,
  found: readonly Diagnosis[],
  before: string,
  after: string,
): boolean {
  const left = [...rule.check(viewTask(parseTaskDefinition(after)))];
  return (
    left.length >= found.filter((each) => each.rule === rule).length &&
    left.some((each) => placeOf(after, each.span.offset) === placeOf(before, span.offset))
  );
}

/** The path to what stands at an offset. */
function placeOf(text: string, offset: number): string {
  const { root } = parseTaskDefinition(text);
  const node = root && findNodeAtOffset(root, offset);
  return JSON.stringify(node && getNodePath(node));
}
