/** Where credentials come from. A static pair serves endpoints that check no identity, as the sandbox. */
export type CredentialSource =
  | { readonly kind: 'default' }
  | { readonly kind: 'profile'; readonly profile: string }
  | { readonly kind: 'static'; readonly accessKeyId: string; readonly secretAccessKey: string };

/** What a context is held to: nothing is changed in it, or only what the user confirms by typing its name. */
export type ContextGuard = 'readOnly' | 'protected';

export const CONTEXT_COLOURS = ['red', 'orange', 'yellow', 'green', 'blue', 'purple'] as const;
export type ContextColour = (typeof CONTEXT_COLOURS)[number];

/**
 * Profile + region + endpoint: the identity under which everything is read, cached and shown. Nothing that
 * was read under one context is ever shown under another.
 */
export interface AwsContext {
  /** What the user reads: a name of their choice, the profile's, "default credentials" or "Local Sandbox". */
  readonly label: string;
  readonly source: CredentialSource;
  readonly region: string;
  /** Overrides where every service is reached; `undefined` leaves it to the profile and the SDK. */
  readonly endpoint?: string;
  /** How its row is shown. What counts when something is to be changed is what the user has chosen by then. */
  readonly colour?: ContextColour;
  readonly guard?: ContextGuard;
}

/** A key that is equal for two contexts exactly when they reach the same place as the same identity. */
export function contextKey(context: AwsContext): string {
  const { source } = context;
  const identity =
    source.kind === 'profile'
      ? `profile:${source.profile}`
      : source.kind === 'static'
        ? `static:${source.accessKeyId}`
        : 'default';
  return JSON.stringify([identity, context.region, context.endpoint ?? '']);
}
