import * as vscode from 'vscode';
import { contextKey } from '../../aws/context';
import { messageOf } from '../../base/errors';
import type { Services } from '../services';
import type { AwsValues } from './awsValues';
import { taskDefinitionSelector } from './taskDefinitionFiles';

/** The quote begins a string and the colon a value or a tag; the others go on in names from AWS. */
export const COMPLETION_TRIGGERS = ['"', ':', '/', '@'];

/** Offers values and parts while a task definition is typed. It never waits for AWS longer than a moment. */
export class TaskDefinitionCompletion implements vscode.CompletionItemProvider, vscode.Disposable {
  private current: { readonly key: string; readonly values: AwsValues } | undefined;
  private readonly listener: vscode.Disposable;
  private requests = 0;

  constructor(private readonly services: Pick<Services, 'contexts' | 'sessions' | 'log'>) {
    this.listener = services.contexts.onDidChange(() => this.forgetOtherContexts());
  }

  dispose(): void {
    this.listener.dispose();
    this.current?.values.dispose();
  }

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
    { triggerCharacter }: vscode.CompletionContext,
  ): Promise<vscode.CompletionList | undefined> {
    if (vscode.languages.match(taskDefinitionSelector(), document) === 0) {
      return undefined;
    }
    this.requests += 1;
    const [{ completeTaskDefinition, completeFromAws }, { toCompletionItem }, { REGIONS }] =
      await Promise.all([
        import('../../taskdef/completion/completeTaskDefinition'),
        import('./completionItem'),
        import('../../aws/regions'),
      ]);
    const local = completeTaskDefinition(document.getText(), document.offsetAt(position), {
      region: this.services.contexts.current()?.region,
      regions: new Map(Object.entries(REGIONS)),
    });
    if ((triggerCharacter === '/' || triggerCharacter === '@') && !local.remote) {
      return undefined;
    }
    const values = local.remote && (await this.valuesOfContext());
    const { items, complete } = values
      ? await completeFromAws(local, values)
      : { items: local.items, complete: true };
    if (values && !complete && !token.isCancellationRequested) {
      void this.suggestOnceLoaded(document, position, values, async () => {
        return (await completeFromAws(local, values)).items.length > items.length;
      });
    }
    return new vscode.CompletionList(
      items.map((item, index) => toCompletionItem(document, item, index)),
      !complete,
    );
  }

  /** Of the context that is open now, made when first something of AWS is wanted. */
  private async valuesOfContext(): Promise<AwsValues | undefined> {
    const { AwsValues } = await import('./awsValues');
    const context = this.services.contexts.current();
    if (context && !this.current) {
      const { sessions, log } = this.services;
      const onFailure = (list: string, error: unknown): void =>
        log.debug(`Completion without the ${list} of ${context.label}: ${messageOf(error)}`);
      this.current = { key: contextKey(context), values: new AwsValues(sessions.get(context), onFailure) };
    }
    return this.current?.values;
  }

  /** Nothing that was read under one context is offered under another. */
  private forgetOtherContexts(): void {
    const context = this.services.contexts.current();
    if (this.current && (!context || contextKey(context) !== this.current.key)) {
      this.current.values.dispose();
      this.current = undefined;
    }
  }

  /** Lists what came too late for the keystroke, unless something was done in the meantime. */
  private async suggestOnceLoaded(
    document: vscode.TextDocument,
    position: vscode.Position,
    values: AwsValues,
    isMore: () => Promise<boolean>,
  ): Promise<void> {
    const { version } = document;
    const request = this.requests;
    await values.loaded();
    const editor = vscode.window.activeTextEditor;
    const isSame =
      editor?.document === document &&
      document.version === version &&
      editor.selection.active.isEqual(position) &&
      request === this.requests;
    if (isSame && (await isMore())) {
      // A list that is open, with words of the file perhaps, is not made anew.
      await vscode.commands.executeCommand('hideSuggestWidget');
      await vscode.commands.executeCommand('editor.action.triggerSuggest');
    }
  }
}
