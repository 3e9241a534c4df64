import * as vscode from 'vscode';
import type { EcrGateway } from '../../aws/ecrGateway';
import { describeLifecycleChanges, STARTER_LIFECYCLE_POLICY } from '../../ecr/lifecyclePolicy';
import type { PolicyDocument } from '../../ecr/policyText';
import { describePolicyChanges, starterRepositoryPolicy } from '../../ecr/repositoryPolicy';
import type { PolicyKind } from './policyUri';

/** What can be done with the policies of one kind, and how they are spoken of. */
interface PolicyOperations {
  /** @returns `undefined` when the repository has none */
  read(ecr: EcrGateway, repository: string): Promise<string | undefined>;
  save(ecr: EcrGateway, repository: string, text: string): Promise<void>;
  /** @returns false when there was none */
  remove(ecr: EcrGateway, repository: string): Promise<boolean>;
  /** What is offered where there is none. */
  starter(ecr: EcrGateway, repository: string): Promise<string>;
  /** Sentences. */
  describeChanges(before: PolicyDocument | undefined, after: PolicyDocument): readonly string[];
  /** "the lifecycle policy of web" */
  name(repository: string): string;
  /** What there is to know before it is saved. */
  readonly note: string;
  /** What there is to know before it is taken away. */
  readonly removalNote: string;
}

export const POLICIES: Readonly<Record<PolicyKind, PolicyOperations>> = {
  lifecycle: {
    read: (ecr, repository) => ecr.lifecyclePolicy(repository),
    save: (ecr, repository, text) => ecr.putLifecyclePolicy(repository, text),
    remove: (ecr, repository) => ecr.deleteLifecyclePolicy(repository),
    starter: () => Promise.resolve(STARTER_LIFECYCLE_POLICY),
    describeChanges: describeLifecycleChanges,
    name: (repository) => vscode.l10n.t('the lifecycle policy of {0}', repository),
    note: vscode.l10n.t('ECR deletes what meets a rule within 24 hours. Preview Lifecycle Policy says what.'),
    removalNote: vscode.l10n.t('Nothing expires any more.'),
  },
  repository: {
    read: (ecr, repository) => ecr.repositoryPolicy(repository),
    save: (ecr, repository, text) => ecr.setRepositoryPolicy(repository, text),
    remove: (ecr, repository) => ecr.deleteRepositoryPolicy(repository),
    starter: async (ecr, repository) => starterRepositoryPolicy(await ecr.repository(repository)),
    describeChanges: describePolicyChanges,
    name: (repository) => vscode.l10n.t('the policy of the repository {0}', repository),
    note: vscode.l10n.t('It decides who may pull, push and change, beside the policies of IAM.'),
    removalNote: vscode.l10n.t('Other accounts may not use it any more.'),
  },
};
