import assert from 'node:assert/strict';
import { OutputLines } from '../../../src/containers/outputLines';

describe('cutting output into lines', () => {
  it('waits for the end of a line, over the borders of pieces', () => {
    const lines = new OutputLines();
    assert.deepEqual(lines.add('one\ntw'), ['one']);
    assert.deepEqual(lines.add('o\r'), ['two']);
    assert.deepEqual(lines.add('\nthree'), []);
    assert.deepEqual(lines.end(), ['three']);
    assert.deepEqual(lines.end(), []);
  });

  it('takes control sequences out', () => {
    assert.deepEqual(new OutputLines().add('\u001b[91mred\u001b[0m\n\u001b[2K\n'), ['red']);
  });
});
