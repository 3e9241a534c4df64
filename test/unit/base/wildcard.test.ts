import assert from 'node:assert/strict';
import { matchesWildcard } from '../../../src/base/wildcard';

describe('matchesWildcard', () => {
  it('lets each star stand for anything', () => {
    for (const [pattern, text] of [
      ['*', ''],
      ['*', 'v1'],
      ['v*', 'v'],
      ['*-rc', '1-rc'],
      ['a*b*c', 'axbxc'],
      ['a*a', 'aa'],
      ['*b*', 'abc'],
      ['v1', 'v1'],
    ] as const) {
      assert.ok(matchesWildcard(pattern, text), `${pattern} ${text}`);
    }
  });

  it('takes everything else for itself', () => {
    for (const [pattern, text] of [
      ['v1', 'v11'],
      ['v.', 'v1'],
      ['a*a', 'a'],
      ['a*b*c', 'acb'],
      ['*b*b', 'ab'],
      ['v*', 'av'],
    ] as const) {
      assert.ok(!matchesWildcard(pattern, text), `${pattern} ${text}`);
    }
  });
});
