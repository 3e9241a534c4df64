import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseContentRange, parseRange } from '../../../../src/sandbox/registry/byteRange';

describe('parseRange', () => {
  it('reads first and last, and takes the end of the content for what lies beyond', () => {
    assert.deepEqual(parseRange('bytes=2-5', 10), { first: 2, last: 5 });
    assert.deepEqual(parseRange('bytes=2-', 10), { first: 2, last: 9 });
    assert.deepEqual(parseRange('bytes=2-99', 10), { first: 2, last: 9 });
    assert.deepEqual(parseRange('bytes=-3', 10), { first: 7, last: 9 });
    assert.deepEqual(parseRange('bytes=-99', 10), { first: 0, last: 9 });
  });

  it('cannot be satisfied beyond the end, or by the last no bytes', () => {
    assert.equal(parseRange('bytes=10-', 10), 'unsatisfiable');
    assert.equal(parseRange('bytes=0-', 0), 'unsatisfiable');
    assert.equal(parseRange('bytes=-0', 10), 'unsatisfiable');
  });

  it('leaves aside what it does not understand', () => {
    for (const header of [undefined, '', 'bytes=', 'bytes=-', 'bytes=5-2', 'bytes=0-1,3-4', 'lines=0-1']) {
      assert.equal(parseRange(header, 10), undefined, header);
    }
  });

  it('gives a range within the content, whatever the header', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.nat(), fc.nat(), (noise, first, last, size) => {
        for (const header of [noise, `bytes=${noise}`, `bytes=${first}-${last}`, `bytes=-${last}`]) {
          const range = parseRange(header, size);
          if (typeof range === 'object') {
            assert.ok(range.first >= 0 && range.first <= range.last && range.last < size);
          }
        }
      }),
    );
  });
});

describe('parseContentRange', () => {
  it('reads the forms of OCI and of HTTP', () => {
    assert.deepEqual(parseContentRange('0-9'), { first: 0, last: 9 });
    assert.deepEqual(parseContentRange('bytes 10-19/100'), { first: 10, last: 19 });
    assert.deepEqual(parseContentRange('bytes 10-19/*'), { first: 10, last: 19 });
  });

  it('refuses other forms', () => {
    for (const header of ['', '-', '1-', '-1', '5-2', 'bytes */10', '0-9x', '0-99999999999999999999']) {
      assert.equal(parseContentRange(header), undefined, header);
    }
  });
});
