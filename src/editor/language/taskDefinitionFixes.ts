import * as vscode from 'vscode';
import type { TextEdit } from '../../taskdef/document/textSpan';
import { loadRules, type TaskDefinitionRules } from './loadRules';
import { rangeOf } from './rangeOf';
import { severityOverrides, toDiagnostic } from './taskDefinitionDiagnostics';
import { taskDefinitionSelector } from './taskDefinitionFiles';

const FIX_ALL = vscode.CodeActionKind.SourceFixAll.append('awsContainers');

/** The light bulb of a task definition, and "Fix all". */
export const taskDefinitionFixes: vscode.CodeActionProvider = {
  async provideCodeActions(document, range, context) {
    if (vscode.languages.match(taskDefinitionSelector(), document) === 0) {
      return [];
    }
    const rules = await loadRules();
    const { only } = context;
    const actions: vscode.CodeAction[] = [];
    if (!only || only.contains(vscode.CodeActionKind.QuickFix)) {
      actions.push(...quickFixes(rules, document, range));
    }
    // Computed only when asked for by its kind (on save, or from the Source Action menu), or beside a quick fix.
    if (only?.intersects(FIX_ALL) || actions.length > 0) {
      const edit = rules.fixAll(document.getText(), severityOverrides(document));
      if (edit) {
        const offeredAs = only?.intersects(FIX_ALL) ? FIX_ALL : vscode.CodeActionKind.QuickFix;
        actions.push(actionOf(document, 'Fix all in this task definition', offeredAs, [edit]));
      }
    }
    return actions;
  },
};

export const FIX_METADATA: vscode.CodeActionProviderMetadata = {
  providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, FIX_ALL],
};

/**
 * Made anew from the text, not from the diagnostics that are shown: these may be of the text before the last key.
 */
function quickFixes(
  { diagnose, parseTaskDefinition }: TaskDefinitionRules,
  document: vscode.TextDocument,
  range: vscode.Range,
): vscode.CodeAction[] {
  const found = diagnose(parseTaskDefinition(document.getText()), severityOverrides(document));
  return found.flatMap((each) => {
    const { fix } = each;
    if (!fix || !rangeOf(document, each.span).intersection(range)) {
      return [];
    }
    const action = actionOf(document, fix.title, vscode.CodeActionKind.QuickFix, fix.edits());
    action.diagnostics = [toDiagnostic(document, each)];
    action.isPreferred = !fix.guess;
    return [action];
  });
}

function actionOf(
  document: vscode.TextDocument,
  title: string,
  kind: vscode.CodeActionKind,
  edits: readonly TextEdit[],
): vscode.CodeAction {
  const action = new vscode.CodeAction(title, kind);
  action.edit = new vscode.WorkspaceEdit();
  for (const edit of edits) {
    action.edit.replace(document.uri, rangeOf(document, edit), edit.content);
  }
  return action;
}
