import * as vscode from 'vscode';

/** Texts that editors show read-only, under a scheme of their own. Older ones show nothing once reloaded. */
export class KeptTexts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly registration: vscode.Disposable;

  /** @param most how many texts are kept */
  constructor(
    private readonly scheme: string,
    private readonly most: number,
  ) {
    this.registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  /** @returns under which address the text is shown; one that was kept there before is replaced */
  keep(path: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: this.scheme, path: `/${path}` });
    const replaced = this.texts.delete(uri.toString());
    this.texts.set(uri.toString(), text);
    for (const oldest of this.texts.keys()) {
      if (this.texts.size <= this.most) {
        break;
      }
      this.texts.delete(oldest);
    }
    if (replaced) {
      this.changed.fire(uri);
    }
    return uri;
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}
