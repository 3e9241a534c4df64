import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { validateInput } from '../../../../src/sandbox/protocol/inputValidation';
import { ServiceError } from '../../../../src/sandbox/protocol/serviceError';
import type { ServiceShapes } from '../../../../src/sandbox/protocol/shapes';

const SHAPES: ServiceShapes = {
  protocol: { kind: 'json', targetPrefix: 'Test' },
  operations: { Make: 'MakeRequest', Nothing: '' },
  structures: {
    MakeRequest: {
      members: {
        name: 'string',
        size: 'number',
        when: 'timestamp',
        data: 'blob',
        anything: 'document',
        parts: { list: { structure: 'Part' } },
        labels: { map: 'string' },
        choice: { structure: 'Choice' },
      },
      required: ['name'],
    },
    Part: { members: { id: 'string', parts: { list: { structure: 'Part' } } }, required: ['id'] },
    Choice: { members: { a: 'string', b: 'string' }, union: true },
  },
};

describe('the validation of input', () => {
  const validate = (body: unknown, operation = 'Make'): Record<string, unknown> =>
    validateInput(body, operation, SHAPES, 'InvalidParameterException');

  const refusal = (body: unknown): ServiceError => {
    try {
      validate(body);
    } catch (error) {
      assert.ok(error instanceof ServiceError);
      return error;
    }
    throw new assert.AssertionError({ message: 'was taken' });
  };

  it('gives a copy with the declared members only, at every depth', () => {
    const input = {
      name: 'n',
      unknown: 1,
      size: null,
      parts: [{ id: 'p', other: 1, parts: [] }],
      labels: { a: 'x', gone: null },
      anything: { kept: [null, { as: 'it is' }] },
    };
    assert.deepEqual(validate(input), {
      name: 'n',
      parts: [{ id: 'p', parts: [] }],
      labels: { a: 'x' },
      anything: { kept: [null, { as: 'it is' }] },
    });
    assert.deepEqual(validate({ any: 'thing' }, 'Nothing'), {});
  });

  it('names all required members that are missing, by their paths', () => {
    const { code, message } = refusal({ parts: [{ id: 'p' }, { parts: [{}] }] });
    assert.equal(code, 'InvalidParameterException');
    assert.equal(
      message,
      "3 validation errors detected: Value null at 'name' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'parts.2.member.id' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'parts.2.member.parts.1.member.id' failed to satisfy constraint: Member must not be null",
    );
  });

  for (const [title, member] of [
    ['a text as a number', { size: '1' }],
    ['a number as a text', { name: 1 }],
    ['a structure as a list', { parts: {} }],
    ['a list as a structure', { choice: [] }],
    ['a text as a map', { labels: 'x' }],
    ['a number in a map of texts', { labels: { a: 1 } }],
    ['a text that is no date', { when: 'yesterday' }],
    ['a text that is not base64', { data: '!' }],
    ['two members of a union', { choice: { a: 'x', b: 'y' } }],
  ] as const) {
    it(`refuses ${title}`, () => {
      assert.equal(refusal({ name: 'n', ...member }).code, 'SerializationException');
    });
  }

  it('takes times as epoch seconds and as dates', () => {
    assert.equal(validate({ name: 'n', when: 1.5 })['when'], 1.5);
    assert.equal(validate({ name: 'n', when: '1970-01-01T00:00:01.500Z' })['when'], 1.5);
  });

  it('refuses what is nested more deeply than any input', () => {
    let part: object = { id: 'p' };
    for (let depth = 0; depth < 10_000; depth += 1) {
      part = { id: 'p', parts: [part] };
    }
    assert.equal(refusal({ name: 'n', parts: [part] }).code, 'SerializationException');
  });

  it('takes or refuses any JSON, and does nothing else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        try {
          validate(body);
        } catch (error) {
          assert.ok(error instanceof ServiceError);
        }
      }),
    );
  });
});
