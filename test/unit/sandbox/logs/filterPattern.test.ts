import assert from 'node:assert/strict';
import { compileFilterPattern } from '../../../../src/sandbox/logs/filterPattern';

function matching(pattern: string, messages: string[]): string[] {
  return messages.filter(compileFilterPattern(pattern));
}

describe('filter patterns', () => {
  const lines = [
    '[ERROR 400] BAD REQUEST',
    '[WARN 401] UNAUTHORIZED REQUEST',
    '[INFO] request done',
    'say "hi" twice',
  ];

  for (const [pattern, indexes] of [
    ['', [0, 1, 2, 3]],
    ['ERROR', [0]],
    ['error', []],
    ['REQUEST WARN', [1]],
    ['"BAD REQUEST"', [0]],
    ['"REQUEST BAD"', []],
    ['REQUEST -ERROR', [1]],
    ['-"BAD REQUEST"', [1, 2, 3]],
    ['?ERROR ?INFO', [0, 2]],
    ['?INFO REQUEST', [0, 1]],
    ['"\\"hi\\""', [3]],
    ['%\\[(ERROR%', undefined],
    ['%^\\[[EW][A-Z]+ 40[01]%', [0, 1]],
  ] as const) {
    it(`${pattern || 'nothing'} ${indexes === undefined ? 'is refused' : `matches lines ${indexes.join(', ') || 'none'}`}`, () => {
      if (indexes === undefined) {
        assert.throws(() => compileFilterPattern(pattern), { code: 'InvalidParameterException' });
      } else {
        assert.deepEqual(
          matching(pattern, lines),
          indexes.map((index) => lines[index]),
        );
      }
    });
  }

  const events = [
    { level: 'error', status: 500, user: { name: 'ann', 'full name': 'Ann B' }, tags: ['a', 'b'], ok: false },
    { level: 'info', status: 200, user: null, ok: true },
    { level: 'information', status: '200' },
  ].map((event) => JSON.stringify(event));

  for (const [pattern, indexes] of [
    ['{ $.level = "error" }', [0]],
    ['{ $.level = error }', [0]],
    ['{ $.level = "info*" }', [1, 2]],
    ['{ $.level = "*rma*on" }', [2]],
    ['{ $.level != "error" }', [1, 2]],
    ['{ $.status >= 300 }', [0]],
    ['{ $.status = 200 }', [1]],
    ['{ $.status < 300 && $.ok IS TRUE }', [1]],
    ['{ $.user IS NULL || $.user NOT EXISTS }', [1, 2]],
    ['{ ($.level = "error" || $.level = "info") && $.status > 200 }', [0]],
    ['{ $.tags[1] = "b" }', [0]],
    ['{ $.user[\'full name\'] = "Ann B" }', [0]],
    ['{ $.ok IS FALSE }', [0]],
  ] as const) {
    it(`${pattern} matches events ${indexes.join(', ')}`, () => {
      assert.deepEqual(
        matching(pattern, [...events, 'not JSON', '{"broken']),
        indexes.map((index) => events[index]),
      );
    });
  }

  for (const pattern of [
    '{ $.level = }',
    '{ level = "x" }',
    '{ $.a = 1',
    '{ $.a = 1 } more',
    '{ $.a > text }',
    '{ $.a IS MAYBE }',
    '{ ($.a = 1 }',
    '{}',
    '[ip, user]',
    '"open',
    `${'x'.repeat(1025)}`,
  ]) {
    it(`refuses ${pattern.slice(0, 30)}`, () => {
      assert.throws(() => compileFilterPattern(pattern), { code: 'InvalidParameterException' });
    });
  }

  it('takes selectors as names of own members only', () => {
    assert.deepEqual(matching('{ $.constructor.name = "Object" }', ['{}']), []);
  });
});
