import type { Role } from '@aws-sdk/client-iam';
import { Connection } from './connection';
import type { AwsContext } from './context';
import { unguarded } from './contextAccess';
import { pages } from './page';

export interface RoleFacts {
  readonly arn: string;
  /** Without the path that the ARN may have before it. */
  readonly name: string;
  readonly description?: string;
  /** The policy document that says who may assume the role, as parsed JSON; `undefined` when it cannot be read. */
  readonly trustPolicy: unknown;
  readonly createdAt?: Date;
}

/** IAM of one context's account: roles are the same in each of its regions. Every method throws `UserError`. */
export interface IamGateway {
  readonly context: AwsContext;
  /** All roles, up to 1,000 a page, in the order of their names. */
  roles(signal?: AbortSignal): AsyncGenerator<readonly RoleFacts[], void, void>;
  /**
   * @param name without a path, as it ends the role's ARN
   * @throws UserError('notFound')
   */
  role(name: string, signal?: AbortSignal): Promise<RoleFacts>;
  /**
   * Whether a role's policies allow an action on one of the resources at least, by IAM's own simulation.
   * @param roleArn the ARN; a name is not enough
   * @param action as "logs:CreateLogGroup"
   */
  allows(
    roleArn: string,
    action: string,
    resourceArns: readonly string[],
    signal?: AbortSignal,
  ): Promise<boolean>;
  dispose(): void;
}

export function createIamGateway(context: AwsContext, access = unguarded(context)): IamGateway {
  const connection = new Connection(
    access,
    'IAM',
    () => import('@aws-sdk/client-iam'),
    (sdk, configuration) => new sdk.IAMClient(configuration),
  );
  return {
    context,

    roles: (signal) =>
      pages(async (marker) => {
        const page = await connection.call('list the IAM roles', (client, sdk) =>
          client.send(new sdk.ListRolesCommand({ MaxItems: 1000, Marker: marker }), { abortSignal: signal }),
        );
        return { items: (page.Roles ?? []).map(readRole), next: page.IsTruncated ? page.Marker : undefined };
      }),

    role: (name, signal) =>
      connection.call(`look up the IAM role ${name}`, async (client, sdk) => {
        const { Role: role } = await client.send(new sdk.GetRoleCommand({ RoleName: name }), {
          abortSignal: signal,
        });
        if (role === undefined) {
          throw new Error('IAM answered without the role.');
        }
        return readRole(role);
      }),

    allows: (roleArn, action, resourceArns, signal) =>
      connection.call(`simulate the policies of ${roleArn}`, async (client, sdk) => {
        const { EvaluationResults = [] } = await client.send(
          new sdk.SimulatePrincipalPolicyCommand({
            PolicySourceArn: roleArn,
            ActionNames: [action],
            ResourceArns: [...resourceArns],
          }),
          { abortSignal: signal },
        );
        // The result as a whole is that of the most restricted resource.
        const decisions = EvaluationResults.flatMap(({ EvalDecision, ResourceSpecificResults = [] }) => [
          EvalDecision,
          ...ResourceSpecificResults.map(({ EvalResourceDecision }) => EvalResourceDecision),
        ]);
        return decisions.includes('allowed');
      }),

    dispose: () => connection.dispose(),
  };
}

function readRole(role: Role): RoleFacts {
  return {
    arn: role.Arn ?? '',
    name: role.RoleName ?? '',
    description: role.Description,
    trustPolicy: readPolicy(role.AssumeRolePolicyDocument),
    createdAt: role.CreateDate,
  };
}

/** IAM gives policy documents URL-encoded by RFC 3986: API reference, type Role, AssumeRolePolicyDocument. */
function readPolicy(document: string | undefined): unknown {
  try {
    return document === undefined ? undefined : JSON.parse(decodeURIComponent(document));
  } catch {
    return undefined;
  }
}
