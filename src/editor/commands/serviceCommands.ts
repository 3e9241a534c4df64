import * as vscode from 'vscode';
import { resourceName } from '../../aws/arn';
import type { AwsContext } from '../../aws/context';
import { UserError } from '../../base/errors';
import type { WithContext } from '../contexts/contextOfAnswers';
import type { Services } from '../services';
import { confirm, input } from '../ui/prompts';
import { pickCluster, pickService } from '../ui/resourcePickers';
import { readArguments, readNode } from './commandArguments';
import { readContext } from './readContext';

/** Which service a command works on, by name or ARN. */
export interface ServiceAnswers extends WithContext {
  readonly cluster?: string;
  readonly service?: string;
}

export interface ScaleServiceAnswers extends ServiceAnswers {
  readonly desiredCount?: number;
}

export interface DeleteServiceAnswers extends ServiceAnswers {
  /** Whether it may be deleted while its desired count is above 0, which stops its tasks. */
  readonly force?: boolean;
  /** True stands for the user's yes. */
  readonly confirm?: boolean;
}

/** A service by the names that ECS takes: names or ARNs. */
interface ServiceAddress {
  readonly context: AwsContext;
  readonly cluster: string;
  readonly service: string;
}

/**
 * "Set Desired Count...": accepts `ScaleServiceAnswers`; resolves to `{service, desiredCount}` as ECS took it.
 */
export async function scaleService(
  services: Services,
  argument?: unknown,
): Promise<{ service: string; desiredCount: number }> {
  const answers = readArguments<ScaleServiceAnswers>(argument);
  const address = await readService(services, argument, answers, vscode.l10n.t('Set Desired Count'));
  const { ecs } = services.sessions.get(address.context);
  const { cluster, service } = address;
  const desiredCount =
    answers.desiredCount ??
    (await askCount((await ecs.service(cluster, service)).desiredCount ?? 0, service));
  if (!Number.isInteger(desiredCount) || desiredCount < 0) {
    throw new UserError('invalidInput', `${notACount()} ${desiredCount}`);
  }
  const updated = await ecs.updateService({ cluster, service, desiredCount });
  void services.trees.refreshMatching(
    address.context,
    (node) => node.kind === 'service' && node.arn === updated.serviceArn,
  );
  return { service: updated.serviceName ?? service, desiredCount: updated.desiredCount ?? desiredCount };
}

async function askCount(now: number, service: string): Promise<number> {
  const text = await input({
    title: vscode.l10n.t('Set Desired Count'),
    prompt: vscode.l10n.t('How many tasks the service {0} should run', resourceName(service)),
    value: String(now),
    validate: (typed) => (/^\d{1,4}$/.test(typed) ? undefined : notACount()),
  });
  return Number(text);
}

function notACount(): string {
  return vscode.l10n.t('The desired count is a whole number, 0 or more.');
}

/** "Delete Service...": accepts `DeleteServiceAnswers`; resolves to `{service}`. */
export async function deleteService(services: Services, argument?: unknown): Promise<{ service: string }> {
  const answers = readArguments<DeleteServiceAnswers>(argument);
  const { context, cluster, service } = await readService(
    services,
    argument,
    answers,
    vscode.l10n.t('Delete Service'),
  );
  const { ecs } = services.sessions.get(context);
  let force = answers.force ?? false;
  if (answers.confirm !== true) {
    const { runningCount = 0, desiredCount = 0, clusterArn = cluster } = await ecs.service(cluster, service);
    await confirm(
      vscode.l10n.t(
        'Delete the service {0} of cluster {1}?',
        resourceName(service),
        resourceName(clusterArn),
      ),
      vscode.l10n.t('Delete'),
      vscode.l10n.t('Its tasks are stopped. Running now: {0}', runningCount),
    );
    force = answers.force ?? desiredCount > 0;
  }
  await ecs.deleteService(cluster, service, force);
  void services.trees.refreshMatching(
    context,
    (node) => node.kind === 'cluster' && [node.arn, node.name].includes(cluster),
  );
  return { service: resourceName(service) };
}

/** The service that a command was called on, or that its answers name, or that the user picks. */
export async function readService(
  services: Services,
  argument: unknown,
  answers: ServiceAnswers,
  title: string,
): Promise<ServiceAddress> {
  const node = readNode(argument, 'service');
  if (node) {
    return { context: node.context, cluster: node.clusterArn, service: node.arn };
  }
  const context = await readContext(services, argument);
  const cluster = answers.cluster ?? (await pickCluster(services, context, title));
  const service = answers.service ?? (await pickService(services, context, cluster, title));
  return { context, cluster, service };
}
