import * as vscode from 'vscode';
import { contextKey } from '../../aws/context';
import { messageOf } from '../../base/errors';
import { formatAge, formatSize } from '../../explorer/quantity';
import type { HoverText } from '../../taskdef/hover/hoverText';
import type { Services } from '../services';
import type { HoverAnswers } from './hoverAt';
import { rangeOf } from './rangeOf';
import { taskDefinitionSelector } from './taskDefinitionFiles';

/** For how long a hover shows what was asked before, in milliseconds. */
const LIFETIME = 60_000;

export type HoverServices = Pick<Services, 'contexts' | 'sessions' | 'log'>;

/** Says over an image, a role, a secret and the like what AWS has under that name. */
export class TaskDefinitionHover implements vscode.HoverProvider {
  private answers: HoverAnswers | undefined;

  constructor(private readonly services: HoverServices) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    if (vscode.languages.match(taskDefinitionSelector(), document) === 0) {
      return undefined;
    }
    try {
      const text = document.getText();
      const { hoverAt } = await import('./hoverAt');
      const answers = await this.currentAnswers();
      const region = answers && (await import('./consoleRegion')).consoleRegion(answers.context);
      const content = await hoverAt(text, document.offsetAt(position), answers, await region);
      if (!content || token.isCancellationRequested) {
        return undefined;
      }
      return new vscode.Hover(render(content.text, content.url), rangeOf(document, content.span));
    } catch (error) {
      this.services.log.debug(`No hover: ${messageOf(error)}`);
      return undefined;
    }
  }

  /** Of the context that is open now: nothing that was read under one is shown under another. */
  private async currentAnswers(): Promise<HoverAnswers | undefined> {
    const context = this.services.contexts.current();
    if (!context) {
      return undefined;
    }
    if (!this.answers || contextKey(this.answers.context) !== contextKey(context)) {
      const [{ HoverAnswers }, { createAwsLookups }] = await Promise.all([
        import('./hoverAt'),
        import('./awsLookups'),
      ]);
      const lookups = createAwsLookups(this.services.sessions, context);
      this.answers = new HoverAnswers(context, lookups, LIFETIME);
    }
    return this.answers;
  }
}

/** All text is AWS's or the file's, and so no markup. The address is one that we made. */
function render({ title, facts, note }: HoverText, url: string | undefined): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString('**').appendText(title).appendMarkdown('**');
  markdown.isTrusted = false;
  markdown.supportHtml = false;
  for (const [name, value] of facts) {
    markdown.appendMarkdown('\n\n').appendText(`${name}: ${inWords(value)}`);
  }
  if (note !== undefined) {
    markdown.appendMarkdown('\n\n').appendText(note);
  }
  if (url !== undefined) {
    markdown.appendMarkdown(`\n\n[${vscode.l10n.t('Open in the AWS console')}](<${url}>)`);
  }
  return markdown;
}

function inWords(value: HoverText['facts'][number][1]): string {
  if (typeof value === 'string') {
    return value;
  }
  return value instanceof Date
    ? `${value.toLocaleString()} (${formatAge(value, new Date())})`
    : formatSize(value.bytes);
}
