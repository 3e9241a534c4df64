import * as vscode from 'vscode';
import { KeptTexts } from './keptTexts';

const SCHEME = 'aws-containers-diff';
/** Texts kept for diff editors that are still open. */
const KEPT = 40;

/** A diff editor that was opened. */
export interface ShownDiff {
  /** Closes its tab, if it is still there. */
  close(): Promise<void>;
}

/** Shows two texts beside each other in VS Code's own diff editor, both read-only. */
export class DiffView implements vscode.Disposable {
  private readonly texts = new KeptTexts(SCHEME, KEPT);
  private next = 0;

  async show(title: string, name: string, before: string, after: string): Promise<ShownDiff> {
    const number = this.next++;
    const modified = this.texts.keep(`${number}/after/${name}`, after);
    await vscode.commands.executeCommand(
      'vscode.diff',
      this.texts.keep(`${number}/before/${name}`, before),
      modified,
      title,
      { preview: true, preserveFocus: true },
    );
    return { close: () => closeDiff(modified) };
  }

  dispose(): void {
    this.texts.dispose();
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
