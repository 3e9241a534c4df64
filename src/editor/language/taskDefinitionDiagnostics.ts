import * as vscode from 'vscode';
import type { Diagnosis, SeverityOverrides } from '../../taskdef/diagnose';
import type { Severity } from '../../taskdef/rules/rule';
import { diagnosticOf, SEVERITIES } from './diagnosticOf';
import { loadRules } from './loadRules';
import { OpenDocumentProblems } from './openDocumentProblems';
import { taskDefinitionSelector } from './taskDefinitionFiles';

/** What the Problems view calls us. */
const DIAGNOSTIC_SOURCE = 'ECS';

/** Keeps the problems of the open task definitions up to date. */
export function checkTaskDefinitions(log: vscode.LogOutputChannel): vscode.Disposable {
  const problems = new OpenDocumentProblems(
    {
      name: 'taskDefinition',
      subject: 'Task definition',
      isMeant: (document) => vscode.languages.match(taskDefinitionSelector(), document) > 0,
      check: async (document) => {
        const { diagnose, parseTaskDefinition } = await loadRules();
        const found = diagnose(parseTaskDefinition(document.getText()), severityOverrides(document));
        return found.map((each) => toDiagnostic(document, each));
      },
    },
    log,
  );
  const settings = vscode.workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration('awsContainers.taskDefinition')) {
      problems.updateAll();
    }
  });
  return vscode.Disposable.from(settings, problems);
}

/** The user's severities by rule id. */
export function severityOverrides(document: vscode.TextDocument): SeverityOverrides {
  const set = vscode.workspace
    .getConfiguration('awsContainers', document.uri)
    .get<Readonly<Record<string, unknown>>>('taskDefinition.rules', {});
  const valid = Object.entries(set ?? {}).filter(
    (entry): entry is [string, Severity | 'off'] =>
      typeof entry[1] === 'string' && (entry[1] === 'off' || Object.hasOwn(SEVERITIES, entry[1])),
  );
  return Object.fromEntries(valid);
}

/** The problem as VS Code lists it. */
export function toDiagnostic(document: vscode.TextDocument, found: Diagnosis): vscode.Diagnostic {
  const { id, source } = found.rule;
  return diagnosticOf(document, found, DIAGNOSTIC_SOURCE, { value: id, target: vscode.Uri.parse(source) });
}
