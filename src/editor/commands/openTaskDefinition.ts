import * as vscode from 'vscode';
import type { Services } from '../services';
import { chooseRevision } from './chooseRevision';

/**
 * "Open Task Definition": a revision as a file, on a revision, on a service or task for what it runs, or from the
 * palette; accepts `RevisionAnswers`. Resolves to `{uri}`, of the scheme `ecs`.
 */
export async function openTaskDefinition(services: Services, argument?: unknown): Promise<{ uri: string }> {
  const { context, id } = await chooseRevision(services, argument, vscode.l10n.t('Open Task Definition'));
  const uri = await services.revisions.open(context, id);
  return { uri: uri.toString() };
}
