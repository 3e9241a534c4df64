import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import { UserError } from '../../base/errors';
import { nodeId } from '../../explorer/explorerNode';
import { contextOfAnswers, type WithContext } from '../contexts/contextOfAnswers';
import { consoleRegion } from '../language/consoleRegion';
import { ecrPlaceOf, locateImage, type ImagePlace } from '../language/imagePlace';
import { referenceUrl } from '../language/referenceUrl';
import type { Services } from '../services';
import { readArguments } from './commandArguments';
import { readOrPickNode } from './pickNode';

export interface RevealAnswers extends WithContext {
  /** URI of an image, or of a repository. */
  readonly image?: string;
  /** Name of a repository. */
  readonly repository?: string;
}

/**
 * "Show in ECR View": selects a repository's row, or opens its page in the AWS console where it is of an account
 * that is not open here. Accepts `RevealAnswers`. Resolves to `{repository}`, with `{url}` where it was opened.
 */
export async function revealRepository(
  services: Services,
  argument?: unknown,
): Promise<{ repository: string; url?: string }> {
  const answers = readArguments<RevealAnswers>(argument);
  if (answers.image !== undefined) {
    return revealImage(services, answers.image);
  }
  if (answers.repository !== undefined) {
    return reveal(services, await contextOfAnswers(services, answers), answers.repository);
  }
  const node = await readOrPickNode(services, argument, 'repository', vscode.l10n.t('Show in ECR View'));
  return reveal(services, node.context, node.name);
}

async function revealImage(services: Services, uri: string): Promise<{ repository: string; url?: string }> {
  const shown = await findShown(services, uri);
  if (shown) {
    return reveal(services, shown.context, shown.repository);
  }
  const place = ecrPlaceOf(uri);
  const current = services.contexts.current();
  const url =
    place && (!current || (await consoleRegion(current)) !== undefined)
      ? referenceUrl({ kind: 'image', uri, span: { offset: 0, length: 0 } }, undefined)
      : undefined;
  if (!place || url === undefined) {
    throw new UserError(
      'notFound',
      vscode.l10n.t('No profile that is open has the registry of this image: {0}', uri),
      { action: 'selectContext' },
    );
  }
  await vscode.env.openExternal(vscode.Uri.parse(url));
  return { repository: place.repository, url };
}

/**
 * The repository of an image in the open context that has it.
 * @throws why one of them could not say whether it has it, when no other does
 */
async function findShown(
  services: Services,
  uri: string,
): Promise<{ readonly context: AwsContext; readonly repository: string } | undefined> {
  const failures: unknown[] = [];
  for (const context of services.contexts.all()) {
    const place = locateImage(uri, context);
    try {
      if (place.kind === 'ecr' && (await shows(services, context, place))) {
        return { context, repository: place.repository };
      }
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) {
    throw failures[0];
  }
  return undefined;
}

/** Whether a place in ECR is of a context's account and region. */
async function shows(
  { sessions }: Services,
  context: AwsContext,
  { account, region }: ImagePlace,
): Promise<boolean> {
  return (
    region === context.region &&
    (account === undefined || account === (await sessions.get(context).identity()).accountId)
  );
}

async function reveal(
  { sessions, trees }: Services,
  context: AwsContext,
  repository: string,
): Promise<{ repository: string }> {
  // Says why when there is no such repository, before the whole listing has come.
  await sessions.get(context).ecr.repository(repository);
  await trees.goTo('registry', context, [nodeId(context, 'repository', repository)]);
  return { repository };
}
