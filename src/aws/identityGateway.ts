import type { STSClient } from '@aws-sdk/client-sts';
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
  const connection = new Connection<STSClient>(access, 'STS', async (configuration) => {
    const { STSClient } = await import('@aws-sdk/client-sts');
    return new STSClient(configuration);
  });
  return {
    context,
    async callerIdentity(signal) {
      const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
      const answer = await connection.call('ask whose credentials these are', (client) =>
        client.send(new GetCallerIdentityCommand({}), { abortSignal: signal }),
      );
      return { accountId: answer.Account ?? '', arn: answer.Arn ?? '' };
    },
    dispose: () => connection.dispose(),
  };
}
