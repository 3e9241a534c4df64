import type { Disposable } from '../base/disposal';
import { contextKey, type AwsContext } from './context';
import { ContextAccess, type ContextHooks } from './contextAccess';
import { createEcrGateway, type EcrGateway } from './ecrGateway';
import { createEcsGateway, type EcsGateway } from './ecsGateway';
import { createFileSystemsGateway, type FileSystemsGateway } from './fileSystemsGateway';
import { createIamGateway, type IamGateway } from './iamGateway';
import { createIdentityGateway, type Identity, type IdentityGateway } from './identityGateway';
import { createLogsGateway, type LogsGateway } from './logsGateway';
import { createParametersGateway, type ParametersGateway } from './parametersGateway';
import { createSecretsGateway, type SecretsGateway } from './secretsGateway';

/** The gateways of one context. */
export interface AwsSession extends Disposable {
  readonly context: AwsContext;
  readonly access: ContextAccess;
  readonly ecr: EcrGateway;
  readonly ecs: EcsGateway;
  readonly logs: LogsGateway;
  readonly iam: IamGateway;
  readonly secrets: SecretsGateway;
  readonly parameters: ParametersGateway;
  readonly fileSystems: FileSystemsGateway;
  /** Who the context acts as, asked once. */
  identity(signal?: AbortSignal): Promise<Identity>;
}

/** Builds the gateways of a context; no SDK module is loaded and nothing is called before their first use. */
export function createSession(context: AwsContext, hooks?: ContextHooks): AwsSession {
  const access = new ContextAccess(context, hooks);
  const ecr = createEcrGateway(context, access);
  const ecs = createEcsGateway(context, access);
  const logs = createLogsGateway(context, access);
  const iam = createIamGateway(context, access);
  const secrets = createSecretsGateway(context, access);
  const parameters = createParametersGateway(context, access);
  const fileSystems = createFileSystemsGateway(context, access);
  const sts: IdentityGateway = createIdentityGateway(context, access);
  let identity: Promise<Identity> | undefined;
  return {
    context,
    access,
    ecr,
    ecs,
    logs,
    iam,
    secrets,
    parameters,
    fileSystems,
    identity(signal) {
      if (!identity) {
        identity = sts.callerIdentity(signal);
        identity.catch(() => (identity = undefined));
      }
      return identity;
    },
    dispose() {
      for (const gateway of [ecr, ecs, logs, iam, secrets, parameters, fileSystems, sts]) {
        gateway.dispose();
      }
    },
  };
}

/** One session a context: the same context always gets the same gateways, two contexts never share any. */
export class SessionPool implements Disposable {
  private readonly sessions = new Map<string, AwsSession>();
  private readonly openListeners = new Set<(session: AwsSession) => void>();

  /** @param hooks what the owner of the contexts is asked */
  constructor(private readonly hooks?: ContextHooks) {}

  /** The session of a context that has been used. */
  opened(context: AwsContext): AwsSession | undefined {
    return this.sessions.get(contextKey(context));
  }

  /** Tells of each context when it is first used. */
  onDidOpen(listener: (session: AwsSession) => void): Disposable {
    this.openListeners.add(listener);
    return { dispose: () => void this.openListeners.delete(listener) };
  }

  get(context: AwsContext): AwsSession {
    const key = contextKey(context);
    let session = this.sessions.get(key);
    if (!session) {
      session = createSession(context, this.hooks);
      this.sessions.set(key, session);
      for (const listener of this.openListeners) {
        listener(session);
      }
    }
    return session;
  }

  dispose(): void {
    for (const session of this.sessions.values()) {
      session.dispose();
    }
    this.sessions.clear();
  }
}
