import * as vscode from 'vscode';
import { resourceName } from '../../aws/arn';
import { contextKey, type AwsContext } from '../../aws/context';
import type { EcsGateway } from '../../aws/ecsGateway';
import { UserError } from '../../base/errors';
import { planRemoval } from '../../deploy/removeRevisions';
import { familyOf, findRevisionUse, type RevisionUse } from '../../deploy/revisionUse';
import type { WithContext } from '../contexts/contextOfAnswers';
import type { Services } from '../services';
import { confirmOneOf } from '../ui/prompts';
import { withProgress } from '../ui/progress';
import { chooseRevision } from './chooseRevision';
import { readArguments, readNode } from './commandArguments';
import { readContext } from './readContext';
import { runRemoval, type RemovalResult } from './runRemoval';

export interface DeregisterAnswers extends WithContext {
  /** `family:revision` or an ARN; or several. */
  readonly taskDefinition?: string | readonly string[];
  /** Also delete for good what is deregistered, unless something uses it. */
  readonly delete?: boolean;
  /** True stands for the user's yes. */
  readonly confirm?: boolean;
}

interface ChosenRevisions {
  readonly context: AwsContext;
  readonly ids: readonly string[];
}

/**
 * "Deregister Revision...": one revision or all that are selected; accepts `DeregisterAnswers`. Says what uses them,
 * and offers to delete them as well, but for those in use. Resolves to a `RemovalResult`.
 */
export async function deregisterTaskDefinition(
  services: Services,
  argument?: unknown,
  selection?: unknown,
): Promise<RemovalResult> {
  const answers = readArguments<DeregisterAnswers>(argument);
  const { context, ids } = await chooseRevisions(services, argument, selection);
  const { ecs } = services.sessions.get(context);
  let alsoDelete = answers.delete === true;
  let use: RevisionUse | UserError = new Map();
  if (answers.confirm !== true || alsoDelete) {
    use = await tryToFindUse(ecs, ids);
  }
  if (answers.confirm !== true) {
    alsoDelete = await confirmRemoval(ids, use, alsoDelete);
  }
  if (!alsoDelete) {
    return runRemoval(services, context, { deregister: ids, delete: [], inUse: [] });
  }
  if (use instanceof UserError) {
    throw use;
  }
  return runRemoval(services, context, planRemoval({ active: ids, inactive: [] }, use, true));
}

async function chooseRevisions(
  services: Services,
  argument: unknown,
  selection: unknown,
): Promise<ChosenRevisions> {
  const { taskDefinition } = readArguments<DeregisterAnswers>(argument);
  if (taskDefinition !== undefined) {
    const ids = typeof taskDefinition === 'string' ? [taskDefinition] : taskDefinition;
    return { context: await readContext(services, argument), ids };
  }
  const selected = Array.isArray(selection)
    ? selection.flatMap((node) => readNode(node, 'revision') ?? [])
    : [];
  const [first, ...others] = selected;
  if (!first || others.length === 0) {
    const title = vscode.l10n.t('Deregister Revision');
    const { context, id } = await chooseRevision(services, argument, title);
    return { context, ids: [id] };
  }
  if (others.some(({ context }) => contextKey(context) !== contextKey(first.context))) {
    throw new UserError(
      'invalidInput',
      vscode.l10n.t('The selected revisions are not all of one profile and region. Select those of one.'),
    );
  }
  return { context: first.context, ids: selected.map(({ arn }) => arn) };
}

/** @returns why, where it cannot be told: a person may still decide to deregister */
async function tryToFindUse(ecs: EcsGateway, ids: readonly string[]): Promise<RevisionUse | UserError> {
  const families = [...new Set(ids.map(familyOf))];
  const title = vscode.l10n.t('Looking for what runs {0}', families.join(', '));
  try {
    return await withProgress(title, (report, signal) => findRevisionUse(ecs, families, signal, report));
  } catch (error) {
    if (error instanceof UserError && error.reason !== 'cancelled') {
      return error;
    }
    throw error;
  }
}

/** @returns whether they are to be deleted as well */
async function confirmRemoval(
  ids: readonly string[],
  use: RevisionUse | UserError,
  alsoDelete: boolean,
): Promise<boolean> {
  const names = ids.map(resourceName);
  const [name = ''] = names;
  const question =
    names.length === 1
      ? vscode.l10n.t('Deregister the task definition {0}?', name)
      : vscode.l10n.t('Deregister {0} revisions?', names.length);
  const users =
    use instanceof UserError
      ? [use.message]
      : names.flatMap((each) => {
          const by = use.get(each);
          return by ? [vscode.l10n.t('{0} is in use: {1}', each, by.join(', '))] : [];
        });
  const detail = [
    ...(names.length > 1 ? [names.join(', ')] : []),
    ...users,
    vscode.l10n.t('What runs with it goes on running. Nothing new can be started with it.'),
    vscode.l10n.t('A revision that is deleted cannot be had back. Those in use are not deleted.'),
  ];
  const only = vscode.l10n.t('Deregister');
  const both = vscode.l10n.t('Deregister and Delete');
  // What cannot be told to be unused is not deleted.
  const actions = alsoDelete ? [both] : use instanceof UserError ? [only] : [only, both];
  return (await confirmOneOf(question, actions, detail.join('\n'))) === both;
}
