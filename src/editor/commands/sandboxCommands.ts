import * as vscode from 'vscode';
import { UserError } from '../../base/errors';
import { isSandbox, SANDBOX_REGION, sandboxContext } from '../contexts/contextStore';
import type { SandboxConnection } from '../sandboxController';
import type { Services } from '../services';
import { confirm } from '../ui/prompts';
import { withProgress } from '../ui/progress';
import { readArguments } from './commandArguments';

/** Starts the sandbox, or finds the one that runs, and shows it. Resolves to `{endpoint, engine}`. */
export async function startSandbox(services: Services): Promise<SandboxConnection> {
  const connection = await withProgress(vscode.l10n.t('Starting the local sandbox'), (_report, signal) =>
    services.sandbox.start(signal),
  );
  // One that ran before, at another port, is not to be reached any more.
  for (const context of services.contexts.all().filter(isSandbox)) {
    if (context.endpoint !== connection.endpoint) {
      await services.contexts.close(context);
    }
  }
  await services.contexts.add(sandboxContext(connection.endpoint, SANDBOX_REGION));
  if (connection.engine === 'none') {
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'The sandbox found no container engine: its tasks are simulated, and say so. Start Docker, Podman, Finch or nerdctl and start the sandbox anew to run real containers.',
      ),
    );
  }
  return connection;
}

/** Ends the sandbox and its containers, and closes its context. What it holds is there at the next start. */
export async function stopSandbox(services: Services): Promise<boolean> {
  const stopped = await withProgress(vscode.l10n.t('Stopping the local sandbox and its containers'), () =>
    services.sandbox.stop(),
  );
  for (const context of services.contexts.all().filter(isSandbox)) {
    await services.contexts.close(context);
  }
  return stopped;
}

/** Deletes everything in the sandbox, asking first. Accepts `{confirm: true}`. */
export async function resetSandbox(services: Services, argument?: unknown): Promise<void> {
  if (!(await services.sandbox.find())) {
    throw new UserError('sandboxFailed', vscode.l10n.t('The local sandbox is not running.'), {
      action: 'startSandbox',
    });
  }
  if (readArguments<{ confirm: boolean }>(argument).confirm !== true) {
    await confirm(
      vscode.l10n.t('Reset the local sandbox?'),
      vscode.l10n.t('Reset'),
      vscode.l10n.t(
        'Its repositories, images, clusters, task definitions and logs are deleted, and its containers stopped. Nothing outside the sandbox is touched.',
      ),
    );
  }
  for (const context of services.contexts.all().filter(isSandbox)) {
    await services.keeper.approve(context, context.label);
  }
  await withProgress(vscode.l10n.t('Resetting the local sandbox'), () => services.sandbox.reset());
  await services.trees.refresh();
}
