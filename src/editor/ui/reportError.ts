import * as vscode from 'vscode';
import { isCancellation, messageOf, UserError, type ErrorAction } from '../../base/errors';

/** Commands behind the buttons that an error offers. */
const ACTIONS: Readonly<Record<ErrorAction, { title: string; command: string }>> = {
  openLog: { title: vscode.l10n.t('Show Log'), command: 'awsContainers.log.show' },
  selectContext: {
    title: vscode.l10n.t('Select Profile and Region'),
    command: 'awsContainers.context.select',
  },
  customizeContext: {
    title: vscode.l10n.t('Change This'),
    command: 'awsContainers.context.customize',
  },
  signIn: { title: vscode.l10n.t('Sign In'), command: 'awsContainers.context.signIn' },
  openAwsConfig: {
    title: vscode.l10n.t('Open AWS Config File'),
    command: 'awsContainers.context.openConfig',
  },
  startSandbox: { title: vscode.l10n.t('Start Local Sandbox'), command: 'awsContainers.sandbox.start' },
  selectEngine: { title: vscode.l10n.t('Engine Settings'), command: 'awsContainers.engine.configure' },
  createRepository: { title: vscode.l10n.t('Create Repository'), command: 'awsContainers.repository.create' },
  chooseTag: { title: vscode.l10n.t('Push with Another Tag'), command: 'awsContainers.image.push' },
  retry: { title: vscode.l10n.t('Retry'), command: '' },
};

/** The command behind the way out that an error offers; retrying is up to what failed. */
export function actionCommand(action: Exclude<ErrorAction, 'retry'>): string {
  return ACTIONS[action].command;
}

/**
 * The one place that shows an error. A cancelled command ends without a word.
 * @param retry runs the command again, with the same arguments
 */
export function reportError(error: unknown, log: vscode.LogOutputChannel, retry: () => void): void {
  if (isCancellation(error)) {
    return;
  }
  const known = error instanceof UserError;
  log.error(known ? describe(error) : error instanceof Error ? error : messageOf(error));
  const text = known
    ? error.message
    : vscode.l10n.t('Something went wrong inside AWS Containers: {0}', messageOf(error));
  const action: ErrorAction = (known ? error.action : undefined) ?? 'openLog';
  const { title, command } = ACTIONS[action];
  void vscode.window.showErrorMessage(text, title).then((pressed) => {
    if (pressed === title) {
      return action === 'retry' ? retry() : vscode.commands.executeCommand(command);
    }
    return undefined;
  });
}

function describe(error: UserError): string {
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
    causes.push(`${cause.name}: ${cause.message}`);
  }
  return [`[${error.reason}] ${error.message}`, ...causes].join('\n  caused by ');
}
