import * as vscode from 'vscode';
import { resourceName } from '../../aws/arn';
import { contextKey } from '../../aws/context';
import { UserError } from '../../base/errors';
import { familyOf, revisionOf } from '../../deploy/revisionUse';
import type { RevisionNode } from '../../explorer/explorerNode';
import type { WithContext } from '../contexts/contextOfAnswers';
import { readRevision, type LiveRevision } from '../revisions/liveRevision';
import type { Services } from '../services';
import { chooseRevision, pickOtherRevision, type ChosenRevision } from './chooseRevision';
import { readArguments, readNode } from './commandArguments';
import { readContext } from './readContext';
import { showDifference } from './showDifference';

export interface CompareAnswers extends WithContext {
  /** Two, each `family`, `family:revision` or an ARN: what is shown on the left, and on the right. */
  readonly taskDefinitions?: readonly [string, string];
}

export interface Comparison {
  /** `family:revision` */
  readonly before: string;
  /** `family:revision` */
  readonly after: string;
  /** One sentence a difference, without the values of environment variables. */
  readonly changes: readonly string[];
}

/**
 * "Compare...": two revisions that are selected in the tree, or one with another that the user picks, or those that
 * `CompareAnswers` name, in a diff editor. Of one family the older one is on the left. Resolves to a `Comparison`.
 */
export async function compareTaskDefinitions(
  services: Services,
  argument?: unknown,
  selection?: unknown,
): Promise<Comparison> {
  const [left, right] = await choosePair(services, argument, selection);
  const read = ({ context, id }: ChosenRevision): Promise<LiveRevision> =>
    readRevision(services.sessions.get(context).ecs, id);
  const [before, after] = await Promise.all([read(left), read(right)]);
  // The same name in two accounts or regions would not say which is which.
  const elsewhere = contextKey(left.context) !== contextKey(right.context);
  const title = (name: string, { context }: ChosenRevision): string =>
    elsewhere ? `${name} (${context.label} · ${context.region})` : name;
  const changes = await showDifference(services.diffs, {
    name: `${after.name}.task-definition.json`,
    before: { title: title(before.name, left), definition: before.definition },
    after: { title: title(after.name, right), definition: after.definition },
  });
  return { before: before.name, after: after.name, changes };
}

async function choosePair(
  services: Services,
  argument: unknown,
  selection: unknown,
): Promise<readonly [ChosenRevision, ChosenRevision]> {
  const { taskDefinitions } = readArguments<CompareAnswers>(argument);
  if (taskDefinitions) {
    const context = await readContext(services, argument);
    const [before, after] = taskDefinitions;
    return [
      { context, id: before },
      { context, id: after },
    ];
  }
  const selected = Array.isArray(selection)
    ? selection.flatMap((node) => readNode(node, 'revision') ?? [])
    : [];
  if (selected.length > 1) {
    return pairOf(selected);
  }
  const first = await chooseRevision(services, argument, vscode.l10n.t('Compare: Which Revision?'));
  const title = vscode.l10n.t('Compare {0} with Which Revision?', resourceName(first.id));
  return inOrder(first, { context: first.context, id: await pickOtherRevision(services, first, title) });
}

function pairOf(nodes: readonly RevisionNode[]): readonly [ChosenRevision, ChosenRevision] {
  const [first, second, ...others] = nodes;
  if (!first || !second || others.length > 0) {
    throw new UserError(
      'invalidInput',
      vscode.l10n.t('Select two revisions to compare. Selected are {0}.', nodes.length),
    );
  }
  return inOrder({ context: first.context, id: first.arn }, { context: second.context, id: second.arn });
}

function inOrder(first: ChosenRevision, second: ChosenRevision): readonly [ChosenRevision, ChosenRevision] {
  const sameFamily = familyOf(first.id) === familyOf(second.id);
  return sameFamily && revisionOf(second.id) < revisionOf(first.id) ? [second, first] : [first, second];
}
