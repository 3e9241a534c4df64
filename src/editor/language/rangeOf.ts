import * as vscode from 'vscode';
import type { TextSpan } from '../../taskdef/document/textSpan';

/** Where a piece of a document's text is, as VS Code counts. */
export function rangeOf(document: vscode.TextDocument, { offset, length }: TextSpan): vscode.Range {
  return new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
}
