import { delay } from '../../base/delay';
import { messageOf } from '../../base/errors';
import type { ContainerInspection } from '../../containers/containerInspection';
import { execInContainer, killContainer } from '../../containers/controlContainer';
import { createContainer, type ContainerNetwork } from '../../containers/runContainer';
import { AwslogsWriter, streamName, type LogDestination } from './awslogsWriter';
import { ContainerRun, type ContainerExit } from './containerRun';
import { buildContainerSpec } from './containerSpec';
import { judgeDependency, type DependencyState } from './dependencyVerdict';
import type { EngineServices } from './engineServices';
import { healthProgram, watchHealth } from './healthCheck';
import { StartFailure } from './startFailure';
import type { PlannedContainer, TaskPlan } from './taskPlan';
import type { TaskReport } from './taskReport';
import type { ContainerState, PortBinding, TaskLaunch, TaskStopCode } from './taskRuntime';

/** Seconds; the defaults of the ECS API. */
const STOP_TIMEOUT = 30;
const RESTART_ATTEMPT_PERIOD = 300;
/** Milliseconds that a container gets when the whole sandbox stops. */
const HURRIED_STOP = 2_000;
/** Milliseconds after which an engine that was told to kill is taken for dead. */
const KILL_PATIENCE = 10_000;
/** What ECS gives to a container whose dependency can never be met. */
const NEVER_STARTED_EXIT_CODE = 143;
/** 128 and SIGKILL. */
const KILLED_EXIT_CODE = 137;

/** What a container knows of its task. Maps are keyed by names of the task definition. */
export interface ActorTask {
  readonly launch: TaskLaunch;
  readonly plan: TaskPlan;
  readonly report: TaskReport;
  readonly services: EngineServices;
  readonly labels: Readonly<Record<string, string>>;
  /** The engine's names. */
  readonly volumeNames: ReadonlyMap<string, string>;
  readonly containerNames: ReadonlyMap<string, string>;
  /** Of the containers on the bridge network that have started. */
  readonly addresses: Map<string, string>;
  /** The container that holds the task's namespaces. */
  readonly pause: ContainerInspection | undefined;
  /** Aborted as soon as the task is to stop, for whatever reason. */
  readonly endingSignal: AbortSignal;
  /** Aborted when there is no time left to ask containers politely. */
  readonly hurrySignal: AbortSignal;
  actor(name: string): ContainerActor | undefined;
  dependantsOf(name: string): readonly ContainerActor[];
  noteHealth(): void;
  requestStop(code: TaskStopCode, reason: string): void;
}

/** One container of a task: waits for its dependencies, runs, is restarted, and ends. */
export class ContainerActor {
  private image: string | undefined;
  private startedAt: number | undefined;
  private exitCode: number | undefined;
  private killed = false;
  private readonly ended = new AbortController();

  constructor(
    private readonly task: ActorTask,
    readonly container: PlannedContainer,
  ) {}

  /** It runs, or has run, or never will. */
  get hasStarted(): boolean {
    return this.startedAt !== undefined || this.hasEnded;
  }

  get hasEnded(): boolean {
    return this.ended.signal.aborted;
  }

  get dependencyState(): DependencyState {
    const { startTimeout } = this.container.definition;
    return {
      startedAt: this.startedAt,
      stopped: this.hasEnded,
      exitCode: this.exitCode,
      healthy: this.state.healthStatus === 'HEALTHY',
      startTimeout: startTimeout === undefined ? undefined : startTimeout * 1000,
    };
  }

  /** @param id the engine's */
  useImage(id: string): void {
    this.image = id;
  }

  /** Settles when the container has ended, or is known never to start. */
  async live(destination: LogDestination | undefined): Promise<void> {
    const { task } = this;
    let startFailed = false;
    let reason: string | undefined;
    try {
      await this.untilDependenciesMet();
      if (!task.endingSignal.aborted) {
        const exit = await this.runToEnd(destination);
        this.exitCode = exit.exitCode;
        reason = this.explain(exit);
      }
    } catch (error) {
      startFailed = true;
      this.exitCode = error instanceof DependencyFailure ? NEVER_STARTED_EXIT_CODE : undefined;
      reason =
        error instanceof StartFailure ? error.message : `CannotStartContainerError: ${messageOf(error)}`;
    }
    this.ended.abort();
    this.change({ lastStatus: 'STOPPED', exitCode: this.exitCode, reason });
    if (this.container.essential) {
      task.report.stamp('executionStoppedAt');
      if (startFailed) {
        task.requestStop('TaskFailedToStart', 'Task failed to start');
      } else {
        task.requestStop('EssentialContainerExited', 'Essential container in task exited');
      }
    }
  }

  private explain({ exitCode, outOfMemory, problem }: ContainerExit): string | undefined {
    if (problem !== undefined) {
      return `CannotInspectContainerError: ${problem}`;
    }
    // Podman often misses that the kernel killed for memory (its monitor is too late): what was killed, had a
    // limit, and not by us.
    const missed =
      this.task.services.engine.id === 'podman' &&
      exitCode === KILLED_EXIT_CODE &&
      !this.killed &&
      (this.container.definition.memory ?? this.task.plan.memory) !== undefined;
    return outOfMemory || missed ? 'OutOfMemoryError: Container killed due to memory usage' : undefined;
  }

  private get state(): ContainerState {
    return this.task.report.container(this.container.name);
  }

  private change(changes: Partial<ContainerState>): void {
    this.task.report.changeContainer(this.container.name, changes);
  }

  private async untilDependenciesMet(): Promise<void> {
    const { task, container } = this;
    await task.report.until(() => {
      if (task.endingSignal.aborted) {
        return true;
      }
      const verdicts = container.dependencies.map((dependency) => {
        const state = task.actor(dependency.container)?.dependencyState ?? { stopped: true, healthy: false };
        return judgeDependency(dependency, container.name, state, Date.now());
      });
      const impossible = verdicts.find((verdict) => verdict.kind === 'impossible');
      if (impossible) {
        throw new DependencyFailure('CannotStartContainerError', impossible.cause);
      }
      return verdicts.every((verdict) => verdict.kind === 'met');
    });
  }

  private async runToEnd(destination: LogDestination | undefined): Promise<ContainerExit> {
    const id = await this.create();
    this.change({ runtimeId: id });
    const { launch, services } = this.task;
    const writer =
      destination &&
      new AwslogsWriter(
        services.logs,
        destination,
        streamName(destination, this.container.name, launch.taskId, id),
      );
    const run = new ContainerRun(services.engine, services.calls, id, {
      onOutput: (text, stream) => writer?.write(text, stream),
      onStarted: (inspection) => this.noteStart(inspection, run),
    });
    for (let startedBefore: number | undefined; ;) {
      const exit = await run.run(startedBefore);
      writer?.end();
      if (!this.shouldRestart(exit)) {
        return exit;
      }
      startedBefore = this.startedAt;
    }
  }

  private async create(): Promise<string> {
    const { plan, services, containerNames, addresses, volumeNames, labels, pause } = this.task;
    const spec = buildContainerSpec(plan, this.container, {
      name: containerNames.get(this.container.name) ?? this.container.name,
      image: this.image ?? '',
      labels: {
        ...labels,
        'aws-containers.container': this.container.name,
        'com.amazonaws.ecs.container-name': this.container.name,
      },
      network: this.chooseNetwork(),
      pause: pause?.id,
      volumes: volumeNames,
      containers: containerNames,
      addresses,
      cpus: plan.cpu === undefined ? undefined : await services.cpus(),
    });
    try {
      // Engines print warnings as well; the id comes last.
      const lines = (await services.calls.call(createContainer(services.engine, spec))).trim().split('\n');
      return lines[lines.length - 1] ?? spec.name;
    } catch (error) {
      throw new StartFailure('CannotCreateContainerError', `Error response from daemon: ${messageOf(error)}`);
    }
  }

  private chooseNetwork(): ContainerNetwork {
    const { plan, pause } = this.task;
    switch (plan.networkMode) {
      case 'awsvpc':
        return pause ? { kind: 'container', container: pause.id } : { kind: 'none' };
      case 'bridge':
        return { kind: 'bridge', publish: this.container.ports };
      case 'host':
      case 'none':
        return { kind: plan.networkMode };
    }
  }

  private noteStart(inspection: ContainerInspection, run: ContainerRun): void {
    const first = this.startedAt === undefined;
    this.startedAt = inspection.startedAt ?? Date.now();
    if (inspection.address !== undefined) {
      this.task.addresses.set(this.container.name, inspection.address);
    }
    this.change({ lastStatus: 'RUNNING', networkBindings: this.listBindings(inspection) });
    if (!first) {
      return;
    }
    const { startTimeout, healthCheck } = this.container.definition;
    if (startTimeout !== undefined) {
      void this.rest(startTimeout * 1000, this.ended.signal).then(() => this.task.report.wake());
    }
    void this.stopWhenAsked(inspection, run);
    const program = healthCheck && healthProgram(healthCheck);
    if (healthCheck && program) {
      void watchHealth(
        healthCheck,
        (timeout) => this.probe(inspection.id, program, timeout),
        (healthStatus) => this.noteHealth(healthStatus),
        this.ended.signal,
      );
    }
  }

  private listBindings(inspection: ContainerInspection): PortBinding[] {
    const { networkMode } = this.task.plan;
    if (networkMode === 'host') {
      return this.container.ports.map(({ containerPort, protocol }) => ({
        bindIP: '0.0.0.0',
        containerPort,
        hostPort: containerPort,
        protocol,
      }));
    }
    const bound = networkMode === 'awsvpc' ? (this.task.pause?.ports ?? []) : inspection.ports;
    return this.container.ports.flatMap(({ containerPort, protocol }) =>
      bound
        .filter((port) => port.containerPort === containerPort && port.protocol === protocol)
        .map(({ hostAddress, hostPort }) => ({ bindIP: hostAddress, containerPort, hostPort, protocol })),
    );
  }

  private async probe(id: string, program: readonly string[], timeout: number): Promise<boolean> {
    const { calls, engine } = this.task.services;
    try {
      await calls.probe(execInContainer(engine, id, program), { timeout, signal: this.ended.signal });
      return true;
    } catch {
      return false;
    }
  }

  private noteHealth(healthStatus: 'HEALTHY' | 'UNHEALTHY'): void {
    if (this.state.healthStatus !== healthStatus) {
      this.change({ healthStatus });
      this.task.noteHealth();
    }
  }

  private shouldRestart({ exitCode }: ContainerExit): boolean {
    const policy = this.container.definition.restartPolicy;
    if (!policy?.enabled || exitCode === undefined || this.task.endingSignal.aborted) {
      return false;
    }
    const ran = Date.now() - (this.startedAt ?? 0);
    return (
      !policy.ignoredExitCodes?.includes(exitCode) &&
      ran >= (policy.restartAttemptPeriod ?? RESTART_ATTEMPT_PERIOD) * 1000
    );
  }

  /** Containers that depend on this one end first, as on ECS. */
  private async stopWhenAsked({ id, stopSignal }: ContainerInspection, run: ContainerRun): Promise<void> {
    const { task } = this;
    await task.report.until(
      () =>
        this.hasEnded ||
        (task.endingSignal.aborted &&
          (task.hurrySignal.aborted ||
            task.dependantsOf(this.container.name).every(({ hasEnded }) => hasEnded))),
    );
    const timeout = (this.container.definition.stopTimeout ?? STOP_TIMEOUT) * 1000;
    await this.kill(id, stopSignal);
    await this.rest(timeout, AbortSignal.any([this.ended.signal, task.hurrySignal]));
    if (task.hurrySignal.aborted) {
      await this.rest(Math.min(timeout, HURRIED_STOP), this.ended.signal);
    }
    this.killed ||= !this.hasEnded;
    await this.kill(id, 'SIGKILL');
    await this.rest(KILL_PATIENCE, this.ended.signal);
    if (!this.hasEnded) {
      run.abandon();
    }
  }

  private async kill(id: string, signal: string): Promise<void> {
    const { calls, engine } = this.task.services;
    if (!this.hasEnded) {
      // It may end by itself at this very moment, or the engine be gone: then waiting shows it.
      await calls.call(killContainer(engine, id, signal)).catch(() => undefined);
    }
  }

  private async rest(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (!signal.aborted) {
      await delay(milliseconds, signal).catch(() => undefined);
    }
  }
}

class DependencyFailure extends StartFailure {}
