import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import type { WithContext } from '../contexts/contextOfAnswers';
import { parsePolicyUri, type PolicyKind } from '../policies/policyUri';
import type { Services } from '../services';
import { readArguments } from './commandArguments';
import { readOrPickNode } from './pickNode';
import { readContext } from './readContext';

export interface RepositoryAnswers extends WithContext {
  readonly repository?: string;
}

export interface ChosenRepository {
  readonly context: AwsContext;
  readonly repository: string;
}

/**
 * The repository that a command was called on: itself, that of a policy's file, or what its answers name, else one that
 * the user picks.
 */
export async function chooseRepository(
  services: Services,
  argument: unknown,
  title: string,
): Promise<ChosenRepository> {
  const { repository } = readArguments<RepositoryAnswers>(argument);
  if (repository !== undefined) {
    return { context: await readContext(services, argument), repository };
  }
  const file = argument instanceof vscode.Uri ? parsePolicyUri(argument) : undefined;
  if (file) {
    return { context: await readContext(services, argument), repository: file.repository };
  }
  const { context, name } = await readOrPickNode(services, argument, 'repository', title);
  return { context, repository: name };
}

/** What a command without an argument is about: the policy of this kind in the editor that is in use. */
export function activePolicy(kind: PolicyKind): vscode.Uri | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri && parsePolicyUri(uri)?.kind === kind ? uri : undefined;
}
