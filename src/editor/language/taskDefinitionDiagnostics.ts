import * as vscode from 'vscode';
import { DisposableStore } from '../../base/disposal';
import type { Diagnosis, SeverityOverrides } from '../../taskdef/diagnose';
import type { Severity } from '../../taskdef/rules/rule';
import { diagnosticOf, SEVERITIES } from './diagnosticOf';
import { loadRules } from './loadRules';
import { taskDefinitionSelector } from './taskDefinitionFiles';

/** What the Problems view calls us. */
const DIAGNOSTIC_SOURCE = 'ECS';

/** Short enough to feel like typing, long enough that a fast typist is not interrupted by every key. */
const PAUSE_MILLISECONDS = 150;

/** Keeps the problems of the open task definitions up to date. */
export class TaskDefinitionDiagnostics implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly problems: vscode.DiagnosticCollection;
  private readonly waiting = new Map<string, NodeJS.Timeout>();

  constructor(private readonly log: vscode.LogOutputChannel) {
    this.problems = this.store.add(
      vscode.languages.createDiagnosticCollection('awsContainers.taskDefinition'),
    );
    this.store.add(vscode.workspace.onDidOpenTextDocument((document) => this.update(document)));
    this.store.add(vscode.workspace.onDidChangeTextDocument(({ document }) => this.updateSoon(document)));
    this.store.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)));
    this.store.add(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('awsContainers.taskDefinition')) {
          this.updateAll();
        }
      }),
    );
    this.updateAll();
  }

  dispose(): void {
    this.waiting.forEach((timer) => clearTimeout(timer));
    this.waiting.clear();
    this.store.dispose();
  }

  private updateAll(): void {
    vscode.workspace.textDocuments.forEach((document) => this.update(document));
  }

  private updateSoon(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.waiting.get(key));
    this.waiting.set(
      key,
      setTimeout(() => this.update(document), PAUSE_MILLISECONDS),
    );
  }

  private update(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.waiting.get(key));
    this.waiting.delete(key);
    if (document.isClosed || vscode.languages.match(taskDefinitionSelector(), document) === 0) {
      this.problems.delete(document.uri);
      return;
    }
    this.check(document).catch((error: unknown) =>
      this.log.error(`Task definition ${key} could not be checked`, error),
    );
  }

  private async check(document: vscode.TextDocument): Promise<void> {
    const { diagnose, parseTaskDefinition } = await loadRules();
    if (document.isClosed) {
      return;
    }
    const found = diagnose(parseTaskDefinition(document.getText()), severityOverrides(document));
    this.problems.set(
      document.uri,
      found.map((each) => toDiagnostic(document, each)),
    );
  }

  private forget(uri: vscode.Uri): void {
    clearTimeout(this.waiting.get(uri.toString()));
    this.waiting.delete(uri.toString());
    this.problems.delete(uri);
  }
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
