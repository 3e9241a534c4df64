import type { AwsCredentialIdentityProvider, InitializeMiddleware, MiddlewareStack } from '@smithy/types';
import { UserError } from '../base/errors';
import { isExpiredCredentials, isRefusedCredentials, toUserError } from './awsError';
import { requestHandlerOf, trustOf, type RequestHandlerOptions } from './certificates';
import type { ContextAccess } from './contextAccess';
import { resolveEndpoint, type EndpointService } from './endpoint';
import { onlyReads } from './readingOperations';

/** What every client of a context is built with. */
export interface ClientConfiguration {
  readonly region: string;
  readonly credentials: AwsCredentialIdentityProvider;
  readonly endpoint?: string;
  readonly ignoreConfiguredEndpointUrls: true;
  readonly profile?: string;
  readonly maxAttempts: number;
  readonly retryMode: 'standard';
  readonly requestHandler: RequestHandlerOptions;
  readonly customUserAgent: string;
}

interface Client {
  destroy(): void;
  // The border: each client has input and output types of its own, and none of them matters here.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly middlewareStack: MiddlewareStack<any, any>;
}

/** A client with the module that its commands are in, and how often credentials had been let go of when it was built. */
interface Connected<C, Sdk> {
  readonly ready: Promise<{ readonly client: C; readonly sdk: Sdk }>;
  readonly generation: number;
}

/**
 * One client of one context: built when it is first called, and built anew from the files as they then are once
 * its credentials were refused, so that signing in again is all that a user has to do.
 */
export class Connection<C extends Client, Sdk> {
  private current: Connected<C, Sdk> | undefined;

  /** @param load imports the module of the client, which is done no sooner than it is first called */
  constructor(
    private readonly access: ContextAccess,
    private readonly service: EndpointService,
    private readonly load: () => Promise<Sdk>,
    private readonly build: (sdk: Sdk, configuration: ClientConfiguration) => C,
  ) {}

  /**
   * Makes one call.
   *
   * @param operation what is tried, in words that follow "Could not", for the error message
   * @param send gets the client, and the module that its commands and exceptions are in
   * @throws UserError for whatever the SDK throws
   */
  async call<T>(operation: string, send: (client: C, sdk: Sdk) => Promise<T>): Promise<T> {
    try {
      const connected = this.connect();
      try {
        const { client, sdk } = await connected.ready;
        return await send(client, sdk);
      } catch (error) {
        if (!isExpiredCredentials(error)) {
          if (isRefusedCredentials(error)) {
            this.forget(connected);
          }
          throw error;
        }
        this.forget(connected);
        const { client, sdk } = await this.connect().ready;
        return await send(client, sdk);
      }
    } catch (error) {
      throw toUserError(error, operation, this.access.context);
    }
  }

  dispose(): void {
    const closing = this.current?.ready;
    this.current = undefined;
    void closing?.then(
      ({ client }) => client.destroy(),
      () => undefined,
    );
  }

  private connect(): Connected<C, Sdk> {
    const { generation } = this.access.credentials;
    if (this.current?.generation !== generation) {
      const connecting: Connected<C, Sdk> = { ready: this.start(), generation };
      this.current = connecting;
      // A failure to build is not remembered: the next call tries again with what the files then say.
      connecting.ready.catch(() => this.release(connecting));
    }
    return this.current;
  }

  private async start(): Promise<{ client: C; sdk: Sdk }> {
    const [sdk, configuration] = await Promise.all([this.load(), this.configure()]);
    const client = this.build(sdk, configuration);
    // It makes a censored copy of every answer for a log that nobody reads: a fifth of a large listing's time.
    client.middlewareStack.remove('loggerMiddleware');
    // Below every command: what is not allowed here cannot be done, whoever asks for it.
    const allow: InitializeMiddleware<object, object> =
      (next, { commandName = '' }) =>
      async (args) => {
        const operation = commandName.replace(/Command$/, '');
        if (!onlyReads(operation)) {
          await this.access.allowChange?.(this.access.context, { operation, input: { ...args.input } });
        }
        return next(args);
      };
    client.middlewareStack.add(allow, { step: 'initialize', name: 'allowChange', priority: 'high' });
    return { client, sdk };
  }

  /**
   * What must be in an answer.
   * @throws UserError('internal') when it is not
   */
  present<T>(value: T | undefined, what: string): T {
    if (value === undefined) {
      const name = this.service.replaceAll('_', ' ');
      throw new UserError('internal', `${name} answered without ${what}.`, { action: 'retry' });
    }
    return value;
  }

  /** Lets go of a client and its credentials. Calls that are under way with it still end in order. */
  private forget(connected: Connected<C, Sdk>): void {
    this.access.credentials.forget(connected.generation);
    this.release(connected);
  }

  private release(connected: Connected<C, Sdk>): void {
    if (this.current === connected) {
      this.current = undefined;
    }
  }

  private async configure(): Promise<ClientConfiguration> {
    const { context, credentials } = this.access;
    const { source, region } = context;
    const endpoint = await resolveEndpoint(context, this.service);
    return {
      region,
      credentials: credentials.provide,
      ...(endpoint === undefined ? {} : { endpoint }),
      // The SDK would ask the profile of the environment, and send this profile's requests there.
      ignoreConfiguredEndpointUrls: true,
      ...(source.kind === 'profile' ? { profile: source.profile } : {}),
      // Standard retries wait with jitter and stop at a token budget: throttling makes calls slower, not more.
      maxAttempts: 6,
      retryMode: 'standard',
      requestHandler: requestHandlerOf(await trustOf(context), 60_000),
      customUserAgent: 'aws-containers-vscode',
    };
  }
}
