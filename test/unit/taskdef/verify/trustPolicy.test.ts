import assert from 'node:assert/strict';
import { trustedPrincipals, trustsEcsTasks } from '../../../../src/taskdef/verify/trustPolicy';

const TASKS = 'ecs-tasks.amazonaws.com';
const policy = (...statements: object[]): object => ({ Version: '2012-10-17', Statement: statements });
const allow = (principal: unknown, action: unknown = 'sts:AssumeRole'): object => ({
  Effect: 'Allow',
  Principal: principal,
  Action: action,
});

describe('A trust policy', () => {
  const cases: readonly (readonly [about: string, policy: unknown, trusts: boolean | undefined])[] = [
    ['names the service', policy(allow({ Service: TASKS })), true],
    ['names it in a list', policy(allow({ Service: ['ec2.amazonaws.com', TASKS] })), true],
    ['is one statement, not a list', { Statement: allow({ Service: TASKS }) }, true],
    ['allows all of STS', policy(allow({ Service: TASKS }, ['sts:TagSession', 'sts:*'])), true],
    ['trusts everybody', policy(allow('*')), true],
    ['has a condition', policy({ ...allow({ Service: TASKS }), Condition: { StringEquals: {} } }), true],
    ['names another service', policy(allow({ Service: 'ec2.amazonaws.com' })), false],
    ['names the service of ECS itself', policy(allow({ Service: 'ecs.amazonaws.com' })), false],
    ['names an account', policy(allow({ AWS: 'arn:aws:iam::123456789012:root' })), false],
    ['allows another action', policy(allow({ Service: TASKS }, 'sts:TagSession')), false],
    [
      'denies it elsewhere',
      policy(allow({ Service: TASKS }), { ...allow({ Service: TASKS }), Effect: 'Deny' }),
      false,
    ],
    [
      'denies it under a condition',
      policy(allow({ Service: TASKS }), { ...allow({ Service: TASKS }), Effect: 'Deny', Condition: {} }),
      true,
    ],
    [
      'excludes instead of naming',
      policy({ Effect: 'Allow', NotPrincipal: {}, Action: 'sts:AssumeRole' }),
      undefined,
    ],
    ['has no statement', policy(), undefined],
    ['is missing', undefined, undefined],
    ['is no policy', 'text', undefined],
  ];
  for (const [about, document, trusts] of cases) {
    it(`that ${about} ${trusts === undefined ? 'tells nothing' : trusts ? 'trusts tasks' : 'does not trust tasks'}`, () => {
      assert.equal(trustsEcsTasks(document), trusts);
    });
  }

  it('tells whom it trusts, each once', () => {
    const both = policy(
      allow({ Service: [TASKS, 'ec2.amazonaws.com'] }),
      allow({ Service: TASKS, AWS: '123456789012' }),
      { ...allow({ Service: 'denied.amazonaws.com' }), Effect: 'Deny' },
    );
    assert.deepEqual(trustedPrincipals(both), [TASKS, 'ec2.amazonaws.com', '123456789012']);
    assert.deepEqual(trustedPrincipals({ Statement: [null, 7, { Effect: 'Allow', Principal: 8 }] }), []);
  });
});
