/**
 * What the names of operations that only read begin with, over all services that are called here. A preview of a
 * lifecycle policy finds out what the policy would do: no image, and not the policy of the repository, is changed by it.
 */
const READING =
  /^(BatchCheck|BatchGet|Describe|Filter|Get|List|Lookup|Search|Simulate|StartLifecyclePolicyPreview|StartLiveTail)/;

/** A registry sign-in serves a push as well as a pull, and the engine does not say which it will be. */
const CHANGING: ReadonlySet<string> = new Set(['GetAuthorizationToken']);

/**
 * True for an operation that is known to change nothing. Whatever is not known is taken for one that changes
 * something, so that a new operation is held back in a read-only context until it is named here.
 */
export function onlyReads(operation: string): boolean {
  return READING.test(operation) && !CHANGING.has(operation);
}
