import type { EcsState } from './ecsState';
import { definitionOf } from './findTaskDefinition';
import { fixedHostPorts } from './hostPorts';
import { planRollout, taskLimits, type PlannedTask } from './planRollout';
import { failureThreshold } from './circuitBreaker';
import { breakCircuit, completeDeployment, stopAsRequested } from './rollout';
import type { DeploymentRecord, ServiceRecord, TaskDefinitionRecord, TaskRecord } from './records';
import { ServiceChange } from './serviceChange';
import { serviceEvents } from './serviceEvents';
import { readTags } from './tags';
import type { TaskLedger } from './taskLedger';

/** Milliseconds; ECS's own are minutes, the sandbox's are what a person likes to wait. */
export interface SchedulerTiming {
  /** A task without health check counts as healthy when it has run this long. */
  readonly healthyAfter: number;
  /** The wait after one failed task; it doubles with each further one in a row. */
  readonly retryDelay: number;
  readonly longestRetryDelay: number;
}

export const SANDBOX_TIMING: SchedulerTiming = {
  healthyAfter: 2000,
  retryDelay: 1000,
  longestRetryDelay: 15_000,
};

/** Failures in a row after which ECS says that the service cannot start tasks. */
const FAILURES_WORTH_SAYING = 3;

/** Compares what a service wants with what it has, and does what is next. */
export class ServiceReconciler {
  constructor(
    private readonly state: EcsState,
    private readonly ledger: TaskLedger,
    private readonly timing: SchedulerTiming,
  ) {}

  /** @returns when to look again although nothing has been reported, in epoch milliseconds */
  reconcile(key: string, now: number): number | undefined {
    const service = this.state.services.get(key);
    if (!service || service.status === 'INACTIVE') {
      return undefined;
    }
    const change = new ServiceChange(this.state, key, service, now);
    if (change.serviceDeployment.status === 'PENDING') {
      change.setServiceDeployment({ status: 'IN_PROGRESS', startedAt: now });
    }
    let due: number | undefined;
    const lookAgainAt = (time: number): void => {
      due = Math.min(due ?? time, time);
    };
    for (const task of this.ledger.ofService(key)) {
      this.takeIntoAccount(change, task, lookAgainAt);
    }
    stopAsRequested(change);
    this.checkCircuit(change);
    this.move(change, lookAgainAt);
    const visible = (change.serviceDeployment.rollback?.startedAt ?? -Infinity) + this.timing.retryDelay;
    if (now < visible) {
      // A rollback to tasks that still run would be over before anybody could see it.
      lookAgainAt(visible);
    } else {
      this.settle(change);
    }
    change.commit();
    return due;
  }

  /** Notices what has become of a task since the last look. */
  private takeIntoAccount(
    change: ServiceChange,
    task: TaskRecord,
    lookAgainAt: (time: number) => void,
  ): void {
    const { state } = task;
    if (state.desiredStatus === 'STOPPED') {
      // Counted when it begins to end: the plan would replace it from then on.
      if (task.endSeen !== true && state.stopCode !== undefined) {
        this.ledger.note(task, { endSeen: true });
        if (state.stopCode === 'TaskFailedToStart' || state.stopCode === 'EssentialContainerExited') {
          this.countFailure(change, task);
        }
      }
      return;
    }
    if (state.lastStatus !== 'RUNNING') {
      return;
    }
    const runningSince = state.times.startedAt ?? change.now;
    if (state.healthStatus === 'UNHEALTHY') {
      const grace = (change.service.healthCheckGracePeriodSeconds ?? 0) * 1000;
      if (change.now < runningSince + grace) {
        lookAgainAt(runningSince + grace);
        return;
      }
      change.say(serviceEvents.failedHealthChecks(task));
      change.say(serviceEvents.stoppedRunning([task]));
      this.ledger.stop(task, 'ServiceSchedulerInitiated', 'Task failed container health checks');
      this.countFailure(change, task);
    } else if (task.wasHealthy !== true) {
      const awaitsCheck = this.hasHealthCheck(task);
      const ready = runningSince + this.timing.healthyAfter;
      if (awaitsCheck ? state.healthStatus === 'HEALTHY' : change.now >= ready) {
        this.ledger.note(task, { wasHealthy: true });
        this.countSuccess(change, task);
      } else if (!awaitsCheck) {
        lookAgainAt(ready);
      }
    }
  }

  private countFailure(change: ServiceChange, task: TaskRecord): void {
    const { service, primary, now } = change;
    if (task.deploymentId !== primary.id) {
      return;
    }
    const failuresInRow = service.failuresInRow + 1;
    const wait = Math.min(this.timing.longestRetryDelay, this.timing.retryDelay * 2 ** (failuresInRow - 1));
    change.set({ failuresInRow, startNotBefore: now + wait, steady: false });
    if (task.state.stopCode === 'TaskFailedToStart' && task.state.stoppedReason !== undefined) {
      change.say(serviceEvents.unableToPlace(task.state.stoppedReason));
    }
    if (failuresInRow % FAILURES_WORTH_SAYING === 0) {
      change.say(serviceEvents.unableToStart());
    }
    if (primary.rolloutState === 'IN_PROGRESS') {
      this.setFailedTasks(change, primary.failedTasks + 1);
    }
  }

  private countSuccess(change: ServiceChange, task: TaskRecord): void {
    const { primary, service } = change;
    if (task.deploymentId !== primary.id) {
      return;
    }
    change.set({ failuresInRow: 0, startNotBefore: 0 });
    const breaker = service.deploymentConfiguration.deploymentCircuitBreaker;
    if (primary.failedTasks > 0 && breaker?.resetOnHealthyTask !== false) {
      this.setFailedTasks(change, 0);
    }
  }

  private setFailedTasks(change: ServiceChange, failedTasks: number): void {
    change.setPrimary({ failedTasks });
    const { circuitBreaker } = change.serviceDeployment;
    change.setServiceDeployment({ circuitBreaker: { ...circuitBreaker, failureCount: failedTasks } });
  }

  private checkCircuit(change: ServiceChange): void {
    const { service, primary } = change;
    const configuration = service.deploymentConfiguration;
    if (
      configuration.deploymentCircuitBreaker?.enable === true &&
      primary.rolloutState === 'IN_PROGRESS' &&
      primary.failedTasks >= failureThreshold(service.desiredCount, configuration)
    ) {
      breakCircuit(change);
    }
  }

  /** Starts and stops tasks. */
  private move(change: ServiceChange, lookAgainAt: (time: number) => void): void {
    const { service, primary, now } = change;
    const waiting = now < service.startNotBefore;
    const tasks = this.alive(change.key).filter(({ state }) => state.desiredStatus === 'RUNNING');
    const definition = definitionOf(this.state, service.region, primary.settings.taskDefinition);
    const places = this.freePlaces(definition);
    const step = planRollout({
      desired: service.desiredCount,
      limits: taskLimits(service.desiredCount, service.deploymentConfiguration),
      tasks: tasks.map((task) => this.plan(task, primary)),
      places,
      mayStart: primary.rolloutState !== 'FAILED' && !waiting,
    });
    if (waiting) {
      lookAgainAt(service.startNotBefore);
    }
    this.stopTasks(
      change,
      tasks.filter(({ taskId }) => step.stop.includes(taskId)),
    );
    if (step.start > 0 && definition) {
      this.startTasks(change, definition, step.start);
    }
    if (step.blocked && tasks.length === this.alive(change.key).length) {
      this.sayOnce(change, places === 0 ? serviceEvents.portsTaken() : serviceEvents.blocked());
    }
    const ours = tasks.filter(({ deploymentId }) => deploymentId === primary.id);
    if (places === 0 && ours.length < service.desiredCount) {
      // The ports may be another service's, whose changes are not reported here.
      lookAgainAt(now + this.timing.retryDelay);
    }
    if (service.steady && (step.start > 0 || step.stop.length > 0 || step.blocked)) {
      change.set({ steady: false });
    }
  }

  /** Says what goes on being true only where it is not the last thing that was said. */
  private sayOnce(change: ServiceChange, message: string): void {
    const last = this.state.events.get(change.key)?.[0]?.message;
    if (last?.endsWith(message) !== true) {
      change.say(message);
    }
  }

  /** How many more tasks of this definition the host has the ports for. */
  private freePlaces(definition: TaskDefinitionRecord | undefined): number {
    if (!definition || fixedHostPorts(definition).length === 0) {
      return Infinity;
    }
    return this.ledger.canPlace(definition) ? 1 : 0;
  }

  private startTasks(change: ServiceChange, definition: TaskDefinitionRecord, count: number): void {
    const { service, primary } = change;
    const started = Array.from({ length: count }, () =>
      this.ledger.launch({
        place: service,
        cluster: service,
        definition,
        placement: primary.settings,
        group: `service:${service.serviceName}`,
        startedBy: primary.id,
        service: service.serviceName,
        deploymentId: primary.id,
        enableExecuteCommand: service.attributes['enableExecuteCommand'] === true,
        tags: this.taskTags(service, definition),
      }),
    );
    change.say(serviceEvents.started(started));
  }

  private stopTasks(change: ServiceChange, tasks: readonly TaskRecord[]): void {
    const pending = tasks.filter(({ state }) => state.lastStatus !== 'RUNNING');
    const running = tasks.filter(({ state }) => state.lastStatus === 'RUNNING');
    const reason = `Scaling activity initiated by (deployment ${change.primary.id})`;
    for (const task of tasks) {
      this.ledger.stop(task, 'ServiceSchedulerInitiated', reason);
    }
    if (pending.length > 0) {
      change.say(serviceEvents.stoppedPending(pending.length));
    }
    if (running.length > 0) {
      change.say(serviceEvents.stoppedRunning(running));
    }
  }

  /** Drops deployments that have drained, and says when the service has what it wants. */
  private settle(change: ServiceChange): void {
    const alive = this.alive(change.key);
    const { service, primary } = change;
    const left = service.deployments.filter(
      ({ id }) => id === primary.id || alive.some(({ deploymentId }) => deploymentId === id),
    );
    if (left.length < service.deployments.length) {
      change.set({ deployments: left });
    }
    if (service.status === 'DRAINING') {
      if (alive.length === 0) {
        change.set({ status: 'INACTIVE', deployments: [], steady: true });
      }
      return;
    }
    const whole =
      alive.length === service.desiredCount &&
      alive.every((task) => {
        const { primary: ours, phase } = this.plan(task, primary);
        return ours && phase === 'healthy' && task.state.desiredStatus === 'RUNNING';
      });
    if (!whole) {
      return;
    }
    if (primary.rolloutState === 'IN_PROGRESS') {
      completeDeployment(this.state, change);
    }
    if (!change.service.steady && change.primary.rolloutState === 'COMPLETED') {
      change.set({ steady: true });
      change.say(serviceEvents.steady());
    }
  }

  private plan(task: TaskRecord, primary: DeploymentRecord): PlannedTask {
    const { state } = task;
    const healthy = task.wasHealthy === true && state.healthStatus !== 'UNHEALTHY';
    return {
      id: task.taskId,
      primary: task.deploymentId === primary.id,
      phase: state.lastStatus !== 'RUNNING' ? 'pending' : healthy ? 'healthy' : 'running',
      createdAt: task.createdAt,
    };
  }

  private alive(key: string): TaskRecord[] {
    return this.ledger.ofService(key).filter(({ state }) => state.lastStatus !== 'STOPPED');
  }

  /** Only essential containers decide on the health of a task. */
  private hasHealthCheck(task: TaskRecord): boolean {
    const definition = definitionOf(this.state, task.region, task.taskDefinitionArn);
    return (definition?.containerDefinitions ?? []).some(
      ({ essential, healthCheck }) => essential && healthCheck !== undefined,
    );
  }

  private taskTags(service: ServiceRecord, definition: TaskDefinitionRecord) {
    const managed =
      service.attributes['enableECSManagedTags'] === true
        ? [
            { key: 'aws:ecs:clusterName', value: service.clusterName },
            { key: 'aws:ecs:serviceName', value: service.serviceName },
          ]
        : [];
    switch (service.attributes['propagateTags']) {
      case 'SERVICE':
        return [...readTags(this.state, service.region, service.serviceArn), ...managed];
      case 'TASK_DEFINITION':
        return [...readTags(this.state, service.region, definition.taskDefinitionArn), ...managed];
      default:
        return managed;
    }
  }
}
