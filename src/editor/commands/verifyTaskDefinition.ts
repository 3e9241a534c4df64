import * as vscode from 'vscode';
import { UserError } from '../../base/errors';
import { parseTaskDefinition } from '../../taskdef/document/taskDefinitionDocument';
import type { Severity } from '../../taskdef/rules/rule';
import { verify, type NotChecked, type Verification } from '../../taskdef/verify/verify';
import type { WithContext } from '../contexts/contextOfAnswers';
import { createAwsLookups } from '../language/awsLookups';
import type { Services } from '../services';
import { withProgress } from '../ui/progress';
import { readArguments } from './commandArguments';
import { readContext } from './readContext';
import { chooseDefinitionFile } from './readDefinition';

export interface VerifyAnswers extends WithContext {
  /** Path of the file. */
  readonly file: string;
}

export interface VerifyResult {
  readonly file: string;
  readonly checked: number;
  readonly missing: number;
  readonly findings: readonly {
    readonly rule: string;
    readonly severity: Severity;
    readonly message: string;
    /** From 1. */
    readonly line: number;
    /** From 1. */
    readonly column: number;
  }[];
  readonly notChecked: readonly NotChecked[];
}

/**
 * "Verify": asks AWS whether what a task definition refers to is there and fits, and lists what is not among the
 * problems. Only reads, so that it needs no trust. On a file, or from the palette with the file open; accepts
 * `VerifyAnswers`. Resolves to a `VerifyResult`.
 */
export async function verifyTaskDefinition(services: Services, argument?: unknown): Promise<VerifyResult> {
  const { file } = readArguments<VerifyAnswers>(argument);
  const uri = chooseDefinitionFile(
    argument,
    file,
    vscode.l10n.t('Open the task definition file that is to be verified.'),
  );
  const document = await vscode.workspace.openTextDocument(uri).then(undefined, (error: Error) => {
    throw new UserError('invalidInput', vscode.l10n.t('The file cannot be read: {0}', error.message));
  });
  // Without a tab, nobody would see which text the problems are of.
  if (argument instanceof vscode.Uri && !isShown(document)) {
    await vscode.window.showTextDocument(document);
  }
  const text = document.getText();
  const parsed = parseTaskDefinition(text);
  if (!['taskDefinition', 'wrapper', 'containers'].includes(parsed.kind)) {
    throw new UserError(
      'invalidInput',
      vscode.l10n.t('This is no task definition in JSON: {0}', document.fileName),
    );
  }
  const context = await readContext(services, argument);
  const lookups = createAwsLookups(services.sessions, context);
  const title = vscode.l10n.t(
    'Verifying {0} ({1} · {2})',
    vscode.workspace.asRelativePath(uri),
    context.label,
    context.region,
  );
  const verification = await withProgress(title, (_report, signal) => verify(parsed, lookups, signal));
  // What was typed meanwhile has not been verified.
  if (document.getText() === text && !document.isClosed) {
    services.verifyProblems.set(document, verification.findings);
  }
  showSummary(verification);
  return {
    file: uri.scheme === 'file' ? uri.fsPath : uri.toString(),
    checked: verification.checked,
    missing: verification.missing,
    findings: verification.findings.map(({ rule, severity, message, span }) => {
      const { line, character } = document.positionAt(span.offset);
      return { rule, severity, message, line: line + 1, column: character + 1 };
    }),
    notChecked: verification.notChecked,
  };
}

function isShown(document: vscode.TextDocument): boolean {
  return vscode.window.visibleTextEditors.some((editor) => editor.document === document);
}

function showSummary({ findings, checked, missing, notChecked }: Verification): void {
  const severe = findings.filter(({ severity }) => severity === 'error' || severity === 'warning');
  const wrong = severe.filter(({ rule }) => !rule.endsWith('-missing')).length;
  const parts = [
    vscode.l10n.t('{0} checked', checked),
    ...(missing > 0 ? [vscode.l10n.t('{0} missing', missing)] : []),
    ...(wrong > 0 ? [vscode.l10n.t('{0} wrong', wrong)] : []),
    ...(notChecked.length > 0 ? [vscode.l10n.t('{0} could not be checked', notChecked.length)] : []),
  ];
  const message = vscode.l10n.t('Verified: {0}.', parts.join(', '));
  const button = vscode.l10n.t('Show Problems');
  const buttons = findings.length > 0 ? [button] : [];
  const shown =
    severe.length > 0
      ? vscode.window.showWarningMessage(message, ...buttons)
      : vscode.window.showInformationMessage(message, ...buttons);
  void shown.then((pressed) =>
    pressed === button ? vscode.commands.executeCommand('workbench.actions.view.problems') : undefined,
  );
}
