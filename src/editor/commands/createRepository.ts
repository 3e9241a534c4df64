import * as vscode from 'vscode';
import { UserError } from '../../base/errors';
import { isEcrRepositoryName } from '../../image/repositoryName';
import type { WithContext } from '../contexts/contextOfAnswers';
import type { Services } from '../services';
import { input, pick } from '../ui/prompts';
import { readArguments } from './commandArguments';
import { readContext } from './readContext';

export interface CreateRepositoryAnswers extends WithContext {
  readonly name?: string;
  /** Asked for together with the name; MUTABLE when the name is given alone. */
  readonly tagMutability?: 'MUTABLE' | 'IMMUTABLE';
  readonly scanOnPush?: boolean;
}

export interface CreatedRepository {
  readonly name: string;
  readonly uri: string;
  readonly arn: string;
}

/** "Create Repository...": accepts `CreateRepositoryAnswers`; resolves to what was created. */
export async function createRepository(services: Services, argument?: unknown): Promise<CreatedRepository> {
  const answers = readArguments<CreateRepositoryAnswers>(argument);
  const context = await readContext(services, argument);
  const name = answers.name ?? (await askName());
  const problem = repositoryNameProblem(name);
  if (problem !== undefined) {
    throw new UserError('invalidInput', `${problem} ${name}`);
  }
  const imageTagMutability =
    answers.tagMutability ?? (answers.name === undefined ? await askMutability() : 'MUTABLE');
  const repository = await services.sessions.get(context).ecr.createRepository({
    repositoryName: name,
    imageTagMutability,
    imageScanningConfiguration: { scanOnPush: answers.scanOnPush ?? false },
  });
  services.trees.refreshListing('registry', context);
  return { name, uri: repository.repositoryUri ?? name, arn: repository.repositoryArn ?? '' };
}

function askName(): Promise<string> {
  return input({
    title: vscode.l10n.t('Create Repository'),
    prompt: vscode.l10n.t('Name of the repository, such as team/web'),
    validate: repositoryNameProblem,
  });
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html repositoryName */
function repositoryNameProblem(name: string): string | undefined {
  if (name.length < 2 || name.length > 256) {
    return vscode.l10n.t('A repository name has 2 to 256 characters.');
  }
  return isEcrRepositoryName(name)
    ? undefined
    : vscode.l10n.t(
        'A repository name has lower-case letters and digits, with single . _ - between them, in parts separated by /.',
      );
}

function askMutability(): Promise<'MUTABLE' | 'IMMUTABLE'> {
  return pick(
    [
      {
        label: vscode.l10n.t('Tags can be moved'),
        detail: vscode.l10n.t('A push with a tag that exists takes the tag over.'),
        value: 'MUTABLE' as const,
      },
      {
        label: vscode.l10n.t('Tags are immutable'),
        detail: vscode.l10n.t('A push with a tag that exists is refused.'),
        value: 'IMMUTABLE' as const,
      },
    ],
    { title: vscode.l10n.t('Create Repository') },
  );
}
