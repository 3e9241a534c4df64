import type { Disposable } from '../base/disposal';
import { throwIfCancelled, UserError } from '../base/errors';
import { contextKey, type AwsContext } from './context';
import { unguarded, type ContextAccess } from './contextAccess';
import { ContextCredentials, type AskForMfaCode } from './contextCredentials';
import { createEcrGateway, type EcrGateway } from './ecrGateway';
import { createEcsGateway, type EcsGateway } from './ecsGateway';
import { createFileSystemsGateway, type FileSystemsGateway } from './fileSystemsGateway';
import { createIamGateway, type IamGateway } from './iamGateway';
import { createIdentityGateway, type Identity, type IdentityGateway } from './identityGateway';
import { createLoadBalancersGateway, type LoadBalancersGateway } from './loadBalancersGateway';
import { createLogsGateway, type LogsGateway } from './logsGateway';
import { createParametersGateway, type ParametersGateway } from './parametersGateway';
import { createSecretsGateway, type SecretsGateway } from './secretsGateway';

/** The gateways of one context. */
export interface AwsSession extends Disposable {
  readonly context: AwsContext;
  readonly credentials: ContextCredentials;
  readonly ecr: EcrGateway;
  readonly ecs: EcsGateway;
  readonly logs: LogsGateway;
  readonly iam: IamGateway;
  readonly secrets: SecretsGateway;
  readonly parameters: ParametersGateway;
  readonly fileSystems: FileSystemsGateway;
  readonly loadBalancers: LoadBalancersGateway;
  /** Who the context acts as, asked once for all callers as long as its credentials are the same. */
  identity(signal?: AbortSignal): Promise<Identity>;
}

/** Builds the gateways of a context; no SDK module is loaded and nothing is called before their first use. */
export function createSession(context: AwsContext, access = unguarded(context)): AwsSession {
  const ecr = createEcrGateway(context, access);
  const ecs = createEcsGateway(context, access);
  const logs = createLogsGateway(context, access);
  const iam = createIamGateway(context, access);
  const secrets = createSecretsGateway(context, access);
  const parameters = createParametersGateway(context, access);
  const fileSystems = createFileSystemsGateway(context, access);
  const loadBalancers = createLoadBalancersGateway(context, access);
  const sts: IdentityGateway = createIdentityGateway(context, access);
  let asked: { readonly generation: number; readonly answer: Promise<Identity> } | undefined;
  return {
    context,
    credentials: access.credentials,
    ecr,
    ecs,
    logs,
    iam,
    secrets,
    parameters,
    fileSystems,
    loadBalancers,
    identity(signal) {
      const { generation } = access.credentials;
      if (asked?.generation !== generation) {
        const asking = { generation, answer: sts.callerIdentity() };
        asked = asking;
        asking.answer.catch(() => {
          if (asked === asking) {
            asked = undefined;
          }
        });
      }
      return signal ? answerOrCancelled(asked.answer, signal) : asked.answer;
    },
    dispose() {
      for (const gateway of [ecr, ecs, logs, iam, secrets, parameters, fileSystems, loadBalancers, sts]) {
        gateway.dispose();
      }
    },
  };
}

/** Lets one caller go when it is cancelled. The others still wait for the same answer. */
async function answerOrCancelled<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  throwIfCancelled(signal);
  let onAbort = (): void => undefined;
  const cancelled = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(new UserError('cancelled', 'Cancelled.'));
  });
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([answer, cancelled]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** What the owner of the contexts is asked on the way: the editor asks people. */
export interface SessionHooks {
  readonly mfaCode?: AskForMfaCode;
  readonly allowChange?: ContextAccess['allowChange'];
}

/**
 * One session a context: the same context always gets the same gateways, two contexts never share any. Contexts that
 * differ in their region only have their credentials in common: nobody signs in to one profile twice.
 */
export class SessionPool implements Disposable {
  private readonly sessions = new Map<string, AwsSession>();
  private readonly credentials = new Map<string, ContextCredentials>();
  private readonly openListeners = new Set<(session: AwsSession) => void>();
  private readonly signInListeners = new Set<() => void>();

  constructor(private readonly hooks: SessionHooks = {}) {}

  /** The session of a context that has been used. */
  opened(context: AwsContext): AwsSession | undefined {
    return this.sessions.get(contextKey(context));
  }

  /** Tells of each context when it is first used. */
  onDidOpen(listener: (session: AwsSession) => void): Disposable {
    this.openListeners.add(listener);
    return { dispose: () => void this.openListeners.delete(listener) };
  }

  /** True when somebody has to sign in before the context can be used, as far as any region of its profile has shown. */
  needsSignIn(context: AwsContext): boolean {
    return this.credentials.get(credentialsKey(context))?.needsSignIn ?? false;
  }

  /** Tells when it may have changed which contexts need somebody to sign in. */
  onDidChangeSignIn(listener: () => void): Disposable {
    this.signInListeners.add(listener);
    return { dispose: () => void this.signInListeners.delete(listener) };
  }

  get(context: AwsContext): AwsSession {
    const key = contextKey(context);
    let session = this.sessions.get(key);
    if (!session) {
      const { allowChange } = this.hooks;
      const access = {
        context,
        credentials: this.credentialsOf(context),
        ...(allowChange && { allowChange }),
      };
      session = createSession(context, access);
      this.sessions.set(key, session);
      for (const listener of this.openListeners) {
        listener(session);
      }
    }
    return session;
  }

  /**
   * Lets go of a context that is not open any more, with all that its gateways remember. What still runs in it runs to
   * its end; who is signed in to its profile stays so.
   */
  release(context: AwsContext): void {
    this.sessions.delete(contextKey(context));
  }

  /**
   * Has the contexts that match take what the files now say, from their next call on, also those that are closed.
   * @param matches is asked about one context of each profile
   */
  renew(matches: (context: AwsContext) => boolean): void {
    const changed = [...this.credentials.values()].filter(({ context }) => matches(context));
    changed.forEach((credentials) => credentials.renew());
  }

  /** Tries whether those that wait for a sign-in can go on by now. Nobody is asked for a code. */
  async resume(): Promise<void> {
    const waiting = [...this.credentials.values()].filter((each) => each.needsSignIn && !each.wantsCode);
    await Promise.allSettled(
      waiting.map((credentials) => {
        credentials.renew();
        return credentials.provide();
      }),
    );
  }

  dispose(): void {
    for (const session of this.sessions.values()) {
      session.dispose();
    }
    this.sessions.clear();
    this.credentials.clear();
  }

  private credentialsOf(context: AwsContext): ContextCredentials {
    const key = credentialsKey(context);
    let credentials = this.credentials.get(key);
    if (!credentials) {
      credentials = new ContextCredentials(context, this.hooks.mfaCode);
      credentials.onDidChange(() => this.signInListeners.forEach((listener) => listener()));
      this.credentials.set(key, credentials);
    }
    return credentials;
  }
}

/** Contexts that differ in their region only have credentials in common. */
function credentialsKey(context: AwsContext): string {
  return contextKey({ ...context, region: '' });
}
