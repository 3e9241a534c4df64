import type { ImageFailure, ImageIdentifier } from '@aws-sdk/client-ecr';
import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import { isCancellation, UserError } from '../../base/errors';
import { findImageUse, usersInWords, usesOf } from '../../deploy/imageUse';
import { formatSize } from '../../explorer/quantity';
import { shortDigest } from '../../explorer/rowText';
import {
  planImageCleanUp,
  removeImages,
  type ImageCleanUp,
  type ImageCleanUpPlan,
} from '../../image/cleanUpImages';
import { listStoredImages, withMembers, type StoredImage } from '../../image/repositoryImages';
import type { WithContext } from '../contexts/contextOfAnswers';
import type { Services } from '../services';
import { confirm, input, pick, type Choice } from '../ui/prompts';
import { withProgress } from '../ui/progress';
import { reportError } from '../ui/reportError';
import { readArguments } from './commandArguments';
import type { DeleteImagesResult, ImageInUse } from './deleteImages';
import {
  cannotTell,
  firstOf,
  orWhyNot,
  refuseUntold,
  whereItIsLooked,
  type KnownUse,
} from './lookForImageUse';
import { readOrPickNode } from './pickNode';
import { readContext } from './readContext';
import { deletionFailure, refreshImages } from './runImageDeletion';

export interface CleanUpImagesAnswers extends WithContext, ImageCleanUp {
  readonly repository?: string;
  /** True stands for the user's yes to delete what is not in use. */
  readonly confirm?: boolean;
  /** True cleans up also where it cannot be told what is in use. */
  readonly force?: boolean;
}

const OLDER_THAN_DAYS = 30;
const KEPT_BY_DEFAULT = 10;

interface Repository {
  readonly context: AwsContext;
  readonly name: string;
  readonly uri: string;
}

/** What a repository holds, and what of it is in use. */
interface Survey {
  readonly images: readonly StoredImage[];
  readonly use: KnownUse;
}

/**
 * "Clean Up Images...": deletes untagged images of a repository, all or the older ones, but for those in use and those
 * that belong to what stays. Says first how many and how large they are. Accepts `CleanUpImagesAnswers`.
 */
export async function cleanUpImages(services: Services, argument?: unknown): Promise<DeleteImagesResult> {
  const answers = readArguments<CleanUpImagesAnswers>(argument);
  const repository = await readRepository(services, argument, answers.repository);
  const cleanUp = readCleanUp(answers) ?? (await askWhatToCleanUp(repository.name));
  const { images, use } = await survey(services, repository);
  if (use instanceof UserError && answers.confirm === true && answers.force !== true) {
    throw refuseUntold(use);
  }
  const usersOf = (digest: string): readonly string[] =>
    use instanceof UserError ? [] : usersInWords(usesOf(use, { digest }));
  const plan = planImageCleanUp(images, (digest) => usersOf(digest).length > 0, cleanUp, new Date());
  const inUse = plan.inUse.map(({ digest, members = [] }): ImageInUse => ({
    imageDigest: digest,
    usedBy: [...new Set([digest, ...members].flatMap(usersOf))],
  }));
  if (plan.steps.length === 0) {
    void vscode.window.showInformationMessage(nothingToDo(repository.name, plan));
    return { deleted: [], failures: [], inUse };
  }
  if (answers.confirm !== true) {
    await confirmPlan(repository, plan, inUse, use);
  }
  await services.keeper.approve(repository.context, repository.name);
  return { ...(await carryOut(services, repository, plan)), inUse };
}

async function readRepository(
  services: Services,
  argument: unknown,
  name: string | undefined,
): Promise<Repository> {
  if (name === undefined) {
    return readOrPickNode(
      services,
      argument,
      'repository',
      vscode.l10n.t('Clean Up Images of Which Repository?'),
    );
  }
  const context = await readContext(services, argument);
  const { repositoryUri: uri = name } = await services.sessions.get(context).ecr.repository(name);
  return { context, name, uri };
}

/** @returns what a program asks for; `undefined` where a person is to be asked */
function readCleanUp({
  olderThanDays,
  keepNewest,
  confirm: confirmed,
}: Partial<CleanUpImagesAnswers>): ImageCleanUp | undefined {
  for (const number of [olderThanDays, keepNewest]) {
    if (number !== undefined && (!Number.isSafeInteger(number) || number < 0)) {
      throw new UserError(
        'invalidInput',
        vscode.l10n.t(
          'Days and images are whole numbers, 0 or more. This is none: {0}',
          JSON.stringify(number),
        ),
      );
    }
  }
  const given = {
    ...(olderThanDays === undefined ? {} : { olderThanDays }),
    ...(keepNewest === undefined ? {} : { keepNewest }),
  };
  return confirmed === true || Object.keys(given).length > 0 ? given : undefined;
}

async function askWhatToCleanUp(repository: string): Promise<ImageCleanUp> {
  const choices: Choice<keyof ImageCleanUp | 'all'>[] = [
    { label: vscode.l10n.t('All untagged images'), iconPath: new vscode.ThemeIcon('trash'), value: 'all' },
    {
      label: vscode.l10n.t('Untagged images that are older than some days'),
      iconPath: new vscode.ThemeIcon('calendar'),
      value: 'olderThanDays',
    },
    {
      label: vscode.l10n.t('All untagged images but the newest'),
      iconPath: new vscode.ThemeIcon('list-ordered'),
      value: 'keepNewest',
    },
  ];
  const title = vscode.l10n.t('Clean Up Images of {0}', repository);
  const placeholder = vscode.l10n.t('Tagged images, what belongs to them, and what is in use stay');
  const chosen = await pick(choices, { title, placeholder });
  switch (chosen) {
    case 'all':
      return {};
    case 'olderThanDays': {
      const prompt = vscode.l10n.t('How many days ago was the youngest pushed that is to go?');
      return { olderThanDays: await askNumber(title, prompt, OLDER_THAN_DAYS) };
    }
    case 'keepNewest': {
      const prompt = vscode.l10n.t('How many of the newest untagged images stay?');
      return { keepNewest: await askNumber(title, prompt, KEPT_BY_DEFAULT) };
    }
  }
}

async function askNumber(title: string, prompt: string, value: number): Promise<number> {
  const text = await input({
    title,
    prompt,
    value: String(value),
    validate: (typed) =>
      /^\d{1,6}$/.test(typed) ? undefined : vscode.l10n.t('A whole number, such as {0}.', value),
  });
  return Number(text);
}

function survey(services: Services, repository: Repository): Promise<Survey> {
  const { context, name } = repository;
  return withProgress(vscode.l10n.t('Looking through {0}', name), async (report, signal) => {
    const gateways = services.sessions.get(context);
    const listed = await listStoredImages(gateways.ecr, name, signal);
    if (listed.every(({ tags }) => tags.length > 0)) {
      return { images: listed, use: [] };
    }
    report(vscode.l10n.t('{0} images', listed.length));
    const images = await withMembers(gateways.ecr, name, listed, signal);
    return { images, use: await orWhyNot(findImageUse(gateways, repository, signal, report)) };
  });
}

function nothingToDo(repository: string, { inUse, held }: ImageCleanUpPlan): string {
  if (inUse.length > 0) {
    return vscode.l10n.t('There is nothing to clean up in {0}: what is untagged is in use.', repository);
  }
  return held > 0
    ? vscode.l10n.t(
        'There is nothing to clean up in {0}: what is untagged belongs to images that stay.',
        repository,
      )
    : vscode.l10n.t('There is nothing to clean up in {0}.', repository);
}

async function confirmPlan(
  { context, name }: Repository,
  { steps, bytes, held }: ImageCleanUpPlan,
  inUse: readonly ImageInUse[],
  use: KnownUse,
): Promise<void> {
  const count = steps.flat().length;
  const usedLines = inUse.map(({ imageDigest = '', usedBy }) =>
    vscode.l10n.t('In use, and kept: {0}, by {1}', shortDigest(imageDigest), firstOf(usedBy).join(', ')),
  );
  const size = formatSize(bytes);
  await confirm(
    count === 1
      ? vscode.l10n.t('Delete one untagged image of {0}, {1}?', name, size)
      : vscode.l10n.t('Delete {0} untagged images of {1}, up to {2}?', count, name, size),
    vscode.l10n.t('Delete {0}', count),
    [
      ...firstOf(usedLines),
      ...(held > 0 ? [vscode.l10n.t('Kept as platforms or artefacts of images that stay: {0}', held)] : []),
      ...(use instanceof UserError ? [cannotTell(use)] : [whereItIsLooked(context)]),
      vscode.l10n.t('What is deleted cannot be had back.'),
    ].join('\n'),
  );
}

/** Ending it is no error: what was deleted until then is deleted. */
async function carryOut(
  services: Services,
  { context, name }: Repository,
  { steps }: ImageCleanUpPlan,
): Promise<{ deleted: ImageIdentifier[]; failures: ImageFailure[] }> {
  const deleted: ImageIdentifier[] = [];
  const failures: ImageFailure[] = [];
  const count = steps.flat().length;
  try {
    await withProgress(vscode.l10n.t('Cleaning up {0}', name), async (report, signal) => {
      for await (const removal of removeImages(services.sessions.get(context).ecr, name, steps, signal)) {
        deleted.push(...removal.deleted);
        failures.push(...removal.failures);
        report(`${deleted.length + failures.length}/${count}`);
      }
    });
  } catch (error) {
    if (!isCancellation(error)) {
      throw error;
    }
    void vscode.window.showInformationMessage(vscode.l10n.t('Ended. Images deleted: {0}.', deleted.length));
  } finally {
    refreshImages(services, context, name);
  }
  if (failures.length > 0) {
    reportError(deletionFailure(deleted.length, failures), services.log, () => undefined);
  }
  return { deleted, failures };
}
