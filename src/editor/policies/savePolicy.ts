import * as vscode from 'vscode';
import { resourceName } from '../../aws/arn';
import type { AwsContext } from '../../aws/context';
import { UserError } from '../../base/errors';
import { formatPolicy, readPolicy, samePolicy, type PolicyDocument } from '../../ecr/policyText';
import { requireTrust } from '../engineProvider';
import { confirmChanges } from '../ui/confirmChanges';
import { POLICIES } from './policyKinds';
import type { PolicyServices } from './policyServices';
import type { PolicyPath } from './policyUri';

/**
 * Offers to save the text of a policy, beside the difference to what the repository has now.
 *
 * @returns the text that the repository has from now on
 * @throws UserError('cancelled') when the user does not want to; UserError('invalidInput') with line and column when
 *   the text is no JSON object; why ECR refuses it
 */
export async function savePolicy(
  { sessions, diffs }: Pick<PolicyServices, 'sessions' | 'diffs'>,
  context: AwsContext,
  { repository, kind }: PolicyPath,
  content: Uint8Array,
): Promise<string> {
  requireTrust(vscode.l10n.t('save a policy'));
  const policies = POLICIES[kind];
  const name = policies.name(repository);
  const text = Buffer.from(content)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  if (text.trim() === '') {
    throw new UserError(
      'invalidInput',
      vscode.l10n.t('Nothing was saved: a policy cannot be empty. To take it away, delete {0}.', name),
    );
  }
  const fileName = `${resourceName(repository)}.${kind}-policy.json`;
  const after = readPolicy(text, fileName);
  const { ecr } = sessions.get(context);
  // What is on show may have been read long ago.
  const current = await policies.read(ecr, repository);
  const before = current === undefined ? undefined : readStored(current);
  if (current !== undefined && samePolicy(before, after)) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Nothing was saved: nothing differs from {0}.', name),
    );
    return formatPolicy(current);
  }
  const shown = await diffs.show(
    vscode.l10n.t('{0}: is in force ↔ to be saved', repository),
    fileName,
    current === undefined ? '' : formatPolicy(current),
    text,
  );
  try {
    await confirmChanges({
      title: vscode.l10n.t('Save {0}?', name),
      action: vscode.l10n.t('Save {0}', name),
      icon: 'save',
      context,
      changes: [...policies.describeChanges(before, after), policies.note],
    });
  } finally {
    await shown.close();
  }
  await policies.save(ecr, repository, text);
  void vscode.window.showInformationMessage(vscode.l10n.t('Saved {0}', name));
  return text;
}

/** What ECR has is JSON; should it not be, all of it is replaced. */
function readStored(text: string): PolicyDocument | undefined {
  try {
    return readPolicy(text, '');
  } catch {
    return undefined;
  }
}
