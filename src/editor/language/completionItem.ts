import * as vscode from 'vscode';
import { formatAge, formatSize } from '../../explorer/quantity';
import type { Completion, Detail, SuggestionKind } from '../../taskdef/completion/suggestion';
import { rangeOf } from './rangeOf';

const KINDS: Readonly<Record<SuggestionKind, vscode.CompletionItemKind>> = {
  value: vscode.CompletionItemKind.Value,
  container: vscode.CompletionItemKind.Reference,
  option: vscode.CompletionItemKind.Property,
  image: vscode.CompletionItemKind.File,
  resource: vscode.CompletionItemKind.Reference,
  snippet: vscode.CompletionItemKind.Snippet,
};

/**
 * A completion as VS Code lists it.
 * @param index its place in the list
 */
export function toCompletionItem(
  document: vscode.TextDocument,
  completion: Completion,
  index: number,
): vscode.CompletionItem {
  const { label, details, documentation, kind, span, insert, isSnippet, filter, edits, goesOn } = completion;
  const description = details.map(inWords).join(' · ');
  const item = new vscode.CompletionItem({ label, description }, KINDS[kind]);
  item.insertText = isSnippet ? new vscode.SnippetString(insert) : insert;
  item.range = rangeOf(document, span);
  item.filterText = filter;
  // Before what the JSON language lists, whose labels are its order; whole parts after it.
  item.sortText = `${kind === 'snippet' ? '~' : '!'}${String(index).padStart(6, '0')}`;
  item.documentation = documentation;
  item.additionalTextEdits = edits.map((edit) => new vscode.TextEdit(rangeOf(document, edit), edit.content));
  if (goesOn) {
    item.command = { command: 'editor.action.triggerSuggest', title: 'Suggest' };
  }
  return item;
}

function inWords(detail: Detail): string {
  if (typeof detail === 'string') {
    return detail;
  }
  return detail instanceof Date ? formatAge(detail, new Date()) : formatSize(detail.bytes);
}
