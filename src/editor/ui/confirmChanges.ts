import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import { UserError } from '../../base/errors';
import { pick, type Choice } from './prompts';

/** A change of a task definition that the user is asked about. */
export interface ChangeQuestion {
  readonly title: string;
  /** The row that says yes: a verb, and on what. */
  readonly action: string;
  readonly icon: string;
  readonly context: AwsContext;
  /** Sentences: what will be different, and what else there is to know. */
  readonly changes: readonly string[];
}

/**
 * Asks with the changes in a list, beside a diff editor that is on show: a modal dialog would cover it.
 * @throws UserError('cancelled') when the user does not say yes
 */
export async function confirmChanges({
  title,
  action,
  icon,
  context,
  changes,
}: ChangeQuestion): Promise<void> {
  const choices: Choice<boolean>[] = [
    {
      label: action,
      iconPath: new vscode.ThemeIcon(icon),
      description: `${context.label} · ${context.region}`,
      value: true,
    },
    { label: vscode.l10n.t('Cancel'), iconPath: new vscode.ThemeIcon('close'), value: false },
    { label: vscode.l10n.t('What changes'), kind: vscode.QuickPickItemKind.Separator, value: false },
    ...changes.map((label) => ({ label, alwaysShow: true, value: true })),
  ];
  if (!(await pick(choices, { title }))) {
    throw new UserError('cancelled', 'Cancelled.');
  }
}
