import * as vscode from 'vscode';
import { KeptTexts } from './keptTexts';

const SCHEME = 'aws-containers-report';
const KEPT = 40;

/** Shows documents to read: Markdown, in VS Code's own preview. */
export class ReportView implements vscode.Disposable {
  private readonly texts = new KeptTexts(SCHEME, KEPT);

  /**
   * Shows a document, in place of the one that was shown under the same path.
   * @param path ends in what the tab is called, without ".md"
   */
  async show(path: string, markdown: string): Promise<vscode.Uri> {
    const uri = this.texts.keep(`${path}.md`, markdown);
    await vscode.commands.executeCommand('markdown.showPreview', uri);
    return uri;
  }

  dispose(): void {
    this.texts.dispose();
  }
}
