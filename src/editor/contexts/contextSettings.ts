import type * as vscode from 'vscode';
import { CONTEXT_COLOURS, type AwsContext, type ContextColour, type ContextGuard } from '../../aws/context';
import { isObject } from '../../base/isObject';

/** What the user has chosen for a context, in every workspace. What is absent is as it is by itself. */
export interface ContextSettings {
  readonly name?: string;
  readonly colour?: ContextColour;
  /** `none` also where another region of the same profile is guarded. */
  readonly guard?: ContextGuard | 'none';
}

const MEMORY_KEY = 'contextSettings';
const GUARDS: readonly ContextSettings['guard'][] = ['readOnly', 'protected', 'none'];

/** Longer names do not fit beside a row's other text. */
export const MAX_NAME = 60;

/** The settings of all contexts, remembered for the user. No credential and no endpoint is among them. */
export class ContextSettingsStore {
  constructor(private readonly memory: vscode.Memento) {}

  of(context: AwsContext): ContextSettings {
    return this.all()[keyOf(context)] ?? {};
  }

  /**
   * What a context is held to. One that the user has decided nothing for is held to the strictest of what the other
   * regions of its profile are: a command may be told to work in any region.
   */
  guardOf(context: AwsContext): ContextGuard | undefined {
    const own = this.of(context).guard;
    if (own !== undefined) {
      return own === 'none' ? undefined : own;
    }
    const others = Object.entries(this.all())
      .filter(([key]) => identityOf(key) === identityOf(keyOf(context)))
      .map(([, { guard }]) => guard);
    return others.includes('readOnly') ? 'readOnly' : others.includes('protected') ? 'protected' : undefined;
  }

  async update(context: AwsContext, settings: ContextSettings): Promise<void> {
    await this.memory.update(MEMORY_KEY, { ...this.all(), [keyOf(context)]: settings });
  }

  private all(): Readonly<Record<string, ContextSettings>> {
    const stored = this.memory.get<unknown>(MEMORY_KEY);
    const entries = Object.entries(isObject(stored) ? stored : {});
    return Object.fromEntries(entries.map(([key, value]) => [key, readSettings(value)]));
  }
}

/** Where the sandbox is reached changes; it is one context all the same. */
function keyOf({ source, region }: AwsContext): string {
  const identity =
    source.kind === 'profile'
      ? `profile:${source.profile}`
      : source.kind === 'static'
        ? 'sandbox'
        : 'default';
  return JSON.stringify([identity, region]);
}

/** A key without its region, which is its last part. */
function identityOf(key: string): string {
  return key.slice(0, key.lastIndexOf(','));
}

function readSettings(value: unknown): ContextSettings {
  const { name, colour, guard } = isObject(value) ? value : {};
  return {
    ...(typeof name === 'string' && name.trim() !== '' ? { name: name.trim().slice(0, MAX_NAME) } : {}),
    ...(CONTEXT_COLOURS.includes(colour as ContextColour) ? { colour: colour as ContextColour } : {}),
    ...(GUARDS.includes(guard as ContextGuard) ? { guard: guard as ContextGuard } : {}),
  };
}
