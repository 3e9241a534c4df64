import type { AwsContext } from './context';
import { ContextCredentials } from './contextCredentials';

/** A call that may change something, as it is about to be made. */
export interface Change {
  /** The operation's name, as "UpdateService". */
  readonly operation: string;
  /** What the call is given. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** What all gateways of one context share. */
export interface ContextAccess {
  readonly context: AwsContext;
  readonly credentials: ContextCredentials;
  /** Called before each call that may change something. It refuses by throwing `UserError`. */
  readonly allowChange?: (context: AwsContext, change: Change) => Promise<void>;
}

/** A context that nobody guards and whose credentials nobody shares. */
export function unguarded(context: AwsContext): ContextAccess {
  return { context, credentials: new ContextCredentials(context) };
}
