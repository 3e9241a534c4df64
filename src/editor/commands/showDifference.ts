import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import * as vscode from 'vscode';
import { describeChanges } from '../../deploy/describeChanges';
import { normalise, toComparableText } from '../../deploy/registerInput';
import type { DiffView } from '../ui/diffView';

export interface DifferenceSide {
  /** What the title calls it. */
  readonly title: string;
  readonly definition: RegisterTaskDefinitionCommandInput;
}

export interface Difference {
  /** Of the file that each side looks like; its end says the language. */
  readonly name: string;
  readonly before: DifferenceSide;
  readonly after: DifferenceSide;
}

/**
 * Shows two definitions beside each other, normalised, so that only real differences show; says so when there is
 * none.
 * @returns one sentence a difference, without the values of environment variables
 */
export async function showDifference(
  diffs: DiffView,
  { name, before, after }: Difference,
): Promise<string[]> {
  const changes = describeChanges(normalise(before.definition), normalise(after.definition));
  if (changes.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Nothing differs between {0} and {1}.', before.title, after.title),
    );
  } else {
    const title = `${before.title} ↔ ${after.title}`;
    await diffs.show(title, name, toComparableText(before.definition), toComparableText(after.definition));
  }
  return changes;
}
