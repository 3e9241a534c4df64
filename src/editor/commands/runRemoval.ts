import * as vscode from 'vscode';
import { resourceName } from '../../aws/arn';
import type { AwsContext } from '../../aws/context';
import { isCancellation, UserError } from '../../base/errors';
import { removeRevisions, type RemovalPlan } from '../../deploy/removeRevisions';
import { familyOf } from '../../deploy/revisionUse';
import type { Services } from '../services';
import { reportError } from '../ui/reportError';
import { withProgress } from '../ui/progress';

/** What became of revisions, each as `family:revision`. */
export interface RemovalResult {
  readonly deregistered: readonly string[];
  /** For good; those in use by something started meanwhile go as soon as that has ended. */
  readonly deleted: readonly string[];
  /** Left as they were. */
  readonly inUse: readonly string[];
  readonly failures: readonly { readonly taskDefinition: string; readonly reason: string }[];
}

/**
 * Carries a removal out under a notification whose button ends it after the call that is under way; lists what
 * failed. Ending it is no error: what was done until then is done.
 *
 * @throws the error of the one revision that there was to remove
 */
export async function runRemoval(
  services: Services,
  context: AwsContext,
  plan: RemovalPlan,
): Promise<RemovalResult> {
  const deregistered: string[] = [];
  const deleted: string[] = [];
  const failed: { name: string; error: UserError }[] = [];
  const steps = plan.deregister.length + plan.delete.length;
  if (steps === 0) {
    return { deregistered, deleted, inUse: plan.inUse.map(resourceName), failures: [] };
  }
  const [family = ''] = [...plan.deregister, ...plan.delete].map(familyOf);
  await services.keeper.approve(context, family);
  const title = vscode.l10n.t('Removing revisions');
  try {
    await withProgress(title, async (report, signal) => {
      const { ecs } = services.sessions.get(context);
      for await (const event of removeRevisions(ecs, plan, signal)) {
        switch (event.kind) {
          case 'deregistered':
            deregistered.push(event.name);
            break;
          case 'deleted':
            deleted.push(event.name);
            break;
          case 'failed':
            failed.push(event);
            break;
        }
        report(`${deregistered.length + deleted.length + failed.length}/${steps} · ${event.name}`);
      }
    });
  } catch (error) {
    if (!isCancellation(error)) {
      throw error;
    }
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Ended. {0} were deregistered, {1} deleted.', deregistered.length, deleted.length),
    );
  } finally {
    services.trees.refreshListing('taskDefinitions', context);
    const families = new Set([...plan.deregister, ...plan.delete].map(familyOf));
    void services.trees.refreshMatching(
      context,
      (node) => node.kind === 'family' && families.has(node.family),
    );
  }
  const [first] = failed;
  if (first) {
    if (steps === 1) {
      throw first.error;
    }
    reportError(failureReport(deregistered.length, deleted.length, failed), services.log, () => undefined);
  }
  return {
    deregistered,
    deleted,
    inUse: plan.inUse.map(resourceName),
    failures: failed.map(({ name, error }) => ({ taskDefinition: name, reason: error.message })),
  };
}

function failureReport(
  deregistered: number,
  deleted: number,
  failed: readonly { readonly name: string; readonly error: UserError }[],
): UserError {
  const each = failed.map(({ name, error }) => `${name}: ${error.message}`);
  return new UserError(
    failed[0]?.error.reason ?? 'requestRefused',
    vscode.l10n.t(
      'Deregistered {0}, deleted {1}, could not remove {2}. {3}',
      deregistered,
      deleted,
      failed.length,
      each.join(' · '),
    ),
    { action: 'openLog' },
  );
}
