import assert from 'node:assert/strict';
import { bestMatches, fuzzyScore } from '../../../src/explorer/fuzzyMatch';

const best = (query: string, ...names: string[]): string[] => bestMatches(query, names, (name) => name, 10);

describe('What the letters that were typed stand for', () => {
  it('is a name that has them in this order', () => {
    assert.deepEqual(best('pwa', 'prod-web-api', 'web', 'pawn-shop', 'api-web-prod'), ['prod-web-api']);
    assert.equal(fuzzyScore('xyz', 'prod-web-api'), undefined);
  });

  it('is first of all a name in which they stand together, then at the start of its words', () => {
    assert.deepEqual(best('api', 'a-p-i', 'rapid', 'web-api', 'aXpXi'), [
      'web-api',
      'rapid',
      'a-p-i',
      'aXpXi',
    ]);
  });

  it('is the shorter of two names that have them in the same place', () => {
    assert.deepEqual(best('web', 'web-worker', 'web'), ['web', 'web-worker']);
  });

  it('is any name when nothing was typed, and only so many of them', () => {
    assert.deepEqual(best('', 'b', 'a'), ['a', 'b']);
    const many = Array.from({ length: 50 }, (_, index) => `web-${index}`);
    assert.equal(bestMatches('web', many, (name) => name, 10).length, 10);
  });

  it('is read in any case and with spaces between', () => {
    assert.deepEqual(best('Team Web', 'team/web-api'), ['team/web-api']);
  });
});
