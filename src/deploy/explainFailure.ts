import type { Container, Task } from '@aws-sdk/client-ecs';
import { resourceName } from '../aws/arn';
import type { EcsGateway } from '../aws/ecsGateway';
import type { LogsGateway } from '../aws/logsGateway';
import { isCancellation, messageOf } from '../base/errors';
import { readLastLines } from '../logs/lastLines';
import { logSourcesOf } from '../logs/logSource';
import type { LogLine } from '../logs/logTarget';
import type { FailureExplanation, TaskFailure } from './failure';
import { hintFor } from './failureHints';

export interface FailureGateways {
  readonly ecs: EcsGateway;
  readonly logs: LogsGateway;
}

export interface DeploymentOfService {
  /** Name or ARN. */
  readonly cluster: string;
  /** Name or ARN. */
  readonly service: string;
  /** `ecs-svc/…` */
  readonly deploymentId: string;
}

/** How many different causes are explained, and how many of a container's last lines are shown. */
const CAUSES = 3;
const LAST_LINES = 20;

/**
 * The tasks of one deployment that stopped because they failed, newest first. ECS keeps stopped tasks for
 * about an hour.
 * @throws UserError when ECS cannot be asked
 */
export async function failedTasks(
  ecs: EcsGateway,
  { cluster, service, deploymentId }: DeploymentOfService,
  signal?: AbortSignal,
): Promise<Task[]> {
  const failed: Task[] = [];
  // ListTasks takes startedBy only alone, so that the service is what the listing asks for.
  for await (const page of ecs.tasks(cluster, { service, desiredStatus: 'STOPPED' }, signal)) {
    failed.push(...page.items.filter((task) => task.startedBy === deploymentId && hasFailed(task)));
  }
  return failed.sort((a, b) => timeOf(b) - timeOf(a));
}

/**
 * Says why a deployment failed: its stopped tasks, one for each different cause.
 * @param serviceEvents what the service has said, the newest last
 * @throws UserError('cancelled') only: what cannot be found out is left out
 */
export async function explainFailure(
  gateways: FailureGateways,
  deployment: DeploymentOfService,
  serviceEvents: readonly string[],
  signal?: AbortSignal,
): Promise<FailureExplanation> {
  let stopped: Task[];
  try {
    stopped = await failedTasks(gateways.ecs, deployment, signal);
  } catch (error) {
    if (isCancellation(error)) {
      throw error;
    }
    return { summary: `Its stopped tasks could not be read. ${messageOf(error)}`, tasks: [] };
  }
  const different = [...new Map(stopped.toReversed().map((task) => [causeOf(task), task])).values()];
  const tasks = await Promise.all(
    different
      .toReversed()
      .slice(0, CAUSES)
      .map((task) => explainTask(gateways, task, signal)),
  );
  return { summary: summarise(tasks, serviceEvents), tasks };
}

/**
 * Says why one task stopped.
 * @throws UserError('cancelled') only
 */
export async function explainTask(
  { ecs, logs }: FailureGateways,
  task: Task,
  signal?: AbortSignal,
): Promise<TaskFailure> {
  const failed = [...(task.containers ?? [])].sort((a, b) => suspicion(b) - suspicion(a))[0];
  const { lines, notice } = await lastLinesOf(ecs, logs, task, failed?.name, signal);
  return {
    taskArn: task.taskArn ?? '',
    task: resourceName(task.taskArn ?? ''),
    stoppedAt: task.stoppedAt,
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    containers: (task.containers ?? []).map(({ name = '', image, exitCode, reason }) => ({
      name,
      image,
      exitCode,
      reason,
    })),
    failedContainer: failed?.name,
    lastLines: lines,
    logNotice: notice,
    hint: hintFor({
      stopCode: task.stopCode,
      stoppedReason: task.stoppedReason,
      containerReason: failed?.reason,
      exitCode: failed?.exitCode,
      lines: lines.map(({ message }) => message),
    }),
  };
}

/** A task that ECS or a person ended in good health has not failed. */
function hasFailed({ stopCode, stoppedReason = '', containers = [] }: Task): boolean {
  switch (stopCode) {
    case 'UserInitiated':
      return false;
    case 'ServiceSchedulerInitiated':
      return (
        /health check/i.test(stoppedReason) ||
        containers.some(({ healthStatus }) => healthStatus === 'UNHEALTHY')
      );
    default:
      return true;
  }
}

/** What two tasks that failed alike have in common; ids and addresses in the texts differ. */
export function causeOf(task: Task): string {
  const containers = (task.containers ?? []).map(({ name, exitCode, reason }) => [name, exitCode, reason]);
  return JSON.stringify([task.stopCode, task.stoppedReason, containers]).replace(
    /[0-9a-f-]{12,}|\d+\.\d+\.\d+\.\d+/gi,
    '#',
  );
}

/**
 * How likely a container is the one that failed. When one ends, ECS ends the others with SIGTERM and SIGKILL:
 * their 143 or 137 are a consequence.
 */
function suspicion({ exitCode, reason, healthStatus }: Container): number {
  if (reason !== undefined && (exitCode === undefined || reason.includes('OutOfMemory'))) {
    return 5;
  }
  if (healthStatus === 'UNHEALTHY') {
    return 4;
  }
  switch (exitCode) {
    case undefined:
      return 0;
    case 137:
    case 143:
      return 1;
    case 0:
      return 2;
    default:
      return 3;
  }
}

async function lastLinesOf(
  ecs: EcsGateway,
  logs: LogsGateway,
  task: Task,
  container: string | undefined,
  signal?: AbortSignal,
): Promise<{ lines: readonly LogLine[]; notice?: string }> {
  if (container === undefined) {
    return { lines: [] };
  }
  try {
    const { taskDefinition } = await ecs.taskDefinition(task.taskDefinitionArn ?? '', signal);
    const id = resourceName(task.taskArn ?? '');
    const { sources, notices } = logSourcesOf(taskDefinition, id, ecs.context.region, container);
    const [source] = sources;
    return source
      ? { lines: await readLastLines(logs, source, LAST_LINES, signal) }
      : { lines: [], notice: notices[0] };
  } catch (error) {
    if (isCancellation(error)) {
      throw error;
    }
    return {
      lines: [],
      notice: `The container ${container} left no lines that can be read. ${messageOf(error)}`,
    };
  }
}

function summarise(tasks: readonly TaskFailure[], serviceEvents: readonly string[]): string {
  const [newest] = tasks;
  if (newest === undefined) {
    // Tasks that could not even be placed leave no trace but an event.
    const telling = serviceEvents.findLast((message) => /unable|fail/i.test(message));
    return telling ?? 'ECS knows no stopped task of this deployment.';
  }
  const failed = newest.containers.find(({ name }) => name === newest.failedContainer);
  const parts = [
    newest.stoppedReason,
    failed?.reason,
    failed?.exitCode === undefined
      ? undefined
      : `The container ${failed.name} ended with exit code ${failed.exitCode}.`,
    newest.hint,
  ];
  // ECS ends only some of its reasons with a full stop.
  const sentences = parts
    .filter((part): part is string => Boolean(part))
    .map((part) => (/[.!?]$/.test(part) ? part : `${part}.`));
  return [...new Set(sentences)].join(' ');
}

function timeOf({ stoppedAt, stoppingAt, createdAt }: Task): number {
  return (stoppedAt ?? stoppingAt ?? createdAt)?.getTime() ?? 0;
}
