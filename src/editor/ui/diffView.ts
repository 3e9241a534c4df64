import * as vscode from 'vscode';

const SCHEME = 'aws-containers-diff';
/** Texts kept for diff editors that are still open; older ones show nothing once reloaded. */
const KEPT = 40;

/** A diff editor that was opened. */
export interface ShownDiff {
  /** Closes its tab, if it is still there. */
  close(): Promise<void>;
}

/** Shows two texts beside each other in VS Code's own diff editor, both read-only. */
export class DiffView implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  private next = 0;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  async show(title: string, name: string, before: string, after: string): Promise<ShownDiff> {
    const number = this.next++;
    const modified = this.keep(`${number}/after/${name}`, after);
    await vscode.commands.executeCommand(
      'vscode.diff',
      this.keep(`${number}/before/${name}`, before),
      modified,
      title,
      { preview: true, preserveFocus: true },
    );
    return { close: () => closeDiff(modified) };
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

async function closeDiff(modified: vscode.Uri): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const shown = tabs.filter(
    ({ input }) =>
      input instanceof vscode.TabInputTextDiff && input.modified.toString() === modified.toString(),
  );
  await vscode.window.tabGroups.close(shown, true);
}
