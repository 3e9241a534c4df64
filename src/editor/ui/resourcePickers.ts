import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import { resourceName } from '../../aws/arn';
import { UserError } from '../../base/errors';
import type { Services } from '../services';
import { pick, type Choice } from './prompts';

/**
 * The context that a command without a node works in: the only open one, or the user's choice among several.
 * @throws UserError('credentialsMissing') when none is open
 */
export async function chooseOpenContext(services: Services): Promise<AwsContext> {
  const open = services.contexts.all();
  const [first] = open;
  if (!first) {
    throw new UserError(
      'credentialsMissing',
      vscode.l10n.t('No AWS profile is selected. Select one, or start the local sandbox.'),
      { action: 'selectContext' },
    );
  }
  if (open.length === 1) {
    return first;
  }
  const choices = open.map((context): Choice<AwsContext> => ({
    label: context.label,
    description: context.region,
    value: context,
  }));
  return pick(choices, { title: vscode.l10n.t('Which Profile?') });
}

/** A cluster's name, chosen while the list still arrives. */
export function pickCluster(services: Services, context: AwsContext, title: string): Promise<string> {
  async function* choices(): AsyncGenerator<Choice<string>[]> {
    let none = true;
    for await (const page of services.sessions.get(context).ecs.clusters()) {
      none &&= page.items.length === 0;
      yield page.items.map(({ clusterName = '', activeServicesCount = 0, runningTasksCount = 0 }) => ({
        label: clusterName,
        iconPath: new vscode.ThemeIcon('server-environment'),
        description: vscode.l10n.t('{0} services, {1} tasks running', activeServicesCount, runningTasksCount),
        value: clusterName,
      }));
    }
    if (none) {
      throw new UserError(
        'notFound',
        vscode.l10n.t('There is no ECS cluster yet. Create one first ({0}).', place(context)),
      );
    }
  }
  return pick(choices(), { title });
}

/** A service's name, chosen while the list still arrives. */
export function pickService(
  services: Services,
  context: AwsContext,
  cluster: string,
  title: string,
): Promise<string> {
  async function* choices(): AsyncGenerator<Choice<string>[]> {
    let none = true;
    for await (const page of services.sessions.get(context).ecs.services(cluster)) {
      none &&= page.items.length === 0;
      yield page.items.map(
        ({ serviceName = '', runningCount = 0, desiredCount = 0, taskDefinition = '' }) => ({
          label: serviceName,
          iconPath: new vscode.ThemeIcon('layers'),
          description: `${runningCount}/${desiredCount} · ${resourceName(taskDefinition)}`,
          value: serviceName,
        }),
      );
    }
    if (none) {
      throw new UserError(
        'notFound',
        vscode.l10n.t(
          'There is no service in cluster {0} yet. Create one first ({1}).',
          cluster,
          place(context),
        ),
      );
    }
  }
  return pick(choices(), { title });
}

function place(context: AwsContext): string {
  return `${context.label} · ${context.region}`;
}
