import * as vscode from 'vscode';

const SCHEME = 'aws-containers-diff';
/** Texts kept for diff editors that are still open; older ones show nothing once reloaded. */
const KEPT = 40;

/** Shows two texts beside each other in VS Code's own diff editor, both read-only. */
export class DiffView implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  private next = 0;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  async show(title: string, name: string, before: string, after: string): Promise<void> {
    const number = this.next++;
    await vscode.commands.executeCommand(
      'vscode.diff',
      this.keep(`${number}/before/${name}`, before),
      this.keep(`${number}/after/${name}`, after),
      title,
      { preview: true, preserveFocus: true },
    );
  }

  dispose(): void {
    this.registration.dispose();
  }

  private keep(path: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${path}` });
    this.texts.set(uri.toString(), text);
    for (const oldest of this.texts.keys()) {
      if (this.texts.size <= KEPT) {
        break;
      }
      this.texts.delete(oldest);
    }
    return uri;
  }
}
