import type { DescribeSecretResponse, SecretListEntry } from '@aws-sdk/client-secrets-manager';
import { Connection } from './connection';
import type { AwsContext } from './context';
import { unguarded } from './contextAccess';
import { pages } from './page';

/** What a secret is. Its value is never asked for. */
export interface SecretFacts {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  readonly lastChanged?: Date;
  /** When it was marked for deletion. Until it is restored, nothing can read its value. */
  readonly deletedAt?: Date;
}

/** Secrets Manager of one context. Every method throws `UserError`. */
export interface SecretsGateway {
  readonly context: AwsContext;
  /** All secrets but those that are marked for deletion, up to 100 a page, in the service's order. */
  secrets(signal?: AbortSignal): AsyncGenerator<readonly SecretFacts[], void, void>;
  /**
   * @param idOrArn a name, an ARN, or an ARN without the six random characters at its end; not what may follow
   *   the ARN in a task definition (key, version stage, version id)
   * @throws UserError('notFound')
   */
  secret(idOrArn: string, signal?: AbortSignal): Promise<SecretFacts>;
  dispose(): void;
}

export function createSecretsGateway(context: AwsContext, access = unguarded(context)): SecretsGateway {
  const connection = new Connection(
    access,
    'SECRETS_MANAGER',
    () => import('@aws-sdk/client-secrets-manager'),
    (sdk, configuration) => new sdk.SecretsManagerClient(configuration),
  );
  return {
    context,

    secrets: (signal) =>
      pages(async (token) => {
        const page = await connection.call('list the secrets', (client, sdk) =>
          client.send(new sdk.ListSecretsCommand({ MaxResults: 100, NextToken: token }), {
            abortSignal: signal,
          }),
        );
        return { items: (page.SecretList ?? []).map(readSecret), next: page.NextToken };
      }),

    secret: (id, signal) =>
      connection.call(`look up the secret ${id}`, async (client, sdk) => {
        return readSecret(
          await client.send(new sdk.DescribeSecretCommand({ SecretId: id }), { abortSignal: signal }),
        );
      }),

    dispose: () => connection.dispose(),
  };
}

function readSecret(secret: SecretListEntry | DescribeSecretResponse): SecretFacts {
  return {
    arn: secret.ARN ?? '',
    name: secret.Name ?? '',
    description: secret.Description,
    lastChanged: secret.LastChangedDate,
    deletedAt: secret.DeletedDate,
  };
}
