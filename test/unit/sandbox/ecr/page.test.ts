import assert from 'node:assert/strict';
import fc from 'fast-check';
import { paginate } from '../../../../src/sandbox/ecr/page';

const readAll = (items: readonly string[], maxResults: number): string[][] => {
  const pages: string[][] = [];
  let nextToken: string | undefined;
  do {
    const page = paginate(items, (item) => item, {
      maxResults,
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    pages.push([...page.items]);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return pages;
};

describe('paginate', () => {
  it('gives every item once, in pages that are full but for the last', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), fc.integer({ min: 1, max: 10 }), (names, size) => {
        const items = [...names].sort((left, right) => (left < right ? -1 : 1));
        const pages = readAll(items, size);
        assert.deepEqual(pages.flat(), items);
        assert.ok(pages.slice(0, -1).every((page) => page.length === size));
      }),
    );
  });

  it('has 100 items a page when nothing is said', () => {
    const items = Array.from({ length: 101 }, (_, index) => String(index).padStart(3, '0'));
    assert.equal(paginate(items, (item) => item, {}).items.length, 100);
  });

  it('goes on after an item that has gone meanwhile', () => {
    const { nextToken } = paginate(['a', 'b', 'c'], (item) => item, { maxResults: 2 });
    assert.ok(nextToken);
    assert.deepEqual(paginate(['a', 'c'], (item) => item, { maxResults: 2, nextToken }).items, ['c']);
  });

  it('refuses tokens that it did not give', () => {
    for (const nextToken of ['', 'x', Buffer.from('{"after":1}').toString('base64url')]) {
      assert.throws(() => paginate([], (item) => item, { nextToken }), { code: 'InvalidParameterException' });
    }
  });
});
