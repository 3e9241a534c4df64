import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import { resourceName } from '../../aws/arn';
import { UserError } from '../../base/errors';
import type { LogTarget } from '../../logs/logTarget';
import type { WithContext } from '../contexts/contextOfAnswers';
import type { Services } from '../services';
import { pick, type Choice } from '../ui/prompts';
import { pickCluster, pickService } from '../ui/resourcePickers';
import { settings } from '../ui/settings';
import { readArguments, readNode } from './commandArguments';
import { readContext } from './readContext';

/** What answers the prompts of "Stream Logs". */
export interface StreamAnswers extends LogTarget, WithContext {
  /** Where the past begins: a date, its ISO text, or epoch milliseconds. */
  readonly since?: Date | string | number;
}

/**
 * "Stream Logs": the lines of a service, a task or a container in an output channel, first the recent past,
 * then as they come. Accepts `StreamAnswers`; resolves to the channel's name as soon as it follows.
 */
export async function streamLogs(services: Services, argument?: unknown): Promise<{ channel: string }> {
  const answers = readArguments<StreamAnswers>(argument);
  const node = readNode(argument, 'service', 'task', 'container');
  const context = await readContext(services, argument);
  const target = node ? targetOf(node) : await chooseTarget(services, context, answers);
  // A task's own past is counted from where it ended: one that has stopped still shows its last lines.
  const since = target.task !== undefined && answers.since === undefined ? undefined : startOf(answers.since);
  return { channel: services.logStreams.start(services.sessions.get(context), target, since) };
}

/** "Stop Log Stream...": ends one that follows; its lines stay. Accepts `{channel}`. */
export async function stopLogs(services: Services, argument?: unknown): Promise<void> {
  const following = services.logStreams.following();
  const given = readArguments<{ channel: string }>(argument).channel;
  const [only, ...others] = following;
  if (only === undefined) {
    throw new UserError('invalidInput', vscode.l10n.t('No log stream is running.'));
  }
  const choices = following.map((name): Choice<string> => ({
    label: name,
    iconPath: new vscode.ThemeIcon('output'),
    value: name,
  }));
  const name =
    given ??
    (others.length === 0 ? only : await pick(choices, { title: vscode.l10n.t('Stop Which Log Stream?') }));
  services.logStreams.stop(name);
}

type LogNode = NonNullable<ReturnType<typeof readNode<'service' | 'task' | 'container'>>>;

function targetOf(node: LogNode): LogTarget {
  switch (node.kind) {
    case 'service':
      return { cluster: node.clusterArn, service: node.name };
    case 'task':
      return { cluster: node.clusterArn, task: node.arn };
    case 'container':
      return { cluster: node.task.clusterArn, task: node.task.arn, container: node.name };
  }
}

async function chooseTarget(
  services: Services,
  context: AwsContext,
  answers: Partial<StreamAnswers>,
): Promise<LogTarget> {
  const { task, container } = answers;
  const cluster =
    answers.cluster ??
    (await pickCluster(services, context, vscode.l10n.t('Stream Logs: In Which Cluster?')));
  const service =
    answers.service ??
    (task === undefined
      ? await pickService(services, context, cluster, vscode.l10n.t('Stream Logs: Of Which Service?'))
      : undefined);
  return {
    cluster,
    ...(service === undefined ? {} : { service: resourceName(service) }),
    ...(task === undefined ? {} : { task }),
    ...(container === undefined ? {} : { container }),
  };
}

function startOf(since: StreamAnswers['since']): number {
  if (since === undefined) {
    return Date.now() - settings.logsSinceMinutes() * 60_000;
  }
  const start = typeof since === 'number' ? since : new Date(since).getTime();
  if (Number.isNaN(start)) {
    throw new UserError(
      'invalidInput',
      vscode.l10n.t('This is no date or time that logs could start from: {0}', String(since)),
    );
  }
  return start;
}
