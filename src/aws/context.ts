/** Where credentials come from. A static pair serves endpoints that check no identity, as the sandbox. */
export type CredentialSource =
  | { readonly kind: 'default' }
  | { readonly kind: 'profile'; readonly profile: string }
  | { readonly kind: 'static'; readonly accessKeyId: string; readonly secretAccessKey: string };

/**
 * Profile + region + endpoint: the identity under which everything is read, cached and shown. Nothing that
 * was read under one context is ever shown under another.
 */
export interface AwsContext {
  /** What the user reads: the profile's name, "default credentials" or "Local Sandbox". */
  readonly label: string;
  readonly source: CredentialSource;
  readonly region: string;
  /** Overrides where every service is reached; `undefined` leaves it to the profile and the SDK. */
  readonly endpoint?: string;
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
