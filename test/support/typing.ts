import assert from 'node:assert/strict';
import fc from 'fast-check';

/** Documents of a run: ten thousand, or as many times that as the environment variable PROPERTY_FACTOR says. */
export const TYPED_DOCUMENTS = 10_000 * Number(process.env['PROPERTY_FACTOR'] ?? 1);

/** What people type into JSON, and what breaks it. */
export const TYPED_PIECES: fc.Arbitrary<string> = fc.oneof(
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

/** A text with up to three places where some characters are gone and others are typed. */
export function typedInto(
  texts: fc.Arbitrary<string>,
  pieces: fc.Arbitrary<string> = TYPED_PIECES,
): fc.Arbitrary<string> {
  const mutation = fc.record({
    at: fc.nat(4000),
    remove: fc.nat(12),
    insert: fc.oneof(fc.constant(''), pieces),
  });
  return fc.tuple(texts, fc.array(mutation, { maxLength: 3 })).map(([text, mutations]) =>
    mutations.reduce((result, { at, remove, insert }) => {
      const from = at % (result.length + 1);
      return result.slice(0, from) + insert + result.slice(from + remove);
    }, text),
  );
}

/** Holds a property against that many documents, says what it was held against, and fails with what it found. */
export async function holdsForTyped<Values extends unknown[]>(
  property: fc.IRawProperty<Values>,
  describeRun: () => string,
): Promise<void> {
  const outcome = await fc.check(property, { numRuns: TYPED_DOCUMENTS });
  console.log(`      seed ${outcome.seed}: ${describeRun()}`);
  assert.ok(!outcome.failed, `${String(outcome.errorInstance)}\n${fc.defaultReportMessage(outcome)}`);
}
