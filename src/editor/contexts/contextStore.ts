import * as vscode from 'vscode';
import { contextKey, type AwsContext, type ContextGuard, type CredentialSource } from '../../aws/context';
import { isRegion } from '../../aws/regionName';
import type { ContextSettings, ContextSettingsStore } from './contextSettings';

/** What is remembered of a context: never a credential, and nothing of the sandbox, whose port may change. */
interface RememberedContext {
  readonly profile?: string;
  readonly region: string;
}

function isRemembered(value: unknown): value is RememberedContext {
  const { profile, region } = (value ?? {}) as Record<string, unknown>;
  return typeof region === 'string' && isRegion(region) && ['string', 'undefined'].includes(typeof profile);
}

const MEMORY_KEY = 'contexts';
export const SANDBOX_LABEL = 'Local Sandbox';
export const DEFAULT_LABEL = 'default credentials';

/** Where the sandbox is looked at when no region is named: it has them all. */
export const SANDBOX_REGION = 'us-east-1';

/** The sandbox checks no identity: any pair signs a request, and the signature carries the region. */
const SANDBOX_CREDENTIALS: CredentialSource = {
  kind: 'static',
  accessKeyId: 'sandbox',
  secretAccessKey: 'sandbox',
};

export function sandboxContext(endpoint: string, region: string): AwsContext {
  return { label: SANDBOX_LABEL, source: SANDBOX_CREDENTIALS, region, endpoint };
}

/** @param profile a profile's name, or `undefined` for the default credential chain */
export function awsContext(profile: string | undefined, region: string): AwsContext {
  return profile === undefined
    ? { label: DEFAULT_LABEL, source: { kind: 'default' }, region }
    : { label: profile, source: { kind: 'profile', profile }, region };
}

/** What a context is called where the user has chosen no name for it, and always where it is asked for by name. */
export function nameOf(source: CredentialSource): string {
  return source.kind === 'profile'
    ? source.profile
    : source.kind === 'static'
      ? SANDBOX_LABEL
      : DEFAULT_LABEL;
}

export function isSandbox(context: AwsContext): boolean {
  return context.source.kind === 'static';
}

/** The contexts that are open, in the user's order. The first is the one that commands from the palette use. */
export class ContextStore implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly closed = new vscode.EventEmitter<AwsContext>();
  /** Tells of each context that was open and is not any more: nothing of it is to go on or to be kept. */
  readonly onDidClose = this.closed.event;
  private contexts: readonly AwsContext[] = [];

  /**
   * @param memory what is open, in this workspace
   * @param settings how each context is shown and what it is held to, in every workspace
   */
  constructor(
    private readonly memory: vscode.Memento,
    private readonly settings: ContextSettingsStore,
  ) {}

  current(): AwsContext | undefined {
    return this.contexts[0];
  }

  all(): readonly AwsContext[] {
    return this.contexts;
  }

  /** Replaces whatever is open. */
  select(...contexts: readonly AwsContext[]): Promise<void> {
    return this.set(contexts);
  }

  /** Opens a context beside the others, or brings it to the front when it is open. */
  add(context: AwsContext): Promise<void> {
    return this.set([context, ...this.without(context)]);
  }

  close(context: AwsContext): Promise<void> {
    return this.set(this.without(context));
  }

  /** Moves an open context by so many places: up for less than 0, and no further than to an end. */
  async move(context: AwsContext, places: number): Promise<void> {
    const from = this.contexts.findIndex((each) => contextKey(each) === contextKey(context));
    const moving = this.contexts[from];
    if (moving) {
      const others = this.without(moving);
      const to = Math.max(0, Math.min(others.length, from + places));
      await this.set([...others.slice(0, to), moving, ...others.slice(to)]);
    }
  }

  settingsOf(context: AwsContext): ContextSettings {
    return this.settings.of(context);
  }

  /** What a context is held to at this moment, whether it is open or not. */
  guardOf(context: AwsContext): ContextGuard | undefined {
    return this.settings.guardOf(context);
  }

  async customize(context: AwsContext, settings: ContextSettings): Promise<void> {
    await this.settings.update(context, settings);
    await this.set(this.contexts);
  }

  /** What was open when this workspace was last used; the sandbox is not among it. */
  remembered(): readonly AwsContext[] {
    const stored = this.memory.get<unknown>(MEMORY_KEY);
    const remembered = Array.isArray(stored) ? stored.filter(isRemembered) : [];
    return remembered.map(({ profile, region }) => this.dress(awsContext(profile, region)));
  }

  /** A context as the user wants it shown. */
  private dress(context: AwsContext): AwsContext {
    const { source, region, endpoint } = context;
    const { name, colour } = this.settings.of(context);
    const guard = this.settings.guardOf(context);
    return {
      label: name ?? nameOf(source),
      source,
      region,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(colour && { colour }),
      ...(guard && { guard }),
    };
  }

  dispose(): void {
    this.changed.dispose();
    this.closed.dispose();
  }

  private without(context: AwsContext): readonly AwsContext[] {
    const key = contextKey(context);
    return this.contexts.filter((other) => contextKey(other) !== key);
  }

  private async set(contexts: readonly AwsContext[]): Promise<void> {
    const kept = new Set(contexts.map(contextKey));
    const gone = this.contexts.filter((context) => !kept.has(contextKey(context)));
    this.contexts = contexts.map((context) => this.dress(context));
    gone.forEach((context) => this.closed.fire(context));
    // Before the views are told: they would show for a moment that nothing is open.
    await Promise.all([
      vscode.commands.executeCommand('setContext', 'awsContainers.hasContext', contexts.length > 0),
      vscode.commands.executeCommand('setContext', 'awsContainers.sandboxOpen', contexts.some(isSandbox)),
    ]);
    this.changed.fire();
    const lasting = contexts.filter((context) => !isSandbox(context));
    await this.memory.update(
      MEMORY_KEY,
      lasting.map(({ source, region }): RememberedContext =>
        source.kind === 'profile' ? { profile: source.profile, region } : { region },
      ),
    );
  }
}
