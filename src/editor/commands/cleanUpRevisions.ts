import * as vscode from 'vscode';
import { resourceName } from '../../aws/arn';
import type { AwsContext } from '../../aws/context';
import type { EcsGateway } from '../../aws/ecsGateway';
import { collect } from '../../aws/page';
import { UserError } from '../../base/errors';
import {
  planCleanUp,
  type CleanUp,
  type FamilyRevisions,
  type RemovalPlan,
} from '../../deploy/removeRevisions';
import { findRevisionUse, type RevisionUse } from '../../deploy/revisionUse';
import type { WithContext } from '../contexts/contextOfAnswers';
import type { Services } from '../services';
import { confirm, input, pick, type Choice } from '../ui/prompts';
import { withProgress } from '../ui/progress';
import { readArguments } from './commandArguments';
import { readOrPickNode } from './pickNode';
import { readContext } from './readContext';
import { runRemoval, type RemovalResult } from './runRemoval';

export interface CleanUpAnswers extends WithContext, Partial<CleanUp> {
  readonly family?: string;
  /** True stands for the user's yes. */
  readonly confirm?: boolean;
}

const KEPT_BY_DEFAULT = 10;
/** Names in a dialog; how many more there are is said. */
const LISTED = 8;

/**
 * "Clean Up Revisions...": deregisters all but the newest revisions of a family, and deletes them where the user
 * wants that; what is in use stays. On a family, or from the palette; accepts `CleanUpAnswers`. Resolves to a
 * `RemovalResult`.
 */
export async function cleanUpRevisions(services: Services, argument?: unknown): Promise<RemovalResult> {
  const answers = readArguments<CleanUpAnswers>(argument);
  const { context, family } = await chooseFamily(services, argument, answers.family);
  const { ecs } = services.sessions.get(context);
  const keep = readKeep(answers.keep) ?? (await askHowManyToKeep(family));
  const alsoDelete = answers.delete ?? (answers.confirm === true ? false : await askWhetherToDelete(family));
  const title = vscode.l10n.t('Looking for what runs {0}', family);
  const [revisions, use] = await withProgress(title, async (report, signal) => [
    await listRevisions(ecs, family, signal),
    await findRevisionUse(ecs, [family], signal, report),
  ]);
  const plan = planCleanUp(revisions, use, { keep, delete: alsoDelete });
  if (plan.deregister.length + plan.delete.length > 0) {
    if (answers.confirm !== true) {
      await confirmPlan(family, plan, use);
    }
  } else {
    void vscode.window.showInformationMessage(
      plan.inUse.length > 0
        ? vscode.l10n.t('There is nothing to clean up in {0}: all older revisions are in use.', family)
        : vscode.l10n.t('There is nothing to clean up in {0}.', family),
    );
  }
  return runRemoval(services, context, plan);
}

async function chooseFamily(
  services: Services,
  argument: unknown,
  family: string | undefined,
): Promise<{ context: AwsContext; family: string }> {
  return family === undefined
    ? readOrPickNode(services, argument, 'family', vscode.l10n.t('Clean Up Revisions of Which Family?'))
    : { context: await readContext(services, argument), family };
}

async function listRevisions(ecs: EcsGateway, family: string, signal: AbortSignal): Promise<FamilyRevisions> {
  const active = await collect(ecs.revisions(family, 'ACTIVE', signal));
  return { active, inactive: await collect(ecs.revisions(family, 'INACTIVE', signal)) };
}

function readKeep(keep: unknown): number | undefined {
  if (keep === undefined) {
    return undefined;
  }
  if (typeof keep !== 'number' || !Number.isSafeInteger(keep) || keep < 0) {
    throw new UserError(
      'invalidInput',
      vscode.l10n.t(
        'How many revisions to keep is a whole number, 0 or more. This is none: {0}',
        JSON.stringify(keep),
      ),
    );
  }
  return keep;
}

async function askHowManyToKeep(family: string): Promise<number> {
  const text = await input({
    title: vscode.l10n.t('Clean Up Revisions of {0}', family),
    prompt: vscode.l10n.t('How many of the newest revisions stay? What is in use stays besides.'),
    value: String(KEPT_BY_DEFAULT),
    validate: (value) =>
      /^\d{1,6}$/.test(value) ? undefined : vscode.l10n.t('A whole number, such as {0}.', KEPT_BY_DEFAULT),
  });
  return Number(text);
}

function askWhetherToDelete(family: string): Promise<boolean> {
  const choices: Choice<boolean>[] = [
    {
      label: vscode.l10n.t('Deregister'),
      detail: vscode.l10n.t('They become inactive: ECS keeps them, and starts nothing new with them'),
      iconPath: new vscode.ThemeIcon('archive'),
      value: false,
    },
    {
      label: vscode.l10n.t('Deregister and Delete'),
      detail: vscode.l10n.t('For good, with all revisions that are inactive already'),
      iconPath: new vscode.ThemeIcon('trash'),
      value: true,
    },
  ];
  return pick(choices, { title: vscode.l10n.t('What Becomes of Older Revisions of {0}?', family) });
}

async function confirmPlan(family: string, plan: RemovalPlan, use: RevisionUse): Promise<void> {
  const some = (ids: readonly string[]): string => shorten(ids.map(resourceName));
  const deletes = plan.delete.length > 0;
  const detail = [
    ...(plan.deregister.length > 0
      ? [vscode.l10n.t('Deregistered: {0} ({1})', plan.deregister.length, some(plan.deregister))]
      : []),
    ...(deletes ? [vscode.l10n.t('Deleted for good: {0} ({1})', plan.delete.length, some(plan.delete))] : []),
    ...(plan.inUse.length > 0
      ? [vscode.l10n.t('In use, and left as they are: {0}', withUsers(plan.inUse, use))]
      : []),
    vscode.l10n.t('Schedules and pipelines that name a revision by its number are not looked at.'),
  ];
  await confirm(
    deletes
      ? vscode.l10n.t(
          'Deregister {0} and delete {1} of the revisions of {2}?',
          plan.deregister.length,
          plan.delete.length,
          family,
        )
      : vscode.l10n.t('Deregister {0} of the revisions of {1}?', plan.deregister.length, family),
    deletes ? vscode.l10n.t('Deregister and Delete') : vscode.l10n.t('Deregister'),
    detail.join('\n'),
  );
}

/** "web:3 (service demo/web), web:2 (a task in demo)" */
function withUsers(ids: readonly string[], use: RevisionUse): string {
  return shorten(
    ids.map((id) => {
      const name = resourceName(id);
      return `${name} (${(use.get(name) ?? []).join(', ')})`;
    }),
  );
}

function shorten(names: readonly string[]): string {
  const more = names.length - LISTED;
  const shown = names.slice(0, LISTED).join(', ');
  return more > 0 ? vscode.l10n.t('{0} and {1} more', shown, more) : shown;
}
