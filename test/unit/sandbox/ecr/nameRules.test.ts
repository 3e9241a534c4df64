import assert from 'node:assert/strict';
import { checkRepositoryName, isRepositoryName, isTag } from '../../../../src/sandbox/ecr/nameRules';

describe('isRepositoryName', () => {
  it('takes the names that ECR takes', () => {
    for (const name of ['ab', 'team/web', 'a-b_c.d/e', '0/1', `a${'b'.repeat(255)}`]) {
      assert.ok(isRepositoryName(name), name);
    }
  });

  it('refuses others', () => {
    for (const name of [
      '',
      'a',
      'A',
      'a--b',
      'a..b',
      '.a',
      'a.',
      '/a',
      'a/',
      'a//b',
      'a b',
      'ä',
      'ab\n',
      'x'.repeat(257),
    ]) {
      assert.ok(!isRepositoryName(name), JSON.stringify(name));
    }
  });

  it('answers at once for long names that are nearly right', () => {
    const started = Date.now();
    assert.ok(!isRepositoryName(`${'a'.repeat(255)}-`));
    assert.ok(!isRepositoryName(`${'a/'.repeat(127)}!`));
    assert.ok(!isRepositoryName(`${'a'.repeat(100_000)}!`));
    assert.ok(Date.now() - started < 500);
  });

  it('is explained in the words of ECR', () => {
    assert.throws(() => checkRepositoryName('Web'), {
      code: 'InvalidParameterException',
      message:
        /^Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression/,
    });
    assert.throws(() => checkRepositoryName('a'), { message: /must have length greater than or equal to 2/ });
  });
});

describe('isTag', () => {
  it('takes letters, digits and some signs, 128 at most', () => {
    for (const tag of ['v1', '_', 'A.b-c_d', '1.0', 'x'.repeat(128)]) {
      assert.ok(isTag(tag), tag);
    }
    for (const tag of ['', '.a', '-a', 'a b', 'a:b', 'a/b', 'a\n', 'x'.repeat(129)]) {
      assert.ok(!isTag(tag), JSON.stringify(tag));
    }
  });
});
