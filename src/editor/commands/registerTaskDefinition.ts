import * as vscode from 'vscode';
import { resourceName } from '../../aws/arn';
import { UserError } from '../../base/errors';
import { requireTrust } from '../engineProvider';
import { REVISION_SCHEME } from '../revisions/revisionUri';
import type { WithContext } from '../contexts/contextOfAnswers';
import type { Services } from '../services';
import { confirm } from '../ui/prompts';
import { readArguments } from './commandArguments';
import { readContext } from './readContext';
import { chooseDefinitionFile, readDefinition } from './readDefinition';

export interface RegisterAnswers extends WithContext {
  /** Path of the file. */
  readonly file: string;
  readonly confirm?: boolean;
}

/**
 * "Register...": makes a task definition file the next revision of its family. Called on a file or from the
 * palette with the file open; accepts `RegisterAnswers`. Resolves to `{taskDefinitionArn}`.
 */
export async function registerTaskDefinition(
  services: Services,
  argument?: unknown,
): Promise<{ taskDefinitionArn: string }> {
  requireTrust(vscode.l10n.t('register a task definition'));
  const answers = readArguments<RegisterAnswers>(argument);
  const file = chooseDefinitionFile(
    argument,
    answers.file,
    vscode.l10n.t('Open the task definition file that is to be registered.'),
  );
  if (file.scheme === REVISION_SCHEME) {
    throw new UserError(
      'invalidInput',
      vscode.l10n.t('This revision is registered. Edit and save it to register the next one.'),
    );
  }
  const context = await readContext(services, argument);
  const definition = await readDefinition(file);
  if (answers.confirm === undefined) {
    await confirm(
      vscode.l10n.t('Register the next revision of {0}?', definition.family ?? ''),
      vscode.l10n.t('Register'),
      vscode.l10n.t(
        '{0} · {1}. Services go on running what they run until it is deployed to them.',
        context.label,
        context.region,
      ),
    );
  }
  const registered = await services.sessions.get(context).ecs.registerTaskDefinition(definition);
  const taskDefinitionArn = registered.taskDefinitionArn ?? '';
  void services.trees.refreshView('taskDefinitions');
  const deploy = vscode.l10n.t('Deploy...');
  void vscode.window
    .showInformationMessage(vscode.l10n.t('Registered {0}', resourceName(taskDefinitionArn)), deploy)
    .then((pressed) =>
      pressed === deploy
        ? vscode.commands.executeCommand('awsContainers.service.deploy', {
            taskDefinition: taskDefinitionArn,
            context,
          })
        : undefined,
    );
  return { taskDefinitionArn };
}
