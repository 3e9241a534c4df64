import assert from 'node:assert/strict';
import { isImmutable, readMutability } from '../../../../src/sandbox/ecr/tagMutability';

describe('isImmutable', () => {
  const exclusionFilters = [{ filterType: 'WILDCARD', filter: 'dev-*' }];

  it('turns on its exclusions', () => {
    const immutable = (tagMutability: Parameters<typeof isImmutable>[0]['tagMutability'], tag: string) =>
      isImmutable({ tagMutability, exclusionFilters }, tag);
    assert.equal(isImmutable({ tagMutability: 'MUTABLE' }, 'v1'), false);
    assert.equal(isImmutable({ tagMutability: 'IMMUTABLE' }, 'v1'), true);
    assert.equal(immutable('IMMUTABLE_WITH_EXCLUSION', 'v1'), true);
    assert.equal(immutable('IMMUTABLE_WITH_EXCLUSION', 'dev-1'), false);
    assert.equal(immutable('MUTABLE_WITH_EXCLUSION', 'v1'), false);
    assert.equal(immutable('MUTABLE_WITH_EXCLUSION', 'dev-1'), true);
  });
});

describe('readMutability', () => {
  const filter = (text: string) => ({ filterType: 'WILDCARD', filter: text });

  it('is mutable when nothing is said', () => {
    assert.deepEqual(readMutability(undefined, undefined), { tagMutability: 'MUTABLE' });
  });

  it('wants filters with an exclusion, and only there', () => {
    assert.throws(() => readMutability('IMMUTABLE', [filter('a')]), { code: 'InvalidParameterException' });
    assert.throws(() => readMutability('IMMUTABLE_WITH_EXCLUSION', []), {
      code: 'InvalidParameterException',
    });
    assert.throws(() => readMutability('SOMETIMES', undefined), { code: 'InvalidParameterException' });
    for (const wrong of ['a b', '***', '']) {
      assert.throws(() => readMutability('IMMUTABLE_WITH_EXCLUSION', [filter(wrong)]), {
        code: 'InvalidParameterException',
      });
    }
  });
});
