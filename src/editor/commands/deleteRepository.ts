import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import type { EcrGateway } from '../../aws/ecrGateway';
import type { WithContext } from '../contexts/contextOfAnswers';
import type { Services } from '../services';
import { confirm, confirmByName } from '../ui/prompts';
import { readArguments } from './commandArguments';
import { readOrPickNode } from './pickNode';
import { readContext } from './readContext';

export interface DeleteRepositoryAnswers extends WithContext {
  readonly repository?: string;
  /** Whether images in it may be deleted with it. Without it, they may once the user has typed the name. */
  readonly force?: boolean;
  /** True stands for the user's yes. */
  readonly confirm?: boolean;
}

/**
 * "Delete Repository...": asks, and where images would be lost has the name typed. Accepts
 * `DeleteRepositoryAnswers`; resolves to `{repository}`.
 */
export async function deleteRepository(
  services: Services,
  argument?: unknown,
): Promise<{ repository: string }> {
  const answers = readArguments<DeleteRepositoryAnswers>(argument);
  const { context, name } = await readRepository(services, argument, answers);
  const { ecr } = services.sessions.get(context);
  const force =
    answers.confirm === true ? (answers.force ?? false) : await askToDelete(ecr, context, name, answers);
  await ecr.deleteRepository(name, force);
  services.trees.refreshListing('registry', context);
  return { repository: name };
}

async function readRepository(
  services: Services,
  argument: unknown,
  answers: DeleteRepositoryAnswers,
): Promise<{ context: AwsContext; name: string }> {
  return answers.repository === undefined
    ? readOrPickNode(services, argument, 'repository', vscode.l10n.t('Delete Repository'))
    : { context: await readContext(services, argument), name: answers.repository };
}

/** @returns whether the images may be deleted too */
async function askToDelete(
  ecr: EcrGateway,
  context: AwsContext,
  name: string,
  answers: DeleteRepositoryAnswers,
): Promise<boolean> {
  const count = await countImages(ecr, name);
  const place = `${context.label} · ${context.region}`;
  if (count === undefined || answers.force === false) {
    await confirm(
      vscode.l10n.t('Delete the repository {0}?', name),
      vscode.l10n.t('Delete'),
      vscode.l10n.t('It is deleted only while it has no images. ({0})', place),
    );
    return false;
  }
  await confirmByName(
    vscode.l10n.t('Delete Repository'),
    vscode.l10n.t(
      '{0} has images ({1}), which are lost with it. Type its name to delete it. ({2})',
      name,
      count,
      place,
    ),
    name,
  );
  return true;
}

/** Looks at the first page only: that there are images is what matters. `undefined` when there are none. */
async function countImages(ecr: EcrGateway, name: string): Promise<string | undefined> {
  const pages = ecr.images(name);
  const first = await pages.next();
  const count = first.done ? 0 : first.value.length;
  const more = count > 0 && !(await pages.next()).done;
  return count === 0 ? undefined : `${count}${more ? '+' : ''}`;
}
