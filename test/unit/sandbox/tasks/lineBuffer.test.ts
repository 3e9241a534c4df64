import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LineBuffer, MAX_EVENT_BYTES, splitEvent } from '../../../../src/sandbox/tasks/lineBuffer';

describe('LineBuffer', () => {
  it('gives the same lines however the text is cut into chunks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme' })),
        fc.array(fc.nat(7), { minLength: 1 }),
        (parts, cuts) => {
          const text = parts.join('\n');
          const expected = text.split('\n').filter((line) => line !== '');
          const buffer = new LineBuffer();
          const lines: string[] = [];
          for (let from = 0, cut = 0; from < text.length; cut += 1) {
            const to = from + 1 + (cuts[cut % cuts.length] ?? 0);
            lines.push(...buffer.push(text.slice(from, to)));
            from = to;
          }
          assert.deepEqual([...lines, ...buffer.end()], expected);
        },
      ),
    );
  });

  it('keeps carriage returns, and leaves out empty lines', () => {
    assert.deepEqual(new LineBuffer().push('a\r\n\n\nb\n'), ['a\r', 'b']);
  });

  it('does not wait for the end of a line that is too long for an event', () => {
    const buffer = new LineBuffer();
    const lines = buffer.push('x'.repeat(MAX_EVENT_BYTES + 10));
    assert.deepEqual(
      lines.map((line) => line.length),
      [MAX_EVENT_BYTES],
    );
    assert.deepEqual(buffer.push('y\n'), ['x'.repeat(10) + 'y']);
  });
});

describe('splitEvent', () => {
  it('never cuts inside of a character, and loses none', () => {
    const text = `${'x'.repeat(MAX_EVENT_BYTES - 2)}${'😀'.repeat(100_000)}`;
    const pieces = splitEvent(text);
    assert.equal(pieces.join(''), text);
    for (const piece of pieces) {
      assert.ok(Buffer.byteLength(piece) <= MAX_EVENT_BYTES);
      assert.ok(!piece.includes('\ufffd'));
    }
  });
});
