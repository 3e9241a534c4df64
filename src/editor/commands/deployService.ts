import * as vscode from 'vscode';
import { resourceName } from '../../aws/arn';
import { isCancellation, messageOf, UserError } from '../../base/errors';
import type { DeploymentPlan, DeployRequest } from '../../deploy/deploymentPlan';
import type { DeployEvent, DeployOutcome } from '../../deploy/deployEvent';
import { executeDeployment } from '../../deploy/executeDeployment';
import type { TaskFailure } from '../../deploy/failure';
import { planDeployment } from '../../deploy/planDeployment';
import { rollBack } from '../../deploy/rollBack';
import { LineFormatter } from '../../logs/lineFormatter';
import type { AwsContext } from '../../aws/context';
import type { AwsSession } from '../../aws/session';
import { requireTrust } from '../engineProvider';
import type { Services } from '../services';
import { confirmChanges } from '../ui/confirmChanges';
import { confirm, pick, type Choice } from '../ui/prompts';
import { withProgress, type ProgressReport } from '../ui/progress';
import { pickCluster, pickService } from '../ui/resourcePickers';
import { readArguments, readNode } from './commandArguments';
import { chooseDeployTarget, type DeployAnswers } from './deployTarget';
import { readContext } from './readContext';

/** What a deployment came to, as a plain result for whoever ran the command. */
export type DeployResult = Pick<DeployOutcome, 'taskDefinitionArn' | 'deploymentId' | 'outcome' | 'reason'>;

/**
 * "Deploy...": puts an image or a definition into a service and watches that deployment to its end. Called on a
 * service, an image, a revision, a task definition file, or from the palette; accepts `DeployAnswers`.
 */
export async function deployService(services: Services, argument?: unknown): Promise<DeployResult> {
  requireTrust(vscode.l10n.t('deploy'));
  const target = await chooseDeployTarget(services, argument);
  const session = services.sessions.get(target.context);
  const plan = await planWithContainer(session, target.request);
  if (target.confirm) {
    await confirmPlan(services, plan, target.context);
  }
  await services.keeper.approve(target.context, plan.service);
  return watch(services, session, plan);
}

/** "Roll Back...": takes back the deployment under way, or deploys what ran before. Accepts `{cluster, service, confirm: true}`. */
export async function rollBackService(
  services: Services,
  argument?: unknown,
): Promise<DeployResult | undefined> {
  requireTrust(vscode.l10n.t('roll back'));
  const answers = readArguments<DeployAnswers & { deploymentId: string }>(argument);
  const node = readNode(argument, 'service');
  const context = await readContext(services, argument);
  const cluster =
    node?.clusterArn ??
    answers.cluster ??
    (await pickCluster(services, context, vscode.l10n.t('Roll Back: In Which Cluster?')));
  const service =
    node?.name ??
    answers.service ??
    (await pickService(services, context, cluster, vscode.l10n.t('Roll Back: Which Service?')));
  const session = services.sessions.get(context);
  if (answers.confirm === undefined) {
    await confirm(
      vscode.l10n.t('Roll back the service {0}?', service),
      vscode.l10n.t('Roll Back'),
      vscode.l10n.t(
        'A deployment that is under way is taken back by ECS; without one, what ran before is deployed again.',
      ),
    );
  }
  await services.keeper.approve(context, service);
  const answer = await rollBack(session.ecs, { cluster, service, deploymentId: answers.deploymentId });
  if (answer.kind === 'stopping') {
    void services.trees.refreshView('clusters');
    void vscode.window.showInformationMessage(
      vscode.l10n.t('ECS is rolling the deployment of {0} back.', service),
    );
    return undefined;
  }
  return watch(services, session, answer.plan);
}

async function planWithContainer(session: AwsSession, request: DeployRequest): Promise<DeploymentPlan> {
  const plan = await planDeployment(session.ecs, request);
  if (plan.kind === 'plan') {
    return plan;
  }
  const choices = plan.candidates.map(({ name, image, sameRepository }): Choice<string> => ({
    label: name,
    iconPath: new vscode.ThemeIcon('symbol-method'),
    description: image,
    ...(sameRepository ? { detail: vscode.l10n.t('Runs an image of the same repository') } : {}),
    value: name,
  }));
  const container = await pick(choices, { title: vscode.l10n.t('Deploy: Which Container Gets the Image?') });
  const image = { uri: request.image?.uri ?? '', container };
  const chosen = await planDeployment(session.ecs, { ...request, image });
  if (chosen.kind !== 'plan') {
    throw new UserError(
      'internal',
      vscode.l10n.t('The task definition has changed in the meantime. Deploy again.'),
      { action: 'retry' },
    );
  }
  return chosen;
}

async function confirmPlan(services: Services, plan: DeploymentPlan, context: AwsContext): Promise<void> {
  if (plan.changes.length > 0) {
    const title = vscode.l10n.t('{0}: runs now ↔ to be deployed', plan.service);
    await services.diffs.show(title, `${plan.service}.task-definition.json`, plan.before, plan.after);
  }
  const changes =
    plan.changes.length > 0
      ? plan.changes
      : [vscode.l10n.t('Nothing differs: the same revision is started anew')];
  await confirmChanges({
    title: vscode.l10n.t('Deploy to {0}?', plan.service),
    action: vscode.l10n.t('Deploy to {0}', plan.service),
    icon: 'rocket',
    context,
    changes: [...changes, ...plan.notices],
  });
}

async function watch(services: Services, session: AwsSession, plan: DeploymentPlan): Promise<DeployResult> {
  const output = services.deployOutput;
  output.appendLine(
    `\n── ${new Date().toLocaleString()} · ${session.context.label} · ${session.context.region} · ${plan.service}`,
  );
  try {
    const outcome = await withProgress(vscode.l10n.t('Deploying {0}', plan.service), (report, signal) =>
      follow(services, session, plan, report, signal),
    );
    showOutcome(services, session.context, plan, outcome);
    const { taskDefinitionArn, deploymentId, reason } = outcome;
    return {
      taskDefinitionArn,
      deploymentId,
      outcome: outcome.outcome,
      ...(reason === undefined ? {} : { reason }),
    };
  } catch (error) {
    output.appendLine(messageOf(error));
    if (isCancellation(error)) {
      void vscode.window.showInformationMessage(messageOf(error));
    } else {
      output.show(true);
    }
    throw error;
  } finally {
    void services.trees.refreshView('clusters');
    void services.trees.refreshView('taskDefinitions');
  }
}

async function follow(
  services: Services,
  session: AwsSession,
  plan: DeploymentPlan,
  report: ProgressReport,
  signal: AbortSignal,
): Promise<DeployOutcome> {
  const events = executeDeployment(session, plan, { signal });
  for (;;) {
    const next = await events.next();
    if (next.done) {
      return next.value;
    }
    const line = describeEvent(next.value);
    services.deployOutput.appendLine(line);
    switch (next.value.kind) {
      case 'updated':
        void services.trees.refreshView('clusters');
        report(line);
        break;
      case 'taskFailed':
        void services.trees.refreshView('clusters');
        services.deployOutput.append(describeTaskFailure(next.value.failure));
        break;
      case 'event':
        break;
      case 'registered':
      case 'progress':
      case 'rollingBack':
      case 'notice':
        report(line);
        break;
    }
  }
}

function describeEvent(event: DeployEvent): string {
  switch (event.kind) {
    case 'registered':
      return vscode.l10n.t('Registered {0}', event.taskDefinitionArn);
    case 'updated':
      return vscode.l10n.t('Deployment {0} has begun', event.deploymentId);
    case 'progress':
      return event.failed > 0
        ? vscode.l10n.t(
            '{0}/{1} running, {2} pending, {3} failed',
            event.running,
            event.desired,
            event.pending,
            event.failed,
          )
        : vscode.l10n.t('{0}/{1} running, {2} pending', event.running, event.desired, event.pending);
    case 'event':
      return `${event.at.toLocaleTimeString()} ${event.message}`;
    case 'taskFailed':
      return vscode.l10n.t('Task {0} has failed', event.failure.task);
    case 'rollingBack':
      return vscode.l10n.t('Rolling back: {0}', event.reason);
    case 'notice':
      return event.text;
  }
}

function describeTaskFailure(failure: TaskFailure): string {
  const lines = [
    failure.stoppedReason ?? failure.stopCode ?? '',
    ...failure.containers.map(({ name, exitCode, reason }) =>
      [
        vscode.l10n.t('container {0}', name),
        exitCode === undefined ? '' : vscode.l10n.t('exit code {0}', exitCode),
        reason ?? '',
      ]
        .filter(Boolean)
        .join(': '),
    ),
    failure.hint ?? '',
    failure.logNotice ?? '',
    ...(failure.lastLines.length > 0
      ? [vscode.l10n.t('Last lines of {0}:', failure.failedContainer ?? '')]
      : []),
  ];
  const text = lines.filter(Boolean).map((line) => `    ${line}\n`);
  const log = new LineFormatter().format(failure.lastLines).replace(/^(?=.)/gm, '      ');
  return text.join('') + log;
}

function showOutcome(
  services: Services,
  context: AwsContext,
  plan: DeploymentPlan,
  outcome: DeployOutcome,
): void {
  const logs = vscode.l10n.t('Stream Logs');
  const details = vscode.l10n.t('Show Details');
  const back = vscode.l10n.t('Roll Back...');
  const target = { cluster: plan.cluster, service: plan.service, context };
  const revision = resourceName(outcome.taskDefinitionArn);
  const act = (pressed: string | undefined): Thenable<unknown> | undefined => {
    switch (pressed) {
      case logs:
        return vscode.commands.executeCommand('awsContainers.logs.stream', target);
      case back:
        return vscode.commands.executeCommand('awsContainers.service.rollBack', target);
      case details:
        services.deployOutput.show(true);
        return undefined;
      default:
        return undefined;
    }
  };
  const why = outcome.failure?.summary ?? outcome.reason ?? '';
  switch (outcome.outcome) {
    case 'completed': {
      const text = vscode.l10n.t('{0} runs {1} now.', plan.service, revision);
      services.deployOutput.appendLine(text);
      void vscode.window.showInformationMessage(text, logs).then(act);
      break;
    }
    case 'rolledBack': {
      const text = vscode.l10n.t(
        'The deployment of {0} to {1} failed and was rolled back: {2}',
        revision,
        plan.service,
        why,
      );
      services.deployOutput.appendLine(text);
      void vscode.window.showErrorMessage(text, details, logs).then(act);
      break;
    }
    case 'failed': {
      const text = vscode.l10n.t('The deployment of {0} to {1} failed: {2}', revision, plan.service, why);
      services.deployOutput.appendLine(text);
      void vscode.window.showErrorMessage(text, details, back, logs).then(act);
      break;
    }
  }
}
