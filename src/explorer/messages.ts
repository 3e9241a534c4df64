import { resourceName } from '../aws/arn';
import type { PageFailure } from '../aws/page';
import { messageOf, UserError, type ErrorAction } from '../base/errors';
import type { ExplorerNode, MessageNode } from './explorerNode';

/** Says that there is nothing where rows would be. */
export function emptyMessage(
  parent: ExplorerNode,
  text: string,
  more: { detail?: string; action?: ErrorAction } = {},
): MessageNode {
  return { ...base(parent, 'empty'), severity: 'info', text, ...more };
}

/** Says why a listing ended before its end. Without a way out of its own, retrying is one. */
export function failureMessage(parent: ExplorerNode, error: unknown): MessageNode {
  const known = error instanceof UserError ? error : undefined;
  const detail = messageOf(error);
  return {
    ...base(parent, 'failure'),
    severity: 'error',
    ...inOneLine(detail),
    detail,
    reason: known?.reason ?? 'internal',
    action: known?.action ?? 'retry',
  };
}

/** Keeps the row of a resource that was listed, but that the service would not describe. */
export function undescribedMessage(parent: ExplorerNode, failure: PageFailure): MessageNode {
  const missing = failure.reason === 'MISSING';
  const { text, note } = inOneLine(failure.reason);
  return {
    ...base(parent, 'undescribed', failure.id),
    severity: missing ? 'info' : 'warning',
    text: resourceName(failure.id),
    note: missing ? 'gone meanwhile' : `not described: ${note ?? text}`,
    detail: `${failure.id}: ${failure.reason}`,
    reason: failure.error?.reason ?? 'requestRefused',
    action: failure.error?.action ?? 'retry',
  };
}

/** Says what was left out on purpose. */
export function moreMessage(parent: ExplorerNode, text: string): MessageNode {
  return { ...base(parent, 'more'), severity: 'info', text };
}

function base(
  parent: ExplorerNode,
  ...names: readonly string[]
): Pick<MessageNode, 'kind' | 'id' | 'context'> {
  const id = [parent.id, 'message', ...names.map(encodeURIComponent)].join('/');
  return { kind: 'message', id, context: parent.context };
}

/** A row has one line: what failed, and beside it why. The tooltip has the rest. */
function inOneLine(detail: string): { text: string; note?: string } {
  const line = detail.split('\n', 1)[0] ?? '';
  const [, text, why] = /^(.+?)[.:](?:\s+(.+))?$/.exec(line) ?? [];
  const note = why === undefined ? undefined : /^.+?(?=[.:](?:\s|$)|$)/.exec(why)?.[0];
  return note === undefined ? { text: text ?? line } : { text: text ?? line, note };
}
