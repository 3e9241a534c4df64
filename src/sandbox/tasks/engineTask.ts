import { messageOf } from '../../base/errors';
import type { Command } from '../../base/process';
import type { ContainerInspection } from '../../containers/containerInspection';
import { createVolume, removeContainers, removeVolumes } from '../../containers/controlContainer';
import { openLogDestination, type LogDestination } from './awslogsWriter';
import { ContainerActor, type ActorTask } from './containerActor';
import { findHostPath } from './containerSpec';
import type { EngineServices } from './engineServices';
import { StartFailure } from './startFailure';
import { needsPause } from './taskNetwork';
import { planTask, type PlannedContainer, type TaskPlan } from './taskPlan';
import { TaskReport } from './taskReport';
import type { RunningTask, TaskLaunch, TaskStopCode, TaskUpdate } from './taskRuntime';

/** A task whose containers run on an engine, from its launch until nothing is left of it. */
export class EngineTask implements RunningTask, ActorTask {
  readonly launch: TaskLaunch;
  readonly services: EngineServices;
  readonly plan: TaskPlan;
  readonly report: TaskReport;
  readonly labels: Readonly<Record<string, string>>;
  /** The engine's names, by the task definition's. */
  readonly volumeNames: ReadonlyMap<string, string>;
  readonly containerNames: ReadonlyMap<string, string>;
  readonly addresses = new Map<string, string>();
  pause: ContainerInspection | undefined;

  private readonly ending = new AbortController();
  private readonly hurrying = new AbortController();
  private readonly actors: ReadonlyMap<string, ContainerActor>;
  private readonly pauseName: string;
  private readonly finished: Promise<void>;

  constructor(launch: TaskLaunch, services: EngineServices, onChange: (update: TaskUpdate) => void) {
    this.launch = launch;
    this.services = services;
    this.plan = planTask(launch, services.secrets);
    const { family, revision } = launch.taskDefinition;
    this.labels = {
      ...services.labels,
      'aws-containers.task': launch.taskArn,
      // What the ECS agent puts on its containers.
      'com.amazonaws.ecs.cluster': launch.cluster,
      'com.amazonaws.ecs.task-arn': launch.taskArn,
      'com.amazonaws.ecs.task-definition-family': family,
      'com.amazonaws.ecs.task-definition-version': String(revision),
    };
    const prefix = `ecs-${family}-${revision}`.slice(0, 100);
    const engineName = (name: string): string => `${prefix}-${name}-${launch.taskId}`;
    this.pauseName = engineName('internal-pause');
    this.containerNames = new Map(this.plan.containers.map(({ name }) => [name, engineName(name)]));
    this.volumeNames = new Map(
      this.plan.volumes
        .filter(({ name }) => findHostPath(this.plan, name) === undefined)
        .map(({ name, dockerVolumeConfiguration }) => [
          name,
          dockerVolumeConfiguration?.scope === 'shared' ? `ecs-shared-${name}` : engineName(`volume-${name}`),
        ]),
    );
    this.report = new TaskReport(
      this.plan.containers.map(({ name, definition }) => ({
        name,
        image: definition.image,
        lastStatus: 'PENDING',
        ...(definition.healthCheck && { healthStatus: 'UNKNOWN' as const }),
        networkBindings: [],
      })),
      onChange,
    );
    this.actors = new Map(
      this.plan.containers.map((container) => [container.name, new ContainerActor(this, container)]),
    );
    this.finished = this.live();
  }

  /** Aborted as soon as the task is to stop, for whatever reason. */
  get endingSignal(): AbortSignal {
    return this.ending.signal;
  }

  /** Aborted when there is no time left to ask containers politely. */
  get hurrySignal(): AbortSignal {
    return this.hurrying.signal;
  }

  stop(code: TaskStopCode, reason: string): Promise<void> {
    this.requestStop(code, reason);
    return this.finished;
  }

  /** Stops without waiting for any `stopTimeout`. */
  stopQuickly(code: TaskStopCode, reason: string): Promise<void> {
    this.requestStop(code, reason);
    this.hurrying.abort();
    this.report.wake();
    return this.finished;
  }

  /** The first reason counts. */
  requestStop(code: TaskStopCode, reason: string): void {
    if (this.ending.signal.aborted) {
      return;
    }
    const wasRunning = this.report.task.lastStatus === 'RUNNING';
    this.ending.abort();
    this.report.stopping(code, reason);
    if (wasRunning) {
      this.report.enter('DEACTIVATING');
    }
    this.report.enter('STOPPING');
  }

  /** The task is as healthy as the least healthy of its essential containers that are checked. */
  noteHealth(): void {
    const statuses = this.plan.containers
      .filter(({ essential }) => essential)
      .map(({ name }) => this.report.container(name).healthStatus)
      .filter((status) => status !== undefined);
    this.report.changeHealth(
      statuses.includes('UNHEALTHY')
        ? 'UNHEALTHY'
        : statuses.every((status) => status === 'HEALTHY')
          ? 'HEALTHY'
          : 'UNKNOWN',
    );
  }

  actor(name: string): ContainerActor | undefined {
    return this.actors.get(name);
  }

  dependantsOf(name: string): ContainerActor[] {
    return [...this.actors.values()].filter(({ container }) =>
      container.dependencies.some((dependency) => dependency.container === name),
    );
  }

  private async live(): Promise<void> {
    // Whoever has launched the task gets to hold it before it hears of it.
    await Promise.resolve();
    const running: Promise<void>[] = [];
    try {
      this.report.enter('PROVISIONING');
      const destinations = this.openLogs();
      await this.setUp();
      this.report.enter('PENDING');
      await this.pullImages();
      for (const actor of this.actors.values()) {
        running.push(actor.live(destinations.get(actor.container.name)));
      }
      const { report } = this;
      await report.until(
        () => this.endingSignal.aborted || [...this.actors.values()].every((actor) => actor.hasStarted),
      );
      if (!this.endingSignal.aborted) {
        report.enter('ACTIVATING');
        report.enter('RUNNING', 'startedAt');
      }
    } catch (error) {
      this.requestStop('TaskFailedToStart', messageOf(error));
    }
    await Promise.all(running);
    this.requestStop('EssentialContainerExited', 'Essential container in task exited');
    for (const { name, lastStatus } of this.report.task.containers) {
      if (lastStatus !== 'STOPPED') {
        this.report.changeContainer(name, { lastStatus: 'STOPPED' });
      }
    }
    this.report.stamp('executionStoppedAt');
    this.report.enter('DEPROVISIONING');
    await this.tearDown();
    this.report.enter('STOPPED', 'stoppedAt');
  }

  private openLogs(): Map<string, LogDestination | undefined> {
    const refuse = (name: string, cause: string): never => {
      const failure = new StartFailure('ResourceInitializationError', cause);
      this.report.changeContainer(name, { reason: failure.message });
      throw failure;
    };
    return new Map(
      this.plan.containers.map(({ name, definition }) => {
        if (definition.environmentFiles?.length) {
          refuse(
            name,
            'failed to download env files: the sandbox has no Amazon S3. Put the variables into "environment" ' +
              `to run the task here: ${definition.environmentFiles.map(({ value }) => value).join(', ')}`,
          );
        }
        try {
          return [name, openLogDestination(definition, this.launch.region, this.services.logs)];
        } catch (error) {
          return refuse(name, `failed to validate logger args: ${messageOf(error)} : exit status 1`);
        }
      }),
    );
  }

  private async setUp(): Promise<void> {
    const { calls, engine, pauses } = this.services;
    if (needsPause(this.plan)) {
      this.pause = await pauses.start(this.pauseName, this.plan, this.labels);
    }
    if (this.plan.networkMode === 'awsvpc') {
      this.report.stamp('connectivityAt');
    }
    for (const name of this.volumeNames.values()) {
      try {
        await calls.call(createVolume(engine, name, this.labels));
      } catch (error) {
        throw new StartFailure('ResourceInitializationError', messageOf(error));
      }
    }
  }

  private async pullImages(): Promise<void> {
    this.report.stamp('pullStartedAt');
    const results = await Promise.allSettled(
      this.plan.containers.map((container) => this.pullImage(container)),
    );
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) {
      throw failed.reason;
    }
    this.report.stamp('pullStoppedAt');
  }

  private async pullImage({ name, definition }: PlannedContainer): Promise<void> {
    try {
      const image = await this.untilEnding(
        this.services.images.provide(definition.image, this.launch.region),
      );
      this.actors.get(name)?.useImage(image.id);
      if (image.digest !== undefined) {
        this.report.changeContainer(name, { imageDigest: image.digest });
      }
    } catch (error) {
      if (error instanceof StartFailure) {
        this.report.changeContainer(name, { reason: error.message });
      }
      throw error;
    }
  }

  /** A task that is told to stop does not wait for a pull that others may wait for, too. */
  private untilEnding<T>(work: Promise<T>): Promise<T> {
    const signal = this.endingSignal;
    return new Promise((resolve, reject) => {
      const give = (): void => reject(new Error('The task was stopped.'));
      if (signal.aborted) {
        give();
      }
      signal.addEventListener('abort', give, { once: true });
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', give));
    });
  }

  private async tearDown(): Promise<void> {
    const { calls, engine } = this.services;
    const volumes = [...this.volumeNames]
      .filter(([name]) => !this.isShared(name))
      .map(([, volume]) => volume);
    const attempt = async (command: Command): Promise<void> => {
      // An engine that has gone, or a container that never was: the sweep by label finds what is left.
      await calls.call(command).catch(() => undefined);
    };
    const pause = needsPause(this.plan) ? [this.pauseName] : [];
    await attempt(removeContainers(engine, [...this.containerNames.values(), ...pause]));
    if (volumes.length > 0) {
      await attempt(removeVolumes(engine, volumes));
    }
  }

  private isShared(volume: string): boolean {
    return (
      this.plan.volumes.find(({ name }) => name === volume)?.dockerVolumeConfiguration?.scope === 'shared'
    );
  }
}
