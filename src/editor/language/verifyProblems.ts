import * as vscode from 'vscode';
import { DisposableStore } from '../../base/disposal';
import type { VerifyFinding } from '../../taskdef/verify/verifyFinding';
import { diagnosticOf } from './diagnosticOf';

/** What the Problems view calls what a verification found. */
const VERIFY_SOURCE = 'ECS Verify';

/**
 * The problems of the last verification of each document. They move with their tokens as the text is edited, and
 * go when their token, or the one that they name beside it, is touched: what AWS said was not about the new text.
 */
export class VerifyProblems implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly problems: vscode.DiagnosticCollection;
  private readonly findings = new Map<string, readonly VerifyFinding[]>();

  constructor() {
    this.problems = this.store.add(vscode.languages.createDiagnosticCollection('awsContainers.verify'));
    this.store.add(vscode.workspace.onDidChangeTextDocument((change) => this.follow(change)));
    this.store.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.clear(uri)));
    // A document that an extension has read stays open for minutes after its last tab.
    this.store.add(
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) =>
        closed.flatMap(uriOf).forEach((uri) => {
          if (!isInTab(uri)) {
            this.clear(uri);
          }
        }),
      ),
    );
  }

  /** Shows these in the place of all that the document had. */
  set(document: vscode.TextDocument, findings: readonly VerifyFinding[]): void {
    this.findings.set(document.uri.toString(), findings);
    this.problems.set(
      document.uri,
      findings.map((finding) => diagnosticOf(document, finding, VERIFY_SOURCE, finding.rule)),
    );
  }

  clear(uri: vscode.Uri): void {
    this.findings.delete(uri.toString());
    this.problems.delete(uri);
  }

  dispose(): void {
    this.store.dispose();
  }

  private follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const findings = this.findings.get(document.uri.toString());
    if (!findings?.length || contentChanges.length === 0) {
      return;
    }
    this.set(
      document,
      contentChanges.reduce<readonly VerifyFinding[]>(
        (kept, { rangeOffset, rangeLength, text }) =>
          kept.flatMap((finding) => move(finding, rangeOffset, rangeLength, text.length) ?? []),
        findings,
      ),
    );
  }
}

function isInTab(uri: vscode.Uri): boolean {
  return vscode.window.tabGroups.all.some(({ tabs }) =>
    tabs.flatMap(uriOf).some((shown) => shown.toString() === uri.toString()),
  );
}

function uriOf({ input }: vscode.Tab): vscode.Uri[] {
  return input instanceof vscode.TabInputText ? [input.uri] : [];
}

/** The finding where its tokens are after an edit; `undefined` when the edit touches one. */
function move(
  finding: VerifyFinding,
  offset: number,
  removed: number,
  added: number,
): VerifyFinding | undefined {
  const moved = <S extends { readonly offset: number; readonly length: number }>(span: S): S | undefined =>
    offset + removed <= span.offset
      ? { ...span, offset: span.offset + added - removed }
      : offset >= span.offset + span.length
        ? span
        : undefined;
  const span = moved(finding.span);
  const related = finding.related && moved(finding.related.span);
  if (!span || (finding.related && !related)) {
    return undefined;
  }
  return { ...finding, span, ...(related && { related: { ...finding.related, span: related } }) };
}
