import assert from 'node:assert/strict';
import { mayMoveTag } from '../../../src/image/tagMobility';

describe('whether a tag may be moved', () => {
  const imageTagMutabilityExclusionFilters = [{ filterType: 'WILDCARD' as const, filter: 'dev-*' }];

  it('turns on the repository and what is excluded from its setting', () => {
    for (const [imageTagMutability, release, dev] of [
      ['MUTABLE', true, true],
      ['IMMUTABLE', false, false],
      ['IMMUTABLE_WITH_EXCLUSION', false, true],
      ['MUTABLE_WITH_EXCLUSION', true, false],
    ] as const) {
      const repository = { imageTagMutability, imageTagMutabilityExclusionFilters };
      assert.equal(mayMoveTag(repository, 'v1'), release, imageTagMutability);
      assert.equal(mayMoveTag(repository, 'dev-1'), dev, imageTagMutability);
    }
  });

  it('is what ECR makes of a repository of which it says nothing', () => {
    assert.equal(mayMoveTag({}, 'v1'), true);
  });
});
