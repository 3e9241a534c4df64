import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import { isCancellation, UserError } from '../../base/errors';
import { findImageUse, type ImageUse, type UsedRepository } from '../../deploy/imageUse';
import type { Services } from '../services';
import { withProgress } from '../ui/progress';

/** What uses the images of a repository, or why that cannot be told. */
export type KnownUse = readonly ImageUse[] | UserError;

/** Names in a dialog; how many more there are is said. */
const LISTED = 8;

/**
 * Finds what uses the images of a repository, under a notification that can be cancelled.
 * @throws UserError('cancelled'), and why it cannot be told
 */
export function showImageUse(
  services: Services,
  context: AwsContext,
  repository: UsedRepository,
): Promise<readonly ImageUse[]> {
  const title = vscode.l10n.t('Looking for what uses {0}', repository.name);
  return withProgress(title, (report, signal) =>
    findImageUse(services.sessions.get(context), repository, signal, report),
  );
}

/**
 * The same for who goes on without knowing.
 * @throws UserError('cancelled')
 */
export function lookForImageUse(
  services: Services,
  context: AwsContext,
  repository: UsedRepository,
): Promise<KnownUse> {
  return orWhyNot(showImageUse(services, context, repository));
}

/**
 * What was found, or why it could not be.
 * @throws UserError('cancelled')
 */
export async function orWhyNot(finding: Promise<readonly ImageUse[]>): Promise<KnownUse> {
  try {
    return await finding;
  } catch (error) {
    if (error instanceof UserError && !isCancellation(error)) {
      return error;
    }
    throw error;
  }
}

/** The line of a dialog that says why it cannot be told what is in use. */
export function cannotTell(error: UserError): string {
  return vscode.l10n.t('Whether anything uses them could not be found out. {0}', error.message);
}

/** What a program is told that did not say `force`. */
export function refuseUntold(error: UserError): UserError {
  return new UserError(
    error.reason,
    vscode.l10n.t(
      'Nothing was deleted, since it could not be found out what is in use. With "force" that is not looked for. {0}',
      error.message,
    ),
    { cause: error, ...(error.action === undefined ? {} : { action: error.action }) },
  );
}

/** Where it is looked for use, so that nobody takes it for more. */
export function whereItIsLooked({ label, region }: AwsContext): string {
  return vscode.l10n.t(
    'Only the services and running tasks of ECS in {0} · {1} are looked at: no functions, schedules, or other accounts.',
    label,
    region,
  );
}

/** A list of a dialog, a line each, the first few of many. */
export function firstOf(lines: readonly string[]): readonly string[] {
  const more = lines.length - LISTED;
  return more > 0 ? [...lines.slice(0, LISTED), vscode.l10n.t('and {0} more', more)] : lines;
}
