import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import { UserError } from '../../base/errors';
import { parseImageReference } from '../../image/imageReference';
import { readContainerImage, useImage } from '../../taskdef/useImage';
import { requireTrust } from '../engineProvider';
import { rangeOf } from '../language/rangeOf';
import type { Services } from '../services';
import { pick, type Choice } from '../ui/prompts';
import { readArguments } from './commandArguments';
import { buildAndPush } from './pushImage';
import { absolute, askForPush, type PushAnswers } from './pushWizard';
import { readContext } from './readContext';
import { chooseDefinitionFile, nameOf } from './readDefinition';

export interface PushAndUseAnswers extends PushAnswers {
  /** Path of the task definition file. */
  readonly file: string;
  /** Name of the container that gets the image. */
  readonly container: string;
}

export interface PushAndUseResult {
  readonly uri: string;
  readonly digest: string;
  /** Path of the task definition file. */
  readonly file: string;
  readonly container: string;
}

/**
 * "Push and use...": builds a Dockerfile, pushes the image, and writes its URI into a container of a task definition
 * file. The file is saved where it was before. On a file and the name of a container, or from the palette with the
 * file open; accepts `PushAndUseAnswers`. Resolves to a `PushAndUseResult`.
 */
export async function pushAndUse(
  services: Services,
  argument?: unknown,
  containerName?: unknown,
): Promise<PushAndUseResult> {
  requireTrust(vscode.l10n.t('build and push an image'));
  const answers = readArguments<PushAndUseAnswers>(argument);
  const file = chooseDefinitionFile(
    argument,
    answers.file,
    vscode.l10n.t('Open the task definition file that the image is to be written into.'),
  );
  const document = await openDefinition(file);
  const given = answers.container ?? (typeof containerName === 'string' ? containerName : undefined);
  const container = given ?? (await pickContainer(document));
  const found = readContainerImage(document.getText(), container);
  if (!found) {
    throw noContainer(file, container);
  }
  const context = await readContext(services, argument);
  const memoryKey = `pushAndUse:${file.toString()}:${container}`;
  const remembered = services.memory.get<string>(memoryKey);
  const repository = answers.repository ?? (await repositoryOf(services, context, found.image));
  const push = await askForPush(
    services,
    {
      context,
      near: file.fsPath,
      ...(remembered === undefined ? {} : { dockerfile: remembered }),
      ...(repository === undefined ? {} : { repository }),
    },
    { ...answers, ...(found.platform === undefined ? {} : { platform: answers.platform ?? found.platform }) },
  );
  const { uri, digest } = await buildAndPush(services, context, push);
  await services.memory.update(memoryKey, absolute(push.dockerfile));
  await writeImage(document, container, uri);
  void offerDeploy(file, container, uri);
  return { uri, digest, file: nameOf(file), container };
}

async function openDefinition(file: vscode.Uri): Promise<vscode.TextDocument> {
  try {
    return await vscode.workspace.openTextDocument(file);
  } catch (error) {
    throw new UserError(
      'invalidInput',
      vscode.l10n.t('The task definition file cannot be read: {0}', nameOf(file)),
      { cause: error },
    );
  }
}

async function pickContainer(document: vscode.TextDocument): Promise<string> {
  const { findLensAnchors } = await import('../../taskdef/lensAnchors');
  const names = findLensAnchors(document.getText()).images.map(({ container }) => container);
  const [only, ...others] = names;
  if (only === undefined) {
    throw new UserError(
      'invalidInput',
      vscode.l10n.t('There is no container with an image in: {0}', nameOf(document.uri)),
    );
  }
  const choices = names.map((name): Choice<string> => ({
    label: name,
    iconPath: new vscode.ThemeIcon('symbol-method'),
    value: name,
  }));
  const title = vscode.l10n.t('Push and Use: Which Container Gets the Image?');
  return others.length === 0 ? only : pick(choices, { title });
}

function noContainer(file: vscode.Uri, container: string): UserError {
  return new UserError(
    'invalidInput',
    vscode.l10n.t('There is no container {0} in the task definition file: {1}', container, nameOf(file)),
  );
}

/** The repository of the image that a container has now, where it is one of this context. */
async function repositoryOf(
  services: Services,
  context: AwsContext,
  image: string | undefined,
): Promise<string | undefined> {
  const reference = parseImageReference(image ?? '');
  if (reference?.registry === undefined) {
    return undefined;
  }
  const { registry, repository } = reference;
  const found = await services.sessions
    .get(context)
    .ecr.repository(repository)
    .catch(() => undefined);
  return found?.repositoryUri === `${registry}/${repository}` ? repository : undefined;
}

/** Building took its time: the text is read anew, and may have been changed or closed since. */
async function writeImage(before: vscode.TextDocument, container: string, uri: string): Promise<void> {
  const document = await openDefinition(before.uri);
  const edits = useImage(document.getText(), container, uri);
  if (!edits) {
    throw new UserError(
      'invalidInput',
      vscode.l10n.t(
        'The image was pushed, but nothing was written: there is no container {0} any more in {1}. The image is {2}',
        container,
        nameOf(before.uri),
        uri,
      ),
    );
  }
  const wasClean = !document.isDirty;
  const change = new vscode.WorkspaceEdit();
  for (const edit of edits) {
    change.replace(document.uri, rangeOf(document, edit), edit.content);
  }
  const written = await vscode.workspace.applyEdit(change);
  if (!written || (wasClean && !(await document.save()))) {
    throw new UserError(
      'internal',
      vscode.l10n.t(
        'The image was pushed, but could not be written into {0}. It is {1}',
        nameOf(before.uri),
        uri,
      ),
    );
  }
}

async function offerDeploy(file: vscode.Uri, container: string, uri: string): Promise<void> {
  const deploy = vscode.l10n.t('Deploy...');
  const text = vscode.l10n.t(
    'Pushed {0}, and written into container {1} of {2}',
    uri,
    container,
    vscode.workspace.asRelativePath(file),
  );
  if ((await vscode.window.showInformationMessage(text, deploy)) === deploy) {
    await vscode.commands.executeCommand('awsContainers.service.deploy', file);
  }
}
