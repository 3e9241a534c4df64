import * as vscode from 'vscode';
import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { messageOf, UserError } from '../../base/errors';
import { readTaskDefinition } from '../../taskdef/readTaskDefinition';
import { REVISION_SCHEME } from '../revisions/revisionUri';

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
