import * as vscode from 'vscode';
import { contextKey, type AwsContext } from '../../aws/context';
import type { AwsSession, SessionPool } from '../../aws/session';
import type { ContextStore } from './contextStore';

/**
 * The status bar item `profile · region`, which says so when somebody has to sign in. Its tooltip has the account id
 * once something else has used the context: a window in which nobody looks at AWS loads no SDK and calls nothing.
 */
export function createContextStatusItem(contexts: ContextStore, sessions: SessionPool): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('awsContainers.context', vscode.StatusBarAlignment.Left, 50);
  item.name = vscode.l10n.t('AWS profile and region');
  const addAccount = async (session: AwsSession): Promise<void> => {
    const context = contexts.current();
    if (!context || contextKey(context) !== contextKey(session.context)) {
      return;
    }
    const account = await session.identity().then(
      ({ accountId, arn }) => `${vscode.l10n.t('Account {0}', accountId)}\n${arn}`,
      (error: Error) => error.message,
    );
    if (contexts.current() === context && !sessions.needsSignIn(context)) {
      item.tooltip = `${describe(context)}\n${account}`;
    }
  };
  const update = (): void => {
    const context = contexts.current();
    item.command = 'awsContainers.context.select';
    item.color = undefined;
    item.show();
    if (!context) {
      item.text = `$(cloud) ${vscode.l10n.t('AWS: no profile')}`;
      item.tooltip = vscode.l10n.t('Select an AWS profile and region, or start the local sandbox');
      return;
    }
    const place = `${context.label} · ${context.region}`;
    if (sessions.needsSignIn(context)) {
      item.text = `$(sign-in) ${vscode.l10n.t('{0}: sign in', place)}`;
      item.tooltip = vscode.l10n.t(
        'Somebody has to sign in before {0} can be used. Click to sign in.',
        place,
      );
      item.command = {
        title: vscode.l10n.t('Sign In'),
        command: 'awsContainers.context.signIn',
        arguments: [{ context }],
      };
      return;
    }
    item.text = `$(${iconOf(context)}) ${place}`;
    item.color = context.colour && new vscode.ThemeColor(`charts.${context.colour}`);
    item.tooltip = describe(context);
    const session = sessions.opened(context);
    if (session) {
      void addAccount(session);
    }
  };
  const subscriptions = [
    contexts.onDidChange(update),
    sessions.onDidChangeSignIn(update),
    sessions.onDidOpen((session) => void addAccount(session)),
  ];
  update();
  return vscode.Disposable.from(item, ...subscriptions);
}

function iconOf({ guard }: AwsContext): string {
  switch (guard) {
    case 'readOnly':
      return 'lock';
    case 'protected':
      return 'shield';
    case undefined:
      return 'cloud';
  }
}

function describe({ label, region, endpoint, guard }: AwsContext): string {
  const held = {
    readOnly: vscode.l10n.t('Read-only: nothing can be changed'),
    protected: vscode.l10n.t('Protected: changes are confirmed by name'),
  };
  return [`${label} · ${region}`, ...(endpoint ? [endpoint] : []), ...(guard ? [held[guard]] : [])].join(
    '\n',
  );
}
