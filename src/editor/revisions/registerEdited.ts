import * as vscode from 'vscode';
import { resourceName } from '../../aws/arn';
import type { AwsContext } from '../../aws/context';
import { describeChanges } from '../../deploy/describeChanges';
import { normalise, toComparableText } from '../../deploy/registerInput';
import { readTaskDefinition } from '../../taskdef/readTaskDefinition';
import { requireTrust } from '../engineProvider';
import { confirmChanges } from '../ui/confirmChanges';
import type { LiveRevision } from './liveRevision';
import type { RevisionServices } from './revisionServices';

/**
 * Offers to register the edited text of a revision as the next one, beside the difference to what is live.
 *
 * @returns the new ARN, or `undefined` when nothing differs, so that nothing was registered
 * @throws UserError('cancelled') when the user does not want to; UserError('invalidInput') with line and column when
 *   the text is not a task definition; why ECS refuses it
 */
export async function registerEdited(
  { sessions, diffs, trees }: RevisionServices,
  context: AwsContext,
  live: LiveRevision,
  content: Uint8Array,
): Promise<string | undefined> {
  requireTrust(vscode.l10n.t('register a task definition'));
  const name = `${live.name}.task-definition.json`;
  const edited = readTaskDefinition(Buffer.from(content).toString('utf8'), name);
  const family = edited.family ?? live.family;
  const changes = describeChanges(normalise(live.definition), normalise(edited));
  if (changes.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Nothing was registered: nothing differs from {0}.', live.name),
    );
    return undefined;
  }
  const shown = await diffs.show(
    vscode.l10n.t('{0}: is live ↔ to be registered', live.name),
    name,
    toComparableText(live.definition),
    toComparableText(edited),
  );
  try {
    await confirmChanges({
      title: vscode.l10n.t('Register the Next Revision of {0}?', family),
      action: vscode.l10n.t('Register the next revision of {0}', family),
      icon: 'cloud-upload',
      context,
      changes,
    });
  } finally {
    await shown.close();
  }
  const { taskDefinitionArn = '' } = await sessions.get(context).ecs.registerTaskDefinition(edited);
  trees.refreshListing('taskDefinitions', context);
  void trees.refreshMatching(context, (node) => node.kind === 'family' && node.family === family);
  void vscode.window.showInformationMessage(vscode.l10n.t('Registered {0}', resourceName(taskDefinitionArn)));
  return taskDefinitionArn;
}
