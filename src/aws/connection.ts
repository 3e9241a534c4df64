import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { isExpiredCredentials, toUserError } from './awsError';
import type { AwsContext } from './context';
import { resolveEndpoint, type EndpointService } from './endpoint';

/** What every client of a context is built with. */
export interface ClientConfiguration {
  readonly region: string;
  readonly credentials: AwsCredentialIdentityProvider;
  readonly endpoint?: string;
  readonly maxAttempts: number;
  readonly retryMode: 'standard';
  readonly customUserAgent: string;
}

interface Closable {
  destroy(): void;
}

/**
 * One client of one context: built when it is first called, and built anew with fresh credentials when
 * those it had have expired, so that signing in again is all that a user has to do.
 */
export class Connection<C extends Closable> {
  private client: Promise<C> | undefined;

  constructor(
    readonly context: AwsContext,
    private readonly service: EndpointService,
    private readonly build: (configuration: ClientConfiguration) => Promise<C>,
  ) {}

  /**
   * Makes one call.
   *
   * @param operation what is tried, in words that follow "Could not", for the error message
   * @throws UserError for whatever the SDK throws
   */
  async call<T>(operation: string, send: (client: C) => Promise<T>): Promise<T> {
    try {
      const client = await this.connect();
      try {
        return await send(client);
      } catch (error) {
        if (!isExpiredCredentials(error)) {
          throw error;
        }
        this.dispose();
        return await send(await this.connect());
      }
    } catch (error) {
      throw toUserError(error, operation, this.context);
    }
  }

  dispose(): void {
    const closing = this.client;
    this.client = undefined;
    void closing?.then(
      (client) => client.destroy(),
      () => undefined,
    );
  }

  private connect(): Promise<C> {
    this.client ??= this.configure().then(this.build);
    // A failure to build is not remembered: the next call tries again with what the files then say.
    this.client.catch(() => (this.client = undefined));
    return this.client;
  }

  private async configure(): Promise<ClientConfiguration> {
    const endpoint = await resolveEndpoint(this.context, this.service);
    return {
      region: this.context.region,
      credentials: await resolveCredentials(this.context),
      ...(endpoint === undefined ? {} : { endpoint }),
      // Standard retries wait with jitter and stop at a token budget: throttling makes calls slower, not more.
      maxAttempts: 6,
      retryMode: 'standard',
      customUserAgent: 'aws-containers-vscode',
    };
  }
}

async function resolveCredentials(context: AwsContext): Promise<AwsCredentialIdentityProvider> {
  const { source } = context;
  if (source.kind === 'static') {
    const { accessKeyId, secretAccessKey } = source;
    return () => Promise.resolve({ accessKeyId, secretAccessKey });
  }
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  return fromNodeProviderChain({
    ...(source.kind === 'profile' ? { profile: source.profile } : {}),
    // The files are read anew for each client: a profile that was edited or signed in takes effect.
    ignoreCache: true,
    clientConfig: { region: context.region },
  });
}
