import * as vscode from 'vscode';
import type { Diagnosis } from '../../taskdef/diagnose';
import type { Severity } from '../../taskdef/rules/rule';
import { rangeOf } from './rangeOf';

export const SEVERITIES: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

/**
 * A problem as VS Code lists it.
 * @param source what the Problems view calls us
 */
export function diagnosticOf(
  document: vscode.TextDocument,
  { span, message, severity, related }: Pick<Diagnosis, 'span' | 'message' | 'severity' | 'related'>,
  source: string,
  code: vscode.Diagnostic['code'],
): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(rangeOf(document, span), message, SEVERITIES[severity]);
  diagnostic.source = source;
  diagnostic.code = code;
  if (related) {
    const location = new vscode.Location(document.uri, rangeOf(document, related.span));
    diagnostic.relatedInformation = [new vscode.DiagnosticRelatedInformation(location, related.message)];
  }
  return diagnostic;
}
