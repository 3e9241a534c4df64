import { delay } from '../../base/delay';
import { messageOf } from '../../base/errors';
import type { LogSink } from '../logs/logSink';
import type { ImageLookup } from '../registry/imageLookup';
import { openLogDestination, streamName } from './awslogsWriter';
import { findSandboxImage, parseImageReference } from './imageReference';
import { StartFailure } from './startFailure';
import { planTask, type PlannedContainer } from './taskPlan';
import { TaskReport } from './taskReport';
import type { RunningTask, TaskLaunch, TaskRuntime, TaskStopCode, TaskUpdate } from './taskRuntime';

export interface SimulatedRuntimeOptions {
  readonly images: ImageLookup;
  readonly logs: LogSink;
  readonly registryHost: () => string;
}

const NOTICE = '[simulated] No container engine: this task is not really running.';
/** Milliseconds in each status: long enough to be seen, short enough to wait for. */
const STEP = 150;

/** Acts tasks where there is no engine, and says so wherever a task says anything. */
export class SimulatedRuntime implements TaskRuntime {
  readonly simulated = true;
  private readonly tasks = new Set<SimulatedTask>();

  constructor(private readonly options: SimulatedRuntimeOptions) {}

  run(launch: TaskLaunch, onChange: (update: TaskUpdate) => void): RunningTask {
    const task = new SimulatedTask(launch, this.options, (update) => {
      if (update.lastStatus === 'STOPPED') {
        this.tasks.delete(task);
      }
      onChange(update);
    });
    this.tasks.add(task);
    return task;
  }

  async sweep(): Promise<void> {
    // Nothing is ever left on an engine.
  }

  async close(): Promise<void> {
    await Promise.all(
      [...this.tasks].map((task) => task.stop('TerminationNotice', 'The sandbox was stopped.')),
    );
  }
}

class SimulatedTask implements RunningTask {
  private readonly report: TaskReport;
  private readonly containers: readonly PlannedContainer[];
  private readonly ending = new AbortController();
  private readonly finished: Promise<void>;

  constructor(
    private readonly launch: TaskLaunch,
    private readonly options: SimulatedRuntimeOptions,
    onChange: (update: TaskUpdate) => void,
  ) {
    this.containers = planTask(launch).containers;
    this.report = new TaskReport(
      this.containers.map(({ name, definition }) => ({
        name,
        image: definition.image,
        lastStatus: 'PENDING',
        reason: NOTICE,
        ...(definition.healthCheck && { healthStatus: 'UNKNOWN' as const }),
        networkBindings: [],
      })),
      onChange,
    );
    this.finished = this.live();
  }

  stop(code: TaskStopCode, reason: string): Promise<void> {
    this.requestStop(code, reason);
    return this.finished;
  }

  private requestStop(code: TaskStopCode, reason: string): void {
    if (!this.ending.signal.aborted) {
      this.ending.abort();
      this.report.stopping(code, reason);
    }
  }

  private async live(): Promise<void> {
    await Promise.resolve();
    const { report } = this;
    try {
      report.enter('PROVISIONING');
      this.writeNotices();
      await delay(STEP, this.ending.signal);
      report.enter('PENDING', 'pullStartedAt');
      this.resolveImages();
      await delay(STEP, this.ending.signal);
      report.stamp('pullStoppedAt');
      for (const { name } of this.containers) {
        report.changeContainer(name, { lastStatus: 'RUNNING' });
      }
      report.enter('ACTIVATING');
      report.enter('RUNNING', 'startedAt');
      await delay(STEP, this.ending.signal);
      this.actHealthy();
      await report.until(() => this.ending.signal.aborted);
    } catch (error) {
      this.requestStop('TaskFailedToStart', messageOf(error));
    }
    report.enter('STOPPING');
    for (const { name } of this.containers) {
      report.changeContainer(name, { lastStatus: 'STOPPED' });
    }
    report.stamp('executionStoppedAt');
    report.enter('STOPPED', 'stoppedAt');
  }

  private writeNotices(): void {
    const { logs } = this.options;
    for (const { name, definition } of this.containers) {
      try {
        const destination = openLogDestination(definition, this.launch.region, logs);
        if (destination) {
          const stream = streamName(destination, name, this.launch.taskId, this.launch.taskId);
          const { region, group } = destination;
          logs.ensureStream(region, group, stream);
          logs.append(region, group, stream, [{ timestamp: Date.now(), message: NOTICE }]);
        }
      } catch (error) {
        this.fail(
          name,
          new StartFailure(
            'ResourceInitializationError',
            `failed to validate logger args: ${messageOf(error)} : exit status 1`,
          ),
        );
      }
    }
  }

  /** What the sandbox's own registry does not have could not be run by any engine. */
  private resolveImages(): void {
    const { images, registryHost } = this.options;
    for (const { name, definition } of this.containers) {
      const reference = parseImageReference(definition.image);
      const own = reference && findSandboxImage(reference, registryHost(), this.launch.region);
      const stored = own && images.resolve(own.region, own.repository, own.tagOrDigest);
      if (own && !stored) {
        const { image } = definition;
        this.fail(
          name,
          new StartFailure(
            'CannotPullContainerError',
            `pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: ${image}: not found`,
          ),
        );
      }
      if (stored) {
        this.report.changeContainer(name, { imageDigest: stored.digest });
      }
    }
  }

  private actHealthy(): void {
    const checked = this.containers.filter(({ definition }) => definition.healthCheck);
    for (const { name } of checked) {
      this.report.changeContainer(name, { healthStatus: 'HEALTHY' });
    }
    if (checked.length > 0) {
      this.report.changeHealth('HEALTHY');
    }
  }

  private fail(name: string, failure: StartFailure): never {
    this.report.changeContainer(name, { reason: `${failure.message} [simulated]` });
    throw failure;
  }
}
