import { resourceName } from '../aws/arn';
import type { EcsGateway } from '../aws/ecsGateway';
import { accumulate, wholePages, type RowStream } from './accumulate';
import {
  nodeId,
  type ContextNode,
  type FamilyNode,
  type InactiveRevisionsNode,
  type RevisionNode,
} from './explorerNode';
import { emptyMessage } from './messages';

/** Families with an active revision, by name, which is the order that the service lists them in. */
export async function* listFamilies(parent: ContextNode, ecs: EcsGateway, signal: AbortSignal): RowStream {
  const { context } = parent;
  const toNode = (family: string): FamilyNode => ({
    kind: 'family',
    id: nodeId(context, 'family', family),
    context,
    family,
  });
  let count = 0;
  for await (const { rows } of accumulate(parent, wholePages(ecs.families('ACTIVE', signal)), toNode)) {
    count = rows.length;
    yield rows;
  }
  if (count === 0) {
    yield [
      emptyMessage(parent, 'No task definitions', {
        detail: `There is no active task definition in ${context.label} · ${context.region}.`,
      }),
    ];
  }
}

/** Active revisions of a family, newest first, and after them a row for the others. */
export async function* listRevisions(parent: FamilyNode, ecs: EcsGateway, signal: AbortSignal): RowStream {
  let latest: string | undefined;
  const toNode = (arn: string): RevisionNode => {
    latest ??= arn;
    return toRevisionNode(parent, arn, arn === latest);
  };
  const { context, family } = parent;
  const inactive: InactiveRevisionsNode = {
    kind: 'inactiveRevisions',
    id: nodeId(context, 'inactiveRevisions', family),
    context,
    family,
  };
  const listing = wholePages(ecs.revisions(family, 'ACTIVE', signal));
  let count = 0;
  for await (const { rows } of accumulate(parent, listing, toNode)) {
    count = rows.length;
    if (count > 0) {
      yield [...rows, inactive];
    }
  }
  if (count === 0) {
    yield [emptyMessage(parent, 'No active revisions'), inactive];
  }
}

/** Revisions of a family that were deregistered, newest first. */
export async function* listInactiveRevisions(
  parent: InactiveRevisionsNode,
  ecs: EcsGateway,
  signal: AbortSignal,
): RowStream {
  const toNode = (arn: string): RevisionNode => ({ ...toRevisionNode(parent, arn, false), inactive: true });
  const listing = wholePages(ecs.revisions(parent.family, 'INACTIVE', signal));
  let count = 0;
  for await (const { rows } of accumulate(parent, listing, toNode)) {
    count = rows.length;
    yield rows;
  }
  if (count === 0) {
    yield [emptyMessage(parent, 'No inactive revisions')];
  }
}

function toRevisionNode(
  { context, family }: FamilyNode | InactiveRevisionsNode,
  arn: string,
  latest: boolean,
): RevisionNode {
  const revision = Number(resourceName(arn).split(':')[1]);
  return { kind: 'revision', id: nodeId(context, 'revision', arn), context, family, revision, arn, latest };
}
