import assert from 'node:assert/strict';
import { LineFormatter, plainText } from '../../../src/logs/lineFormatter';
import type { LogLine } from '../../../src/logs/logTarget';

const line = (message: string, members: Partial<LogLine> = {}): LogLine => ({
  timestamp: new Date(2026, 10, 21, 9, 5, 7, 42).getTime(),
  task: '0123456789abcdef0123456789abcdef',
  container: 'web',
  message,
  id: '1',
  ...members,
});

describe('formatting lines', () => {
  it('writes local time, and the date where the day changes', () => {
    const formatter = new LineFormatter();
    assert.equal(formatter.format([line('one')]), '--- 2026-11-21 ---\n09:05:07.042  one\n');
    assert.equal(formatter.format([line('two')]), '09:05:07.042  two\n');
    const nextDay = new Date(2026, 10, 22, 0, 0, 0, 1).getTime();
    assert.equal(
      formatter.format([line('three', { timestamp: nextDay })]),
      '--- 2026-11-22 ---\n00:00:00.001  three\n',
    );
    assert.equal(formatter.format([]), '');
  });

  it('names task and container where there are several', () => {
    const formatter = new LineFormatter();
    const text = formatter.format([line('a'), line('b', { container: 'proxy', task: 'fedcba9876543210' })]);
    assert.deepEqual(text.split('\n').slice(1, 3), [
      '09:05:07.042 01234567 web  a',
      '09:05:07.042 fedcba98 proxy  b',
    ]);
  });

  it('indents the further lines of a message', () => {
    const [, first, second, third] = new LineFormatter().format([line('a\r\nb\rc\n')]).split('\n');
    assert.deepEqual([first, second, third], ['09:05:07.042  a', '              b', '              c']);
  });

  it('keeps a line of half a megabyte whole', () => {
    const long = 'x'.repeat(512 * 1024);
    assert.ok(new LineFormatter().format([line(long)]).endsWith(`  ${long}\n`));
  });

  const harmless: readonly (readonly [string, string, string])[] = [
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['a change of the window title', '\u001b]0;title\u0007text', 'text'],
    ['other control characters', 'a\u0000b\u0008c\u007fd', 'a\u2400b\u2408c\u2421d'],
    ['a turned writing direction', 'a\u202eb', 'a\ufffdb'],
    ['tabs, which stay', 'a\tb', 'a\tb'],
    ['line breaks of other kinds', 'a\u2028b', 'a\nb'],
  ];
  for (const [what, message, expected] of harmless) {
    it(`makes harmless: ${what}`, () => assert.equal(plainText(message), expected));
  }
});
