import assert from 'node:assert/strict';
import {
  evaluateLifecyclePolicy,
  parseLifecyclePolicy,
  type LifecycleImage,
} from '../../../../src/sandbox/ecr/lifecyclePolicy';

const DAY = 24 * 3600 * 1000;

function rule(rulePriority: number, selection: object, action: object = { type: 'expire' }): object {
  return {
    rulePriority,
    selection: { countType: 'imageCountMoreThan', countNumber: 1, ...selection },
    action,
  };
}

const policy = (...rules: object[]): string => JSON.stringify({ rules });

describe('parseLifecyclePolicy', () => {
  it('reads rules in order of priority', () => {
    const rules = parseLifecyclePolicy(
      policy(rule(5, { tagStatus: 'any' }), rule(1, { tagStatus: 'tagged', tagPrefixList: ['v'] })),
    );
    assert.deepEqual(
      rules.map(({ priority }) => priority),
      [1, 5],
    );
    assert.deepEqual(rules[0]?.tagPatterns, ['v*']);
  });

  it('refuses what ECR refuses, and says where', () => {
    const days = { countType: 'sinceImagePushed', countUnit: 'days', countNumber: 1 };
    const archived = {
      countType: 'sinceImageTransitioned',
      countUnit: 'days',
      countNumber: 90,
      storageClass: 'archive',
    };
    for (const [text, message] of [
      ['{', /not valid JSON/],
      ['[]', /must be an object/],
      [policy(), /1 to 50 rules/],
      [policy(rule(1, { tagStatus: 'some' })), /rules\[0\]\.selection\.tagStatus/],
      [policy(rule(1, { tagStatus: 'tagged' })), /tagPrefixList or tagPatternList/],
      [policy(rule(1, { tagStatus: 'any', tagPrefixList: ['v'] })), /tagPrefixList or tagPatternList/],
      [policy(rule(1, { tagStatus: 'tagged', tagPatternList: ['*a*b*c*d*'] })), /four wildcards/],
      [policy(rule(0, { tagStatus: 'any' })), /rulePriority/],
      [policy(rule(1, { tagStatus: 'untagged' }), rule(1, { tagStatus: 'any' })), /not unique/],
      [policy(rule(1, { tagStatus: 'any' }), rule(2, { tagStatus: 'untagged' })), /highest rulePriority/],
      [policy(rule(1, { tagStatus: 'any', ...days, countUnit: undefined })), /countUnit must be 'days'/],
      [policy(rule(1, { tagStatus: 'any', countUnit: 'days' })), /countUnit must be absent/],
      [policy(rule(1, { tagStatus: 'any', countNumber: 0.5 })), /countNumber/],
      [policy(rule(1, { tagStatus: 'any' }, { type: 'delete' })), /action/],
      [policy(rule(1, { tagStatus: 'untagged' }), rule(2, { tagStatus: 'untagged' })), /only one rule/],
      [
        policy(
          rule(1, { tagStatus: 'tagged', tagPrefixList: ['v'] }),
          rule(2, { tagStatus: 'tagged', tagPatternList: ['v*'] }),
        ),
        /different tags/,
      ],
      [policy(rule(1, { tagStatus: 'any', ...days, countType: 'sinceImagePulled' })), /transition with/],
      [policy(rule(1, { tagStatus: 'any', ...archived, storageClass: undefined })), /storageClass/],
      [policy(rule(1, { tagStatus: 'any', storageClass: 'archive' })), /storageClass must be 'standard'/],
      [policy(rule(1, { tagStatus: 'any', ...archived, countNumber: 89 })), /at least 90/],
    ] as const) {
      assert.throws(() => parseLifecyclePolicy(text), { code: 'InvalidParameterException', message }, text);
    }
  });
});

describe('evaluateLifecyclePolicy', () => {
  const now = 100 * DAY;
  const image = (digest: string, ageInDays: number, ...tags: string[]) => ({
    digest,
    tags,
    pushedAt: now - ageInDays * DAY,
  });
  const evaluate = (text: string, ...images: readonly LifecycleImage[]): string[] =>
    evaluateLifecyclePolicy(parseLifecyclePolicy(text), images, now).map(({ image: { digest } }) => digest);

  it('keeps the newest', () => {
    const text = policy(rule(1, { tagStatus: 'any', countNumber: 2 }));
    assert.deepEqual(evaluate(text, image('old', 3), image('new', 1), image('older', 4), image('mid', 2)), [
      'old',
      'older',
    ]);
  });

  it('counts days since the push', () => {
    const text = policy(
      rule(1, { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 }),
    );
    assert.deepEqual(evaluate(text, image('a', 8), image('b', 7), image('c', 9, 'tag')), ['a']);
  });

  it('selects images that have a tag for each pattern', () => {
    const text = policy(rule(1, { tagStatus: 'tagged', tagPatternList: ['v*', '*-dev'] }));
    assert.deepEqual(
      evaluate(text, image('both', 1, 'v1', 'x-dev'), image('one', 2, 'v2'), image('single', 3, 'v3-dev')),
      ['single'],
    );
  });

  it('archives what was not pulled, and finds nothing to delete among what is archived, which is nothing', () => {
    const text = policy(
      rule(
        1,
        { tagStatus: 'any', countType: 'sinceImagePulled', countUnit: 'days', countNumber: 5 },
        { type: 'transition', targetStorageClass: 'archive' },
      ),
      rule(2, {
        tagStatus: 'any',
        storageClass: 'archive',
        countType: 'sinceImageTransitioned',
        countUnit: 'days',
        countNumber: 90,
      }),
    );
    assert.deepEqual(
      evaluate(text, image('never', 6), { ...image('lately', 6), lastPulledAt: now - DAY }, image('new', 1)),
      ['never'],
    );
  });

  it('leaves an image to the first rule that selects it', () => {
    const text = policy(
      rule(1, { tagStatus: 'tagged', tagPrefixList: ['v'], countNumber: 5 }),
      rule(2, { tagStatus: 'any', countNumber: 1 }),
    );
    assert.deepEqual(evaluate(text, image('v', 9, 'v1'), image('x', 1, 'x'), image('y', 2)), ['y']);
  });
});
