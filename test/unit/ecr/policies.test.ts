import assert from 'node:assert/strict';
import {
  describeLifecycleChanges,
  describeRules,
  STARTER_LIFECYCLE_POLICY,
} from '../../../src/ecr/lifecyclePolicy';
import { findLifecycleProblems } from '../../../src/ecr/lifecycleProblems';
import { formatPolicy, readPolicy } from '../../../src/ecr/policyText';
import { describePolicyChanges } from '../../../src/ecr/repositoryPolicy';

const rule = (rulePriority: number, selection: object, type = 'expire'): object => ({
  rulePriority,
  selection: { countType: 'imageCountMoreThan', countNumber: 3, ...selection },
  action: { type },
});
const days = (countType: string, countNumber: number): object => ({
  countType,
  countUnit: 'days',
  countNumber,
});

describe('the text of a policy', () => {
  it('is read as strictly as ECR reads it, and says where it is wrong', () => {
    assert.deepEqual(readPolicy('\uFEFF{"a": 1}', 'x'), { a: 1 });
    for (const [text, message] of [
      ['{\n  "a": 1,\n}', /not JSON.*web\.json:3:1/],
      ['{\n  // why\n  "a": 1\n}', /not JSON.*web\.json:2:3/],
      ['', /not JSON.*web\.json:1:1/],
      ['[]', /JSON object.*web\.json:1:1/],
    ] as const) {
      assert.throws(() => readPolicy(text, 'web.json'), { reason: 'invalidInput', message }, text);
    }
  });

  it('is shown as it is where it has lines, else with members on lines of their own', () => {
    assert.equal(formatPolicy('{\n"a":1}'), '{\n"a":1}');
    assert.equal(formatPolicy('{"a":1}\n'), '{\n  "a": 1\n}\n');
    assert.equal(formatPolicy('no JSON'), 'no JSON');
  });
});

describe('a lifecycle policy', () => {
  it('is put into words, a sentence a rule', () => {
    const policy = {
      rules: [
        rule(4, { tagStatus: 'any', storageClass: 'archive', ...days('sinceImageTransitioned', 365) }),
        rule(1, { tagStatus: 'tagged', tagPatternList: ['v*', '*-rc'] }),
        rule(2, { tagStatus: 'tagged', tagPrefixList: ['pr-'], ...days('sinceImagePushed', 1) }),
        rule(3, { tagStatus: 'any', ...days('sinceImagePulled', 90) }, 'transition'),
        'no rule',
      ],
    };
    assert.deepEqual(
      [...describeRules(policy)],
      [
        [1, 'expire all but the newest 3 of images tagged v* and *-rc'],
        [2, 'expire images tagged pr-* that were pushed more than 1 day ago'],
        [3, 'archive all images that were not pulled for 90 days'],
        [4, 'expire all images that were archived more than 365 days ago'],
      ],
    );
    assert.deepEqual(
      [...describeRules(readPolicy(STARTER_LIFECYCLE_POLICY, ''))],
      [[1, 'expire untagged images that were pushed more than 14 days ago']],
    );
  });

  it('says what another one changes', () => {
    const before = { rules: [rule(1, { tagStatus: 'untagged' }), rule(2, { tagStatus: 'any' })] };
    const after = {
      rules: [
        rule(1, { tagStatus: 'untagged', countNumber: 5 }),
        rule(3, { tagStatus: 'tagged', tagPrefixList: ['v'] }),
      ],
    };
    assert.deepEqual(describeLifecycleChanges(before, after), [
      'Rule 1: expire all but the newest 3 of untagged images → expire all but the newest 5 of untagged images',
      'Rule 2 is removed: expire all but the newest 3 of all images',
      'Rule 3 is added: expire all but the newest 3 of images tagged v*',
    ]);
    assert.deepEqual(describeLifecycleChanges(undefined, { rules: [rule(1, { tagStatus: 'any' })] }), [
      'Rule 1 is added: expire all but the newest 3 of all images',
    ]);
    const described = { rules: [{ ...rule(1, { tagStatus: 'any' }), description: 'why' }] };
    assert.deepEqual(describeLifecycleChanges({ rules: [rule(1, { tagStatus: 'any' })] }, described), [
      'Rule 1 is described otherwise',
    ]);
    assert.deepEqual(describeLifecycleChanges({}, {}), ['The rules stay the same']);
  });

  it('has problems between its rules, each at the priority of a rule', () => {
    const problemsOf = (...rules: object[]): string[] => {
      const text = JSON.stringify({ rules });
      return findLifecycleProblems(text).map(
        ({ span, message }) =>
          `${text.slice(span.offset, span.offset + span.length)}: ${message.split(':')[0]}`,
      );
    };
    assert.deepEqual(problemsOf(rule(1, { tagStatus: 'untagged' }), rule(1, { tagStatus: 'any' })), [
      '1: Another rule has the rulePriority 1',
    ]);
    assert.deepEqual(problemsOf(rule(9, { tagStatus: 'untagged' }), rule(2, { tagStatus: 'any' })), [
      '2: A rule with the tagStatus "any" is applied last',
    ]);
    assert.deepEqual(problemsOf(rule(1, { tagStatus: 'untagged' }), rule(2, { tagStatus: 'untagged' })), [
      '2: Another rule selects untagged images of this storage class',
    ]);
    assert.deepEqual(
      problemsOf(
        rule(1, { tagStatus: 'tagged', tagPrefixList: ['v'] }),
        rule(2, { tagStatus: 'tagged', tagPatternList: ['v*'] }),
      ),
      ['2: Another rule selects the same tags in this storage class'],
    );
    const archived = { tagStatus: 'any', storageClass: 'archive' };
    assert.deepEqual(problemsOf(rule(1, { tagStatus: 'any' }), rule(2, archived)), []);
    for (const text of ['', '{', '[]', '{"rules": {}}', '{"rules": [1, {"rulePriority": "1"}]}']) {
      assert.deepEqual(findLifecycleProblems(text), [], text);
    }
  });
});

describe('the policy of a repository', () => {
  it('says what another one changes, by the names of its statements', () => {
    const pull = {
      Sid: 'Pull',
      Effect: 'Allow',
      Principal: { AWS: ['1', '2'] },
      Action: 'ecr:BatchGetImage',
    };
    const deny = { Effect: 'Deny', NotPrincipal: '*', NotAction: ['ecr:Get*'], Condition: {} };
    assert.deepEqual(describePolicyChanges(undefined, { Statement: [pull, deny] }), [
      'Statement Pull is added: allow 1, 2 ecr:BatchGetImage',
      'Statement 2 is added: deny all but * all but ecr:Get* on a condition',
    ]);
    assert.deepEqual(
      describePolicyChanges({ Statement: [pull, deny] }, { Statement: { ...pull, Action: 'ecr:*' } }),
      [
        'Statement Pull: allow 1, 2 ecr:BatchGetImage → allow 1, 2 ecr:*',
        'Statement 2 is removed: deny all but * all but ecr:Get* on a condition',
      ],
    );
    assert.deepEqual(describePolicyChanges({}, {}), ['The statements stay the same']);
  });
});
