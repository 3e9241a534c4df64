import { AsyncLocalStorage } from 'node:async_hooks';
import * as vscode from 'vscode';
import { resourceName } from '../../aws/arn';
import { contextKey, type AwsContext } from '../../aws/context';
import type { Change } from '../../aws/contextAccess';
import type { SessionHooks } from '../../aws/session';
import { UserError } from '../../base/errors';
import { confirmByName, input } from '../ui/prompts';
import type { ContextStore } from './contextStore';

/** The contexts in which the user has confirmed what one run of a command changes. */
type Approvals = Map<string, Promise<void>>;

/**
 * Stands between the commands and AWS: in a read-only context nothing is changed, in a protected one only what the
 * user confirms by typing a name, once for each run of a command. It is asked below the commands, before each call
 * that is not known to only read, so that no command can forget it.
 */
export class ContextKeeper implements SessionHooks {
  private readonly runs = new AsyncLocalStorage<Approvals>();

  constructor(private readonly contexts: Pick<ContextStore, 'guardOf'>) {}

  /** Runs a command: what the user confirms in it counts to its end. */
  run<T>(command: () => Promise<T>): Promise<T> {
    return this.runs.run(new Map(), command);
  }

  /**
   * Asks ahead of a long run that will change something, so that the question does not come in the middle of it.
   * @param name what is changed, as the user knows it
   * @throws UserError('accessDenied' | 'cancelled')
   */
  async approve(context: AwsContext, name: string): Promise<void> {
    switch (this.contexts.guardOf(context)) {
      case 'readOnly':
        throw new UserError(
          'accessDenied',
          vscode.l10n.t(
            '{0} is read-only here: nothing is changed in it. ({1})',
            context.label,
            context.region,
          ),
          { action: 'customizeContext' },
        );
      case 'protected': {
        const approvals = this.runs.getStore() ?? (new Map() as Approvals);
        const key = contextKey(context);
        const approval = approvals.get(key) ?? askForName(context, name);
        approvals.set(key, approval);
        return approval;
      }
      case undefined:
    }
  }

  readonly allowChange = (context: AwsContext, change: Change): Promise<void> =>
    this.approve(context, nameOfChanged(change) ?? context.label);

  readonly mfaCode = ({ label }: AwsContext, serial: string): Promise<string> =>
    input({
      title: vscode.l10n.t('Sign in to {0}', label),
      prompt: vscode.l10n.t('The code that your MFA device shows now: {0}', resourceName(serial)),
      password: true,
      validate: (text) => (/^\d{6}$/.test(text) ? undefined : vscode.l10n.t('The code has six digits.')),
    });
}

function askForName({ label, region }: AwsContext, name: string): Promise<void> {
  return confirmByName(
    vscode.l10n.t('{0} is protected', label),
    vscode.l10n.t('Type {0} to change it. ({1} · {2})', name, label, region),
    name,
  );
}

/** Members that name what a call changes, the nearest to it first. */
const NAMING = [
  'serviceName',
  'service',
  'serviceDeploymentArn',
  'repositoryName',
  'task',
  'taskDefinition',
  'taskDefinitions',
  'family',
  'clusterName',
  'cluster',
  'logGroupName',
  'resourceArn',
] as const;

/** What a call is about, in a few letters that a person can type; `undefined` where its input does not say. */
export function nameOfChanged({ input }: Change): string | undefined {
  const member = NAMING.find((name) => input[name] !== undefined);
  const value: unknown = member && input[member];
  const text: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof text !== 'string' || text === '') {
    return undefined;
  }
  switch (member) {
    case 'serviceDeploymentArn':
      return text.split('/').at(-2);
    case 'task':
      // As its row shows it: nobody types 32 hexadecimal digits.
      return resourceName(text).slice(0, 8);
    case 'repositoryName':
    case 'logGroupName':
      return text;
    default:
      return resourceName(text);
  }
}
