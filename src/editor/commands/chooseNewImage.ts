import * as vscode from 'vscode';
import type { Repository } from '@aws-sdk/client-ecr';
import type { AwsContext } from '../../aws/context';
import { UserError } from '../../base/errors';
import { parseImageReference } from '../../image/imageReference';
import type { Services } from '../services';
import { input, pick, type Choice } from '../ui/prompts';

/** Where a new definition will be registered, as far as that is known. */
export interface Place {
  readonly context?: AwsContext;
  readonly account?: { readonly id: string; readonly partition: string };
}

/**
 * The newest image of the repository that has the name of the family, or ends in it; `undefined` when there is none,
 * or when ECR cannot be asked.
 */
export async function findImage(
  services: Services,
  { context }: Place,
  family: string,
): Promise<string | undefined> {
  if (!context) {
    return undefined;
  }
  const wanted = family.toLowerCase();
  try {
    for await (const page of services.sessions.get(context).ecr.repositories()) {
      const named = page.find(({ repositoryName = '' }) => `/${repositoryName}`.endsWith(`/${wanted}`));
      if (named) {
        return await newestImage(services, context, named);
      }
    }
  } catch (error) {
    tolerate(services, error);
  }
  return undefined;
}

/** A definition can be written without ECR. */
function tolerate({ log }: Services, error: unknown): void {
  if (!(error instanceof UserError)) {
    throw error;
  }
  log.debug('The repositories could not be listed for a new task definition', error);
}

/** Lets the user choose a repository, name an image, or leave that for later. */
export async function chooseNewImage(services: Services, place: Place, family: string): Promise<string> {
  const { context } = place;
  const title = vscode.l10n.t('New Task Definition: Image of {0}', family);
  const LATER = placeholderImage(place, family);
  async function* choices(): AsyncGenerator<Choice<Repository | 'later' | 'typed'>[]> {
    yield [
      {
        label: vscode.l10n.t('Fill In Later'),
        iconPath: new vscode.ThemeIcon('edit'),
        description: LATER,
        value: 'later',
      },
      {
        label: vscode.l10n.t('Type an Image...'),
        iconPath: new vscode.ThemeIcon('keyboard'),
        value: 'typed',
      },
    ];
    if (context) {
      try {
        for await (const page of services.sessions.get(context).ecr.repositories()) {
          yield page.map((repository) => ({
            label: repository.repositoryName ?? '',
            iconPath: new vscode.ThemeIcon('repo'),
            description: repository.repositoryUri,
            value: repository,
          }));
        }
      } catch (error) {
        tolerate(services, error);
      }
    }
  }
  const chosen = await pick(choices(), { title });
  if (chosen === 'later') {
    return LATER;
  }
  return chosen === 'typed' || !context
    ? input({
        title,
        prompt: vscode.l10n.t('As repository:tag or repository@digest'),
        validate: (text) =>
          parseImageReference(text) ? undefined : vscode.l10n.t('This is no name of an image.'),
      })
    : newestImage(services, context, chosen);
}

/** What the image of a family will be called once it is pushed, with placeholders for what is not known. */
export function placeholderImage({ context, account }: Place, family: string): string {
  const suffix = account?.partition === 'aws-cn' ? '.cn' : '';
  const region = context?.region ?? '<AWS_REGION>';
  return `${account?.id ?? '<ACCOUNT_ID>'}.dkr.ecr.${region}.amazonaws.com${suffix}/${family.toLowerCase()}:latest`;
}

async function newestImage(
  services: Services,
  context: AwsContext,
  { repositoryName = '', repositoryUri = repositoryName }: Repository,
): Promise<string> {
  let newest: { readonly tag: string; readonly pushed: number } | undefined;
  for await (const page of services.sessions.get(context).ecr.images(repositoryName)) {
    for (const { imageTags: [tag] = [], imagePushedAt } of page) {
      const pushed = imagePushedAt?.getTime() ?? 0;
      if (tag !== undefined && pushed >= (newest?.pushed ?? 0)) {
        newest = { tag, pushed };
      }
    }
  }
  return `${repositoryUri}:${newest?.tag ?? 'latest'}`;
}
