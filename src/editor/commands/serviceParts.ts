import type { Service } from '@aws-sdk/client-ecs';
import * as vscode from 'vscode';
import { resourceName } from '../../aws/arn';
import type { AwsContext } from '../../aws/context';
import { UserError } from '../../base/errors';
import { toServiceNode } from '../../explorer/clustersBranch';
import { eventsOf } from '../../explorer/withSections';
import { formatMoment } from '../../explorer/moment';
import type { Services } from '../services';
import { pick, type Choice } from '../ui/prompts';
import { readArguments, readNode } from './commandArguments';
import { compareTaskDefinitions, type Comparison } from './compareTaskDefinitions';
import { copyText } from './copyResource';
import { readService, type ServiceAnswers } from './serviceCommands';

export interface CompareDeploymentAnswers extends ServiceAnswers {
  /** Its id, as "ecs-svc/0123456789"; needed where more than one other revision is deployed. */
  readonly deployment?: string;
}

/**
 * "Compare with Present Revision": what a deployment of a service runs, beside what the service is to run now, in a
 * diff editor. Accepts `CompareDeploymentAnswers`; resolves to a `Comparison`.
 * @throws UserError('notFound') when no other revision is deployed
 */
export async function compareDeployment(services: Services, argument?: unknown): Promise<Comparison> {
  const title = vscode.l10n.t('Compare with Present Revision');
  const node = readNode(argument, 'deployment');
  if (node?.deployment.taskDefinition !== undefined && node.present !== undefined) {
    const taskDefinitions = [node.deployment.taskDefinition, node.present] as const;
    return compareTaskDefinitions(services, { context: node.context, taskDefinitions });
  }
  const answers = readArguments<CompareDeploymentAnswers>(argument);
  const { context, service } = await describeChosen(services, argument, answers, title);
  const others = (service.deployments ?? []).filter(
    ({ id, taskDefinition }) =>
      taskDefinition !== service.taskDefinition && (answers.deployment ?? id) === id,
  );
  const [first, ...more] = others.map(({ status, taskDefinition = '' }): Choice<string> => ({
    label: resourceName(taskDefinition),
    description: status?.toLowerCase() ?? '',
    value: taskDefinition,
  }));
  if (!first || service.taskDefinition === undefined) {
    throw new UserError(
      'notFound',
      vscode.l10n.t(
        'No other revision than the present one is deployed. Compare it with one of its family instead: {0}',
        service.serviceName ?? '',
      ),
    );
  }
  const former = more.length === 0 ? first.value : await pick([first, ...more], { title });
  return compareTaskDefinitions(services, { context, taskDefinitions: [former, service.taskDefinition] });
}

/** "Copy Message" of what a service said. Accepts `{cluster, service}` for its newest; resolves to the message. */
export async function copyEvent(services: Services, argument?: unknown): Promise<string> {
  const node = readNode(argument, 'event');
  if (node) {
    return copyText(node.message);
  }
  const title = vscode.l10n.t('Copy Message');
  const answers = readArguments<ServiceAnswers>(argument);
  const { context, service } = await describeChosen(services, argument, answers, title);
  const said = eventsOf(toServiceNode({ context, arn: service.clusterArn ?? '' }, service));
  const choices = said.map(({ message, at }): Choice<string> => ({
    label: message,
    ...(at ? { description: formatMoment(at, new Date()) } : {}),
    value: message,
  }));
  const [newest] = choices;
  if (!newest) {
    throw new UserError(
      'notFound',
      vscode.l10n.t('This service has said nothing yet: {0}', service.serviceName ?? ''),
    );
  }
  return copyText(answers.service === undefined ? await pick(choices, { title }) : newest.value);
}

async function describeChosen(
  services: Services,
  argument: unknown,
  answers: ServiceAnswers,
  title: string,
): Promise<{ context: AwsContext; service: Service }> {
  const { context, cluster, service } = await readService(services, argument, answers, title);
  return { context, service: await services.sessions.get(context).ecs.service(cluster, service) };
}
