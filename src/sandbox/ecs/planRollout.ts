import type { DeploymentConfiguration } from './records';

/** How far a task of a service is. A task that was asked to stop is no longer in the plan. */
export type TaskPhase = 'pending' | 'running' | 'healthy';

export interface PlannedTask {
  readonly id: string;
  /** Of the PRIMARY deployment. */
  readonly primary: boolean;
  readonly phase: TaskPhase;
  readonly createdAt: number;
}

export interface RolloutSituation {
  readonly desired: number;
  readonly limits: TaskLimits;
  readonly tasks: readonly PlannedTask[];
  /** How many more tasks could be placed on the host, whatever the limits say. */
  readonly places: number;
  /** False when the deployment has failed, and while the scheduler waits after failures. */
  readonly mayStart: boolean;
}

export interface TaskLimits {
  /** Healthy tasks that must remain during a deployment. */
  readonly lowest: number;
  /** Pending and running tasks that there may be. */
  readonly highest: number;
}

export interface RolloutStep {
  readonly start: number;
  readonly stop: readonly string[];
  /** Tasks are missing, and the limits allow neither to start nor to stop one. */
  readonly blocked: boolean;
}

/**
 * The number of tasks between which a deployment may move: the minimum is rounded up, the maximum down.
 * Source: SDK documentation of DeploymentConfiguration.
 */
export function taskLimits(desired: number, configuration: DeploymentConfiguration): TaskLimits {
  return {
    lowest: Math.ceil((desired * (configuration.minimumHealthyPercent ?? 100)) / 100),
    highest: Math.floor((desired * (configuration.maximumPercent ?? 200)) / 100),
  };
}

/**
 * What the scheduler does next. It starts what is missing as far as the maximum allows; it takes old tasks
 * away one for one as new ones are healthy, and earlier only where there is no other room for new ones and
 * the minimum allows.
 */
export function planRollout(situation: RolloutSituation): RolloutStep {
  const { desired, limits, tasks, places, mayStart } = situation;
  const primary = tasks.filter((task) => task.primary).sort(leastWorthFirst);
  const old = tasks.filter((task) => !task.primary).sort(leastWorthFirst);
  const surplus = primary.slice(0, Math.max(0, primary.length - desired));
  const kept = primary.slice(surplus.length);
  const missing = desired - kept.length;
  if (!mayStart && missing > 0) {
    return { start: 0, stop: surplus.map(({ id }) => id), blocked: false };
  }
  // An old task that runs may answer requests before the scheduler counts it as healthy: it is the first
  // to go, but goes like the healthy ones. One that does not run yet is of no use to anybody.
  const idle = old.filter(({ phase }) => phase === 'pending');
  const serving = old.filter(({ phase }) => phase !== 'pending');
  const healthy = serving.length + kept.filter(({ phase }) => phase === 'healthy').length;
  const room = Math.max(0, limits.highest - kept.length - serving.length);
  const start = Math.min(missing, room, places);
  const beyond = healthy - Math.max(desired, limits.lowest);
  const spare = Math.min(missing - start, healthy - limits.lowest);
  const retired = serving.slice(0, Math.max(0, beyond, spare));
  const stop = [...surplus, ...idle, ...retired].map(({ id }) => id);
  return { start, stop, blocked: missing > 0 && start === 0 && stop.length === 0 };
}

const WORTH: Readonly<Record<TaskPhase, number>> = { pending: 0, running: 1, healthy: 2 };

function leastWorthFirst(a: PlannedTask, b: PlannedTask): number {
  return WORTH[a.phase] - WORTH[b.phase] || b.createdAt - a.createdAt;
}
