import type { ParameterMetadata } from '@aws-sdk/client-ssm';
import { UserError } from '../base/errors';
import { parameterName, parseArn } from './arn';
import { Connection } from './connection';
import type { AwsContext } from './context';
import { unguarded } from './contextAccess';
import { pages } from './page';

/** What a parameter is. Its value is never asked for. */
export interface ParameterFacts {
  readonly name: string;
  readonly arn?: string;
  /** "String", "StringList" or "SecureString". */
  readonly type?: string;
  readonly description?: string;
  readonly lastModified?: Date;
  readonly version?: number;
}

/** Systems Manager Parameter Store of one context. Every method throws `UserError`. */
export interface ParametersGateway {
  readonly context: AwsContext;
  /** All parameters, up to 50 a page, in the service's order. */
  parameters(signal?: AbortSignal): AsyncGenerator<readonly ParameterFacts[], void, void>;
  /**
   * @param nameOrArn the ARN's region and account are not looked at: the context's are asked
   * @throws UserError('notFound')
   */
  parameter(nameOrArn: string, signal?: AbortSignal): Promise<ParameterFacts>;
  dispose(): void;
}

export function createParametersGateway(context: AwsContext, access = unguarded(context)): ParametersGateway {
  const connection = new Connection(
    access,
    'SSM',
    () => import('@aws-sdk/client-ssm'),
    (sdk, configuration) => new sdk.SSMClient(configuration),
  );
  return {
    context,

    parameters: (signal) =>
      pages(async (token) => {
        const page = await connection.call('list the parameters', (client, sdk) =>
          client.send(new sdk.DescribeParametersCommand({ MaxResults: 50, NextToken: token }), {
            abortSignal: signal,
          }),
        );
        return { items: (page.Parameters ?? []).map(readParameter), next: page.NextToken };
      }),

    async parameter(nameOrArn, signal) {
      const ParameterFilters = [{ Key: 'Name', Option: 'Equals', Values: possibleNames(nameOrArn) }];
      let token: string | undefined;
      do {
        const NextToken = token;
        const page = await connection.call(`look up the parameter ${nameOrArn}`, (client, sdk) =>
          client.send(new sdk.DescribeParametersCommand({ ParameterFilters, NextToken }), {
            abortSignal: signal,
          }),
        );
        const [found] = page.Parameters ?? [];
        if (found) {
          return readParameter(found);
        }
        // A filtered listing may give pages that are empty but not the last.
        token = page.NextToken;
      } while (token);
      throw new UserError(
        'notFound',
        `There is no such parameter (${context.label} · ${context.region}). Create it, or correct its name: ${nameOrArn}`,
      );
    },

    dispose: () => connection.dispose(),
  };
}

/**
 * The names that an ARN may stand for: "…:parameter/a/b" is "/a/b", but "…:parameter/a" is "a" or "/a".
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html
 */
function possibleNames(nameOrArn: string): string[] {
  const arn = parseArn(nameOrArn);
  if (!arn?.resource.startsWith('parameter/')) {
    return [nameOrArn];
  }
  const name = parameterName(arn);
  return name.startsWith('/') ? [name] : [name, `/${name}`];
}

function readParameter(parameter: ParameterMetadata): ParameterFacts {
  return {
    name: parameter.Name ?? '',
    arn: parameter.ARN,
    type: parameter.Type,
    description: parameter.Description,
    lastModified: parameter.LastModifiedDate,
    version: parameter.Version,
  };
}
