import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { isExpiredCredentials, isRefusedCredentials, toUserError } from './awsError';
import type { AwsContext } from './context';
import { resolveCredentials } from './credentials';
import { resolveEndpoint, type EndpointService } from './endpoint';

/** What every client of a context is built with. */
export interface ClientConfiguration {
  readonly region: string;
  readonly credentials: AwsCredentialIdentityProvider;
  readonly endpoint?: string;
  readonly ignoreConfiguredEndpointUrls: true;
  readonly profile?: string;
  readonly maxAttempts: number;
  readonly retryMode: 'standard';
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
  };
  readonly customUserAgent: string;
}

interface Client {
  destroy(): void;
  readonly middlewareStack: { remove(name: string): boolean };
}

/**
 * One client of one context: built when it is first called, and built anew from the files as they then are once
 * its credentials were refused, so that signing in again is all that a user has to do.
 */
export class Connection<C extends Client> {
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
      const connected = this.connect();
      try {
        return await send(await connected);
      } catch (error) {
        if (!isExpiredCredentials(error)) {
          if (isRefusedCredentials(error)) {
            this.forget(connected);
          }
          throw error;
        }
        this.forget(connected);
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
    if (!this.client) {
      const connecting = this.start();
      this.client = connecting;
      // A failure to build is not remembered: the next call tries again with what the files then say.
      connecting.catch(() => this.forget(connecting));
    }
    return this.client;
  }

  private async start(): Promise<C> {
    const client = await this.build(await this.configure());
    // It makes a censored copy of every answer for a log that nobody reads: a fifth of a large listing's time.
    client.middlewareStack.remove('loggerMiddleware');
    return client;
  }

  /** Lets go of a client, unless another took its place. Calls that are under way with it still end in order. */
  private forget(client: Promise<C>): void {
    if (this.client === client) {
      this.client = undefined;
    }
  }

  private async configure(): Promise<ClientConfiguration> {
    const { source, region } = this.context;
    const endpoint = await resolveEndpoint(this.context, this.service);
    return {
      region,
      credentials: await resolveCredentials(this.context),
      ...(endpoint === undefined ? {} : { endpoint }),
      // The SDK would ask the profile of the environment, and send this profile's requests there.
      ignoreConfiguredEndpointUrls: true,
      ...(source.kind === 'profile' ? { profile: source.profile } : {}),
      // Standard retries wait with jitter and stop at a token budget: throttling makes calls slower, not more.
      maxAttempts: 6,
      retryMode: 'standard',
      // The SDK sets no limits: where packets vanish, a call would hang for many minutes.
      requestHandler: { connectionTimeout: 10_000, requestTimeout: 60_000, throwOnRequestTimeout: true },
      customUserAgent: 'aws-containers-vscode',
    };
  }
}
