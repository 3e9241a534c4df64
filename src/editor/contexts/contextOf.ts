import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import { regionOf, type ProfileFiles } from '../../aws/profiles';
import { isRegion } from '../../aws/regionName';
import { UserError } from '../../base/errors';
import type { SandboxController } from '../sandboxController';
import { awsContext, DEFAULT_LABEL, SANDBOX_LABEL, SANDBOX_REGION, sandboxContext } from './contextStore';

/**
 * The context of a profile's name, of "default credentials", or of the sandbox, which is started where it does not
 * run.
 * @throws UserError('credentialsMissing') when there is no such profile; UserError('regionMissing' |
 *   'invalidInput') when the region is missing or cannot be one
 */
export async function contextOf(
  sandbox: SandboxController,
  files: ProfileFiles,
  name: string,
  region: string | undefined,
): Promise<AwsContext> {
  if (name === SANDBOX_LABEL) {
    const checked = checkedRegion(region ?? SANDBOX_REGION);
    return sandboxContext((await sandbox.start()).endpoint, checked);
  }
  if (name !== DEFAULT_LABEL && !files.names.includes(name)) {
    throw new UserError(
      'credentialsMissing',
      vscode.l10n.t('There is no such profile in the AWS config and credentials files: {0}', name),
      { action: 'openAwsConfig' },
    );
  }
  if (region === undefined) {
    throw new UserError('regionMissing', vscode.l10n.t('No region is set for the profile: {0}', name), {
      action: 'selectContext',
    });
  }
  return awsContext(name === DEFAULT_LABEL ? undefined : name, checkedRegion(region));
}

/**
 * The region that a profile of this name, or "default credentials", says by itself. None of the sandbox, which knows
 * nothing of the environment and the AWS files.
 */
export function ownRegion(files: ProfileFiles, name: string): string | undefined {
  if (name === SANDBOX_LABEL) {
    return undefined;
  }
  return regionOf(files, name === DEFAULT_LABEL ? undefined : name);
}

function checkedRegion(region: string): string {
  if (!isRegion(region)) {
    throw new UserError(
      'invalidInput',
      vscode.l10n.t('A region looks like eu-central-1. This is none: {0}', region),
      { action: 'selectContext' },
    );
  }
  return region;
}
