import * as vscode from 'vscode';
import type { SessionPool } from '../../aws/session';
import type { ContextStore } from './contextStore';

/** The status bar item `profile · region`; the account id is in its tooltip once STS has told it. */
export function createContextStatusItem(contexts: ContextStore, sessions: SessionPool): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('awsContainers.context', vscode.StatusBarAlignment.Left, 50);
  item.name = vscode.l10n.t('AWS profile and region');
  item.command = 'awsContainers.context.select';
  const update = (): void => {
    const context = contexts.current();
    if (!context) {
      item.text = `$(cloud) ${vscode.l10n.t('AWS: no profile')}`;
      item.tooltip = vscode.l10n.t('Select an AWS profile and region, or start the local sandbox');
      item.show();
      return;
    }
    item.text = `$(cloud) ${context.label} · ${context.region}`;
    const tooltip = [`${context.label} · ${context.region}`, ...(context.endpoint ? [context.endpoint] : [])];
    item.tooltip = tooltip.join('\n');
    item.show();
    void sessions
      .get(context)
      .identity()
      .then(
        ({ accountId, arn }) => vscode.l10n.t('Account {0}', accountId) + `\n${arn}`,
        (error: Error) => error.message,
      )
      .then((line) => {
        if (contexts.current() === context) {
          item.tooltip = [...tooltip, line].join('\n');
        }
      });
  };
  const subscription = contexts.onDidChange(update);
  update();
  return vscode.Disposable.from(item, subscription);
}
