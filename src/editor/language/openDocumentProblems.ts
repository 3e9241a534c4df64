import * as vscode from 'vscode';
import { DisposableStore } from '../../base/disposal';

/** Short enough to feel like typing, long enough that a fast typist is not interrupted by every key. */
const PAUSE_MILLISECONDS = 150;

export interface DocumentCheck {
  /** Names the collection of problems. */
  readonly name: string;
  /** What the documents are, in a message of the log. */
  readonly subject: string;
  readonly isMeant: (document: vscode.TextDocument) => boolean;
  readonly check: (document: vscode.TextDocument) => Promise<readonly vscode.Diagnostic[]>;
}

/** Keeps the problems of the open documents of one kind up to date while they are typed into. */
export class OpenDocumentProblems implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly problems: vscode.DiagnosticCollection;
  private readonly waiting = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly kind: DocumentCheck,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.problems = this.store.add(vscode.languages.createDiagnosticCollection(`awsContainers.${kind.name}`));
    this.store.add(vscode.workspace.onDidOpenTextDocument((document) => this.update(document)));
    this.store.add(vscode.workspace.onDidChangeTextDocument(({ document }) => this.updateSoon(document)));
    this.store.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)));
    this.updateAll();
  }

  /** Checks all anew, as after a change of what they are checked by. */
  updateAll(): void {
    vscode.workspace.textDocuments.forEach((document) => this.update(document));
  }

  dispose(): void {
    this.waiting.forEach((timer) => clearTimeout(timer));
    this.waiting.clear();
    this.store.dispose();
  }

  private updateSoon(document: vscode.TextDocument): void {
    this.stopWaiting(document.uri);
    this.waiting.set(
      document.uri.toString(),
      setTimeout(() => this.update(document), PAUSE_MILLISECONDS),
    );
  }

  private update(document: vscode.TextDocument): void {
    this.stopWaiting(document.uri);
    if (document.isClosed || !this.kind.isMeant(document)) {
      this.problems.delete(document.uri);
      return;
    }
    this.kind.check(document).then(
      (found) => {
        if (!document.isClosed) {
          this.problems.set(document.uri, found);
        }
      },
      (error: unknown) =>
        this.log.error(`${this.kind.subject} ${document.uri.toString()} could not be checked`, error),
    );
  }

  private forget(uri: vscode.Uri): void {
    this.stopWaiting(uri);
    this.problems.delete(uri);
  }

  private stopWaiting(uri: vscode.Uri): void {
    const key = uri.toString();
    clearTimeout(this.waiting.get(key));
    this.waiting.delete(key);
  }
}
