import * as vscode from 'vscode';
import { contextKey, type AwsContext } from '../../aws/context';
import type { AwsSession, SessionPool } from '../../aws/session';
import type { ContextStore } from './contextStore';

/**
 * The status bar item `profile · region`. Its tooltip has the account id once something else has used the context:
 * a window in which nobody looks at AWS loads no SDK and calls nothing.
 */
export function createContextStatusItem(contexts: ContextStore, sessions: SessionPool): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('awsContainers.context', vscode.StatusBarAlignment.Left, 50);
  item.name = vscode.l10n.t('AWS profile and region');
  item.command = 'awsContainers.context.select';
  const addAccount = async (session: AwsSession): Promise<void> => {
    const context = contexts.current();
    if (!context || contextKey(context) !== contextKey(session.context)) {
      return;
    }
    const account = await session.identity().then(
      ({ accountId, arn }) => `${vscode.l10n.t('Account {0}', accountId)}\n${arn}`,
      (error: Error) => error.message,
    );
    if (contexts.current() === context) {
      item.tooltip = `${describe(context)}\n${account}`;
    }
  };
  const update = (): void => {
    const context = contexts.current();
    if (!context) {
      item.text = `$(cloud) ${vscode.l10n.t('AWS: no profile')}`;
      item.tooltip = vscode.l10n.t('Select an AWS profile and region, or start the local sandbox');
      item.show();
      return;
    }
    item.text = `$(cloud) ${context.label} · ${context.region}`;
    item.tooltip = describe(context);
    item.show();
    const session = sessions.opened(context);
    if (session) {
      void addAccount(session);
    }
  };
  const subscriptions = [
    contexts.onDidChange(update),
    sessions.onDidOpen((session) => void addAccount(session)),
  ];
  update();
  return vscode.Disposable.from(item, ...subscriptions);
}

function describe({ label, region, endpoint }: AwsContext): string {
  return [`${label} · ${region}`, ...(endpoint ? [endpoint] : [])].join('\n');
}
