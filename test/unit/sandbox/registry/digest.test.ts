import assert from 'node:assert/strict';
import { digestOf, parseDigest } from '../../../../src/sandbox/registry/digest';

describe('parseDigest', () => {
  it('reads what digestOf makes', () => {
    for (const algorithm of ['sha256', 'sha512'] as const) {
      const digest = digestOf(Buffer.from('content'), algorithm);
      assert.deepEqual(parseDigest(digest.text), digest);
    }
  });

  it('refuses other algorithms, lengths and characters', () => {
    const { hex } = digestOf(Buffer.alloc(0));
    for (const text of [
      '',
      hex,
      `md5:${hex.slice(0, 32)}`,
      `sha512:${hex}`,
      `sha256:${hex}0`,
      `sha256:${hex.toUpperCase()}`,
      `sha256:../../${hex.slice(6)}`,
      `toString:${hex}`,
      `sha256:${hex}\n`,
    ]) {
      assert.equal(parseDigest(text), undefined, text);
    }
  });
});
