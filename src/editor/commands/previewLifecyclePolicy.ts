import * as vscode from 'vscode';
import { resourceName } from '../../aws/arn';
import type { AwsContext } from '../../aws/context';
import { UserError } from '../../base/errors';
import { readPolicy } from '../../ecr/policyText';
import { previewLifecycle } from '../../ecr/previewLifecycle';
import { writePreviewReport } from '../../ecr/previewReport';
import { placeOf } from '../files/livePlace';
import type { Services } from '../services';
import { withProgress } from '../ui/progress';
import { activePolicy, chooseRepository, type RepositoryAnswers } from './chooseRepository';
import { readArguments } from './commandArguments';

export interface PreviewAnswers extends RepositoryAnswers {
  /** Text of the policy to preview; else that of the open file, else the repository's own. */
  readonly policy?: string;
}

export interface LifecyclePreview {
  readonly repository: string;
  /** Of the document that shows it. */
  readonly uri: string;
  /** What would happen, the oldest image first. */
  readonly images: readonly {
    readonly digest: string;
    readonly tags: readonly string[];
    readonly action: 'expire' | 'archive';
    readonly rule: number | undefined;
  }[];
}

/**
 * "Preview Lifecycle Policy": what the policy in the editor, saved or not, or the repository's own, would delete. Accepts
 * `PreviewAnswers`; resolves to a `LifecyclePreview`.
 */
export async function previewLifecyclePolicy(
  services: Services,
  argument?: unknown,
): Promise<LifecyclePreview> {
  const title = vscode.l10n.t('Preview Lifecycle Policy');
  const { context, repository } = await chooseRepository(
    services,
    argument ?? activePolicy('lifecycle'),
    title,
  );
  const { ecr } = services.sessions.get(context);
  const { text, saved } = await choosePolicy(services, context, repository, argument);
  readPolicy(text, `${repository}.lifecycle-policy.json`);
  const images = await withProgress(
    vscode.l10n.t('Previewing the lifecycle policy of {0}', repository),
    (_report, signal) => previewLifecycle(ecr, repository, text, { signal }),
  );
  const place = `${context.label} · ${context.region}`;
  const report = writePreviewReport({ repository, place, policy: text, saved }, images, new Date());
  const uri = await services.reports.show(
    `${placeOf(context)}/${repository}/${vscode.l10n.t('Lifecycle of {0}', resourceName(repository))}`,
    report,
  );
  return {
    repository,
    uri: uri.toString(),
    images: images.map(({ digest, tags, action, rulePriority }) => ({
      digest,
      tags,
      action,
      rule: rulePriority,
    })),
  };
}

interface ChosenPolicy {
  readonly text: string;
  /** Whether it is the one in force. */
  readonly saved: boolean;
}

async function choosePolicy(
  services: Services,
  context: AwsContext,
  repository: string,
  argument: unknown,
): Promise<ChosenPolicy> {
  const { policy } = readArguments<PreviewAnswers>(argument);
  if (policy !== undefined) {
    return { text: policy, saved: false };
  }
  const document = services.policies.shown(context, repository, 'lifecycle');
  if (document?.isDirty) {
    return { text: document.getText(), saved: false };
  }
  const text = await services.sessions.get(context).ecr.lifecyclePolicy(repository);
  if (text === undefined) {
    throw new UserError(
      'notFound',
      vscode.l10n.t(
        'There is no lifecycle policy to preview. Edit Lifecycle Policy begins one: {0}',
        repository,
      ),
    );
  }
  return { text, saved: true };
}
