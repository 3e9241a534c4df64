import type { Repository } from '@aws-sdk/client-ecr';
import { parseArn } from '../aws/arn';
import { isObject } from '../base/isObject';
import { samePolicy, type PolicyDocument } from './policyText';

/**
 * What a repository without a policy is offered. It allows its own account what that may do anyway, until another
 * one is written in its place.
 */
export function starterRepositoryPolicy({ repositoryArn = '', registryId = '' }: Repository): string {
  const partition = parseArn(repositoryArn)?.partition ?? 'aws';
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AllowPull',
        Effect: 'Allow',
        Principal: { AWS: `arn:${partition}:iam::${registryId}:root` },
        Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      },
    ],
  };
  return `${JSON.stringify(policy, undefined, 2)}\n`;
}

/**
 * What another policy changes, a sentence a statement. A statement is known again by its Sid, or by its place.
 * @param before `undefined` where there is none
 */
export function describePolicyChanges(
  before: PolicyDocument | undefined,
  after: PolicyDocument,
): readonly string[] {
  const old = statementsOf(before);
  const next = statementsOf(after);
  const names = [...new Set([...old.keys(), ...next.keys()])];
  const changes = names.flatMap((name): string[] => {
    const was = old.get(name);
    const is = next.get(name);
    if (was === undefined || is === undefined) {
      return is === undefined
        ? [`${name} is removed: ${describeStatement(was)}`]
        : [`${name} is added: ${describeStatement(is)}`];
    }
    return samePolicy(was, is) ? [] : [`${name}: ${describeStatement(was)} → ${describeStatement(is)}`];
  });
  return changes.length > 0 ? changes : ['The statements stay the same'];
}

function statementsOf(policy: PolicyDocument | undefined): Map<string, unknown> {
  const { Statement: statements = [] } = policy ?? {};
  const list: readonly unknown[] = Array.isArray(statements) ? statements : [statements];
  return new Map(
    list.map((statement, index) => {
      const sid = isObject(statement) && typeof statement.Sid === 'string' ? statement.Sid : undefined;
      return [sid === undefined ? `Statement ${index + 1}` : `Statement ${sid}`, statement];
    }),
  );
}

function describeStatement(statement: unknown): string {
  if (!isObject(statement)) {
    return 'nothing';
  }
  const { Effect, Action, NotAction, Principal, NotPrincipal, Condition } = statement;
  return [
    Effect === 'Deny' ? 'deny' : 'allow',
    Principal === undefined ? `all but ${names(NotPrincipal)}` : names(Principal),
    Action === undefined ? `all but ${names(NotAction)}` : names(Action),
    ...(Condition === undefined ? [] : ['on a condition']),
  ].join(' ');
}

/** "*" is everybody, or everything, whom a public repository is for. */
function names(value: unknown): string {
  const list = isObject(value) ? Object.values(value).flat() : [value].flat();
  return list.map(String).join(', ');
}
