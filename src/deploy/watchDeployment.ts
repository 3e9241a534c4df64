import type { Deployment, Service } from '@aws-sdk/client-ecs';
import type { EcsGateway } from '../aws/ecsGateway';
import type { LogsGateway } from '../aws/logsGateway';
import { delay } from '../base/delay';
import { isCancellation, messageOf, UserError, type ErrorReason } from '../base/errors';
import type { DeployEvent, DeployOutcome, ExecuteOptions } from './deployEvent';
import type { DeploymentPlan } from './deploymentPlan';
import { DeploymentView } from './deploymentView';
import { explainFailure, explainTask, failedTasks, type DeploymentOfService } from './explainFailure';
import { judgeDeployment, type Verdict } from './judgeDeployment';

export interface WatchedDeployment {
  readonly plan: Pick<DeploymentPlan, 'cluster' | 'service'>;
  /** As the update answered it: what it shows was there before. */
  readonly service: Service;
  readonly deployment: Deployment;
}

type End = Pick<DeployOutcome, 'outcome' | 'reason' | 'failure'>;

interface Gateways {
  readonly ecs: EcsGateway;
  readonly logs: LogsGateway;
}

const LONGEST_WAIT_MS = 30_000;
const GIVE_UP_AFTER = 10;
/** Tasks that keep failing do so for the same reason: the lines of the first ones are enough. */
const EXPLAINED_TASKS = 5;

/** What passes by itself, or by the user's signing in again. */
const PASSING: ReadonlySet<ErrorReason> = new Set([
  'throttled',
  'serviceUnavailable',
  'endpointUnreachable',
  'credentialsExpired',
  'credentialsMissing',
]);

/**
 * Watches one deployment to its end, and tells what happens on the way. Failures of the watch itself that may
 * pass are a notice, and tried again.
 *
 * @throws UserError('cancelled') when aborted, and whatever ends the watch: the deployment then goes on
 */
export async function* watchDeployment(
  gateways: Gateways,
  watched: WatchedDeployment,
  options: ExecuteOptions,
): AsyncGenerator<DeployEvent, End, void> {
  const { plan, deployment } = watched;
  try {
    return yield* watch(gateways, watched, options);
  } catch (error) {
    const goesOn = `The deployment goes on in ECS, only the watch has ended; rolling back is an action of its own: ${deployment.id} of ${plan.service}`;
    if (isCancellation(error)) {
      throw new UserError('cancelled', `The watch was cancelled. ${goesOn}`, { cause: error });
    }
    if (error instanceof UserError) {
      throw new UserError(error.reason, `${error.message} ${goesOn}`, {
        cause: error,
        ...(error.action === undefined ? {} : { action: error.action }),
      });
    }
    throw error;
  }
}

async function* watch(
  gateways: Gateways,
  { plan, service: before, deployment }: WatchedDeployment,
  { signal, pollMs = 2000, giveUpAfterFailedTasks = GIVE_UP_AFTER }: ExecuteOptions,
): AsyncGenerator<DeployEvent, End, void> {
  const deploymentId = deployment.id ?? '';
  const subject: DeploymentOfService = { ...plan, deploymentId };
  const formerIds = new Set(
    before.deployments?.map(({ id }) => id ?? '').filter((id) => id !== deploymentId),
  );
  const view = new DeploymentView(gateways.ecs, plan.cluster, plan.service, deployment);
  const news = new ServiceNews(before);
  const reported = new Set<string>();
  let rollingBack = false;
  let failedSince: number | undefined;
  let failures = 0;
  for (;;) {
    try {
      const { service, serviceDeployment, notice } = await view.look(signal);
      if (notice !== undefined) {
        yield { kind: 'notice', text: notice };
      }
      if (service.status !== undefined && service.status !== 'ACTIVE') {
        return { outcome: 'failed', reason: `The service ${plan.service} was deleted: ${service.status}` };
      }
      yield* news.of(service, deploymentId);
      const own = service.deployments?.find(({ id }) => id === deploymentId);
      if (own?.rolloutState === 'FAILED') {
        failedSince ??= performance.now();
      }
      const failedForMs = failedSince === undefined ? 0 : performance.now() - failedSince;
      const verdict = judgeDeployment({
        deploymentId,
        formerIds,
        service,
        serviceDeployment,
        failedForMs,
      });
      if (verdict.state !== 'completed' && mayHaveFailures(own)) {
        yield* newFailures(gateways, subject, reported, signal);
      }
      // A rollback may be over before it is first seen.
      if ((verdict.state === 'rollingBack' || verdict.state === 'rolledBack') && !rollingBack) {
        rollingBack = true;
        yield { kind: 'rollingBack', reason: verdict.reason };
      }
      const end = await endOf(verdict, gateways, subject, news.said, signal);
      if (end) {
        return end;
      }
      if (!rollingBack && (own?.runningCount ?? 0) === 0 && reported.size >= giveUpAfterFailedTasks) {
        return {
          outcome: 'failed',
          reason: `${reported.size} of its tasks have failed and none runs. ECS goes on trying: roll back, or deploy a version that works.`,
          failure: await explainFailure(gateways, subject, news.said, signal),
        };
      }
      failures = 0;
    } catch (error) {
      if (error instanceof UserError && error.reason === 'notFound') {
        return { outcome: 'failed', reason: `The service was deleted. ${error.message}` };
      }
      if (!(error instanceof UserError) || !PASSING.has(error.reason)) {
        throw error;
      }
      failures++;
      if (failures === 1) {
        yield { kind: 'notice', text: `${messageOf(error)} The watch goes on.` };
      }
    }
    await delay(Math.min(Math.max(LONGEST_WAIT_MS, pollMs), pollMs * 2 ** Math.min(failures, 10)), signal);
  }
}

async function endOf(
  verdict: Verdict,
  gateways: Gateways,
  subject: DeploymentOfService,
  said: readonly string[],
  signal: AbortSignal,
): Promise<End | undefined> {
  switch (verdict.state) {
    case 'inProgress':
    case 'rollingBack':
      return undefined;
    case 'completed':
      return { outcome: 'completed' };
    case 'superseded':
      return { outcome: 'failed', reason: verdict.reason };
    case 'failed':
    case 'rolledBack': {
      const failure = await explainFailure(gateways, subject, said, signal);
      return { outcome: verdict.state, reason: verdict.reason, failure };
    }
  }
}

/** False where all that is wanted runs: then the stopped tasks need not be asked for. */
function mayHaveFailures(own: Deployment | undefined): boolean {
  return own === undefined || (own.failedTasks ?? 0) > 0 || (own.runningCount ?? 0) < (own.desiredCount ?? 0);
}

/** Tells of each failed task once, the oldest first. */
async function* newFailures(
  gateways: Gateways,
  subject: DeploymentOfService,
  reported: Set<string>,
  signal: AbortSignal,
): AsyncGenerator<DeployEvent, void, void> {
  const tasks = await failedTasks(gateways.ecs, subject, signal);
  for (const task of tasks.toReversed()) {
    const arn = task.taskArn ?? '';
    if (!reported.has(arn)) {
      reported.add(arn);
      if (reported.size <= EXPLAINED_TASKS) {
        yield { kind: 'taskFailed', failure: await explainTask(gateways, task, signal) };
      }
    }
  }
}

/** What is new in the description of a service from one look to the next. */
class ServiceNews {
  /** Messages of the service since the deployment began, oldest first. */
  readonly said: string[] = [];
  private readonly known: Set<string>;
  private progress = '';

  constructor(before: Service) {
    this.known = new Set(before.events?.map(({ id }) => id ?? ''));
  }

  *of(service: Service, deploymentId: string): Generator<DeployEvent, void, void> {
    // The newest come first, and no more than a hundred.
    for (const { id = '', createdAt, message = '' } of service.events?.toReversed() ?? []) {
      if (!this.known.has(id)) {
        this.known.add(id);
        this.said.push(message);
        yield { kind: 'event', id, at: createdAt ?? new Date(), message };
      }
    }
    const own = service.deployments?.find(({ id }) => id === deploymentId);
    if (!own) {
      return;
    }
    const progress = {
      running: own.runningCount ?? 0,
      desired: own.desiredCount ?? 0,
      pending: own.pendingCount ?? 0,
      failed: own.failedTasks ?? 0,
    };
    if (JSON.stringify(progress) !== this.progress) {
      this.progress = JSON.stringify(progress);
      yield { kind: 'progress', ...progress };
    }
  }
}
