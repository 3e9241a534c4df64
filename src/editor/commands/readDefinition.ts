import * as vscode from 'vscode';
import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { messageOf, UserError } from '../../base/errors';
import { readTaskDefinition } from '../../taskdef/readTaskDefinition';
import { REVISION_SCHEME } from '../revisions/revisionUri';
import { absolute } from './pushWizard';

/**
 * The task definition file that a command works on: the one that it was called on, else the one that its answers
 * name, else the one in the active editor.
 * @param path absolute, or of the first workspace folder
 * @param missing what to say when there is none
 * @throws UserError('invalidInput')
 */
export function chooseDefinitionFile(
  argument: unknown,
  path: string | undefined,
  missing: string,
): vscode.Uri {
  if (argument instanceof vscode.Uri) {
    return argument;
  }
  const file =
    path === undefined ? vscode.window.activeTextEditor?.document.uri : vscode.Uri.file(absolute(path));
  if (!file) {
    throw new UserError('invalidInput', missing);
  }
  return file;
}

/**
 * Reads a task definition as it stands in the editor, saved or not, else as it is on disk.
 * @throws UserError('invalidInput') when it cannot be read, or is none: with line and column
 */
export async function readDefinition(file: vscode.Uri): Promise<RegisterTaskDefinitionCommandInput> {
  return readTaskDefinition(await readText(file), nameOf(file));
}

/** What a message calls a file: a path that a click opens, where there is one. */
export function nameOf(file: vscode.Uri): string {
  return file.scheme === REVISION_SCHEME ? file.path.slice(file.path.lastIndexOf('/') + 1) : file.fsPath;
}

/** The document of a file, if it is open. */
export function openDocument(file: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === file.toString());
}

async function readText(file: vscode.Uri): Promise<string> {
  const open = openDocument(file);
  try {
    return open?.getText() ?? Buffer.from(await vscode.workspace.fs.readFile(file)).toString('utf8');
  } catch (error) {
    throw new UserError(
      'invalidInput',
      vscode.l10n.t('The task definition file cannot be read: {0}', messageOf(error)),
      { cause: error },
    );
  }
}
