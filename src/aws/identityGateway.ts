import { Connection } from './connection';
import type { AwsContext } from './context';
import { unguarded } from './contextAccess';

export interface Identity {
  readonly accountId: string;
  /** ARN of the user or assumed role. */
  readonly arn: string;
}

/** Who a context acts as. Throws `UserError`. */
export interface IdentityGateway {
  readonly context: AwsContext;
  callerIdentity(signal?: AbortSignal): Promise<Identity>;
  dispose(): void;
}

export function createIdentityGateway(context: AwsContext, access = unguarded(context)): IdentityGateway {
  const connection = new Connection(
    access,
    'STS',
    () => import('@aws-sdk/client-sts'),
    (sdk, configuration) => new sdk.STSClient(configuration),
  );
  return {
    context,
    async callerIdentity(signal) {
      const answer = await connection.call('ask whose credentials these are', (client, sdk) =>
        client.send(new sdk.GetCallerIdentityCommand({}), { abortSignal: signal }),
      );
      return { accountId: answer.Account ?? '', arn: answer.Arn ?? '' };
    },
    dispose: () => connection.dispose(),
  };
}
