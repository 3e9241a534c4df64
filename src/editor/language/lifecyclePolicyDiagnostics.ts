import * as vscode from 'vscode';
import { DisposableStore } from '../../base/disposal';
import { rangeOf } from './rangeOf';

/** What the Problems view calls us. */
const DIAGNOSTIC_SOURCE = 'ECR';

const SOURCE =
  'https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html#lp_evaluation_rules';

/** Short enough to feel like typing, long enough that a fast typist is not interrupted by every key. */
const PAUSE_MILLISECONDS = 150;

/** Keeps up to date what is wrong between the rules of the lifecycle policies that are open. */
export class LifecyclePolicyDiagnostics implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly problems = this.store.add(
    vscode.languages.createDiagnosticCollection('awsContainers.lifecyclePolicy'),
  );
  private readonly waiting = new Map<string, NodeJS.Timeout>();

  constructor(private readonly log: vscode.LogOutputChannel) {
    this.store.add(vscode.workspace.onDidOpenTextDocument((document) => this.update(document)));
    this.store.add(vscode.workspace.onDidChangeTextDocument(({ document }) => this.updateSoon(document)));
    this.store.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)));
    vscode.workspace.textDocuments.forEach((document) => this.update(document));
  }

  dispose(): void {
    this.waiting.forEach((timer) => clearTimeout(timer));
    this.waiting.clear();
    this.store.dispose();
  }

  private updateSoon(document: vscode.TextDocument): void {
    if (isLifecyclePolicy(document)) {
      const key = document.uri.toString();
      clearTimeout(this.waiting.get(key));
      this.waiting.set(
        key,
        setTimeout(() => this.update(document), PAUSE_MILLISECONDS),
      );
    }
  }

  private update(document: vscode.TextDocument): void {
    if (isLifecyclePolicy(document)) {
      this.check(document).catch((error: unknown) =>
        this.log.error(`The lifecycle policy ${document.uri.toString()} could not be checked`, error),
      );
    }
  }

  private async check(document: vscode.TextDocument): Promise<void> {
    const { findLifecycleProblems } = await import('../../ecr/lifecycleProblems');
    if (document.isClosed) {
      return;
    }
    const found = findLifecycleProblems(document.getText()).map(({ span, message }) => {
      const diagnostic = new vscode.Diagnostic(rangeOf(document, span), message);
      diagnostic.source = DIAGNOSTIC_SOURCE;
      diagnostic.code = { value: 'lifecycle-rules', target: vscode.Uri.parse(SOURCE) };
      return diagnostic;
    });
    this.problems.set(document.uri, found);
  }

  private forget(uri: vscode.Uri): void {
    clearTimeout(this.waiting.get(uri.toString()));
    this.waiting.delete(uri.toString());
    this.problems.delete(uri);
  }
}

/** As in the manifest's `jsonValidation`; the sides of a difference are not checked. */
function isLifecyclePolicy({ uri: { scheme, path } }: vscode.TextDocument): boolean {
  return /(\/|\.)lifecycle-policy\.json$/.test(path) && scheme !== 'aws-containers-diff' && scheme !== 'git';
}
