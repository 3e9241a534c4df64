import * as vscode from 'vscode';
import type { EcrGateway } from '../../aws/ecrGateway';
import { withFacts } from '../../explorer/details';
import type { ExplorerNode } from '../../explorer/explorerNode';
import { loadFacts } from '../../explorer/registryDetails';
import { detailsOf } from '../../explorer/rowDetails';

export interface TooltipSource {
  /** Asked where a fact takes a call to know. */
  readonly ecr: () => EcrGateway;
  /** Names of the services that use what the row stands for, as far as they are known. */
  readonly usedBy: readonly string[];
  /** Ends the waiting for facts that take a call: the tooltip goes without them. */
  readonly signal: AbortSignal;
}

/** What is told of a row that is looked at. Whatever AWS says is text in it, and no markup. */
export async function rowTooltip(
  node: ExplorerNode,
  { ecr, usedBy, signal }: TooltipSource,
): Promise<vscode.MarkdownString> {
  const loaded = (await loadFacts(node, ecr, signal)?.catch(() => undefined)) ?? [];
  const { title, facts, text } = withFacts(detailsOf(node, usedBy), loaded);
  const tooltip = new vscode.MarkdownString('**').appendText(title).appendMarkdown('**');
  tooltip.isTrusted = false;
  for (const [name, value] of facts) {
    tooltip.appendMarkdown('\n\n').appendText(`${name}: ${value}`);
  }
  if (text !== undefined) {
    tooltip.appendMarkdown('\n\n---\n\n').appendText(text);
  }
  return tooltip;
}
