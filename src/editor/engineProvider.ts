import * as vscode from 'vscode';
import { UserError } from '../base/errors';
import type { Engine } from '../containers/engine';
import { settings } from './ui/settings';

/** The container engine of this machine: looked for when first needed, and again when settings change. */
export class EngineProvider implements vscode.Disposable {
  private found: Promise<Engine> | undefined;
  private readonly subscription = vscode.workspace.onDidChangeConfiguration((change) => {
    if (
      change.affectsConfiguration('awsContainers.engine') ||
      change.affectsConfiguration('awsContainers.enginePath')
    ) {
      this.found = undefined;
    }
  });

  /**
   * @throws UserError('untrustedWorkspace') in a workspace that the user does not trust;
   *   UserError('engineMissing' | 'engineNotRunning')
   */
  async get(signal?: AbortSignal): Promise<Engine> {
    requireTrust(vscode.l10n.t('run a container engine'));
    if (!this.found) {
      this.found = detect(signal);
      // An engine that is started later must be found without a restart of the window.
      this.found.catch(() => (this.found = undefined));
    }
    return this.found;
  }

  dispose(): void {
    this.subscription.dispose();
  }
}

async function detect(signal: AbortSignal | undefined): Promise<Engine> {
  const { detectEngine } = await import('../containers/detectEngine');
  const path = settings.enginePath();
  return detectEngine(settings.engine(), { signal, ...(path ? { path } : {}) });
}

/**
 * Refuses what runs programs or changes resources while the workspace is not trusted.
 * @throws UserError('untrustedWorkspace')
 */
export function requireTrust(what: string): void {
  if (!vscode.workspace.isTrusted) {
    throw new UserError(
      'untrustedWorkspace',
      vscode.l10n.t(
        'This workspace is not trusted, so AWS Containers will not {0}. Trust the workspace first (Workspaces: Manage Workspace Trust).',
        what,
      ),
    );
  }
}
