import type { AwsContext } from '../../aws/context';
import type { ExplorerNode } from '../../explorer/explorerNode';

/**
 * What a command was called with: the plain object that answers its prompts, or nothing when it was called
 * from the palette, or on a tree node or a file.
 */
export function readArguments<A extends object>(argument: unknown): Partial<A> {
  return isPlainObject(argument) && !isNode(argument) ? (argument as Partial<A>) : {};
}

/** The tree node that a command was called on, if it is of one of these kinds. */
export function readNode<K extends ExplorerNode['kind']>(
  argument: unknown,
  ...kinds: readonly K[]
): Extract<ExplorerNode, { kind: K }> | undefined {
  return isNode(argument) && (kinds as readonly string[]).includes(argument.kind)
    ? (argument as Extract<ExplorerNode, { kind: K }>)
    : undefined;
}

/** The context of the tree node that a command was called on, whatever its kind. */
export function contextOfNode(argument: unknown): AwsContext | undefined {
  return isNode(argument) ? argument.context : undefined;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isNode(value: unknown): value is ExplorerNode {
  return (
    isPlainObject(value) &&
    typeof value.kind === 'string' &&
    typeof value.id === 'string' &&
    'context' in value
  );
}
