import type { OperationHandler } from '../operation';
import { createConstraints } from '../protocol/constraints';
import { ServiceError } from '../protocol/serviceError';
import { checkPermissionsPolicy, parsePolicy } from './policyDocument';
import { decide, decideAll } from './policyDecision';
import { noSuchRole, type RoleCatalog, roleArn } from './roleCatalog';
import { checkRoleName } from './roleOperations';

interface RolePolicyInput {
  readonly RoleName: string;
  readonly PolicyName: string;
}

interface SimulateInput {
  readonly PolicySourceArn: string;
  readonly ActionNames: readonly string[];
  readonly ResourceArns?: readonly string[];
}

const check = createConstraints('ValidationError');

/** What a role may do: its inline policies, and IAM's answer to what they allow. */
export function createRolePolicyOperations(roles: RoleCatalog): Record<string, OperationHandler> {
  return {
    PutRolePolicy: (input: RolePolicyInput & { readonly PolicyDocument: string }) => {
      checkRoleName(input.RoleName);
      checkPolicyName(input.PolicyName);
      const role = roles.require(input.RoleName);
      checkPermissionsPolicy(input.PolicyDocument);
      roles.put({ ...role, policies: { ...role.policies, [input.PolicyName]: input.PolicyDocument } });
      return {};
    },

    DeleteRolePolicy: (input: RolePolicyInput) => {
      checkRoleName(input.RoleName);
      checkPolicyName(input.PolicyName);
      const role = roles.require(input.RoleName);
      if (!Object.hasOwn(role.policies, input.PolicyName)) {
        throw new ServiceError(
          'NoSuchEntity',
          `The role policy with name ${input.PolicyName} cannot be found.`,
          {},
          404,
        );
      }
      const { [input.PolicyName]: _deleted, ...policies } = role.policies;
      roles.put({ ...role, policies });
      return {};
    },

    SimulatePrincipalPolicy: ({ PolicySourceArn, ActionNames, ResourceArns = ['*'] }: SimulateInput) => {
      const name = /^arn:[^:]+:iam::[^:]*:role\/(?:.*\/)?([^/]+)$/.exec(PolicySourceArn)?.[1];
      if (name === undefined) {
        throw new ServiceError('InvalidInput', `Invalid Entity Arn: ${PolicySourceArn.slice(0, 2048)}`);
      }
      const role = roles.find(name);
      if (role === undefined || roleArn(role) !== PolicySourceArn) {
        throw noSuchRole(name);
      }
      const statements = Object.values(role.policies).flatMap(parsePolicy);
      const results = ActionNames.map((action) => {
        const decisions = ResourceArns.map((resource) => ({
          resource,
          decision: decide(statements, action, resource),
        }));
        return {
          EvalActionName: action,
          EvalResourceName: ResourceArns.length === 1 ? ResourceArns[0] : '*',
          EvalDecision: decideAll(decisions.map(({ decision }) => decision)),
          MatchedStatements: [],
          MissingContextValues: [],
          ResourceSpecificResults: decisions.map(({ resource, decision }) => ({
            EvalResourceName: resource,
            EvalResourceDecision: decision,
            MatchedStatements: [],
            MissingContextValues: [],
          })),
        };
      });
      return { IsTruncated: false, EvaluationResults: results };
    },
  };
}

function checkPolicyName(name: string): void {
  check.length('policyName', name, 1, 128);
  check.pattern('policyName', name, /^[\w+=,.@-]+$/);
}
