import * as vscode from 'vscode';
import { POLICIES } from '../policies/policyKinds';
import type { PolicyKind } from '../policies/policyUri';
import type { Services } from '../services';
import { confirm } from '../ui/prompts';
import { activePolicy, chooseRepository, type RepositoryAnswers } from './chooseRepository';
import { readArguments } from './commandArguments';

const TITLES: Readonly<Record<PolicyKind, { readonly edit: string; readonly remove: string }>> = {
  lifecycle: {
    edit: vscode.l10n.t('Edit Lifecycle Policy'),
    remove: vscode.l10n.t('Delete Lifecycle Policy'),
  },
  repository: {
    edit: vscode.l10n.t('Edit Repository Policy'),
    remove: vscode.l10n.t('Delete Repository Policy'),
  },
};

/** "Edit Lifecycle Policy", "Edit Repository Policy": accepts `RepositoryAnswers`; resolves to `{uri}`, of the scheme `ecr`. */
export async function editPolicy(
  kind: PolicyKind,
  services: Services,
  argument?: unknown,
): Promise<{ uri: string }> {
  const { context, repository } = await chooseRepository(services, argument, TITLES[kind].edit);
  const uri = await services.policies.open(context, repository, kind);
  return { uri: uri.toString() };
}

export interface DeletePolicyAnswers extends RepositoryAnswers {
  /** True stands for the user's yes. */
  readonly confirm?: boolean;
}

export interface DeletedPolicy {
  readonly repository: string;
  /** False when there was none. */
  readonly deleted: boolean;
}

/** "Delete Lifecycle Policy...", "Delete Repository Policy...": accepts `DeletePolicyAnswers`; resolves to a `DeletedPolicy`. */
export async function deletePolicy(
  kind: PolicyKind,
  services: Services,
  argument?: unknown,
): Promise<DeletedPolicy> {
  const { context, repository } = await chooseRepository(
    services,
    argument ?? activePolicy(kind),
    TITLES[kind].remove,
  );
  const policies = POLICIES[kind];
  const name = policies.name(repository);
  if (readArguments<DeletePolicyAnswers>(argument).confirm !== true) {
    await confirm(
      vscode.l10n.t('Delete {0}?', name),
      vscode.l10n.t('Delete'),
      `${policies.removalNote} (${context.label} · ${context.region})`,
    );
  }
  await services.keeper.approve(context, repository);
  const deleted = await policies.remove(services.sessions.get(context).ecr, repository);
  services.policies.changed(context, repository, kind);
  void vscode.window.showInformationMessage(
    deleted ? vscode.l10n.t('Deleted {0}', name) : vscode.l10n.t('There is none: {0}', name),
  );
  return { repository, deleted };
}
