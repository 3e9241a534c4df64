import type {
  ContainerState,
  RunningTask,
  TaskLaunch,
  TaskRuntime,
  TaskStopCode,
  TaskUpdate,
} from '../../../../src/sandbox/tasks/taskRuntime';

/** What the tasks of an image do by themselves; `manual` leaves it all to the test. */
export type Behaviour = 'runs' | 'cannotStart' | 'crashes' | 'manual';

/** One task on the scripted runtime, with what a test can have happen to it. */
export class ScriptedTask implements RunningTask {
  private state: TaskUpdate;

  constructor(
    readonly launch: TaskLaunch,
    private readonly onChange: (update: TaskUpdate) => void,
    private readonly stubborn: boolean,
  ) {
    this.state = {
      lastStatus: 'PENDING',
      desiredStatus: 'RUNNING',
      healthStatus: 'UNKNOWN',
      times: { createdAt: Date.now() },
      containers: launch.taskDefinition.containerDefinitions.map((definition) => ({
        name: String(definition['name']),
        image: String(definition['image']),
        lastStatus: 'PENDING',
        networkBindings: [],
      })),
    };
  }

  get stopped(): boolean {
    return this.state.lastStatus === 'STOPPED';
  }

  get stopAsked(): boolean {
    return this.state.desiredStatus === 'STOPPED';
  }

  run(): void {
    this.report({
      lastStatus: 'RUNNING',
      times: { ...this.state.times, startedAt: Date.now() },
      containers: this.containers({ lastStatus: 'RUNNING', imageDigest: `sha256:${'ab'.repeat(32)}` }),
    });
  }

  becomes(healthStatus: 'HEALTHY' | 'UNHEALTHY'): void {
    this.report({ healthStatus });
  }

  fail(stoppedReason: string): void {
    this.end('TaskFailedToStart', stoppedReason, {});
  }

  exit(exitCode: number): void {
    this.end('EssentialContainerExited', 'Essential container in task exited', { exitCode });
  }

  /** What a stubborn task does at last. */
  finishStopping(): void {
    this.end(this.state.stopCode ?? 'UserInitiated', this.state.stoppedReason ?? '', { exitCode: 143 });
  }

  stop(stopCode: TaskStopCode, stoppedReason: string): Promise<void> {
    this.report({ lastStatus: 'STOPPING', desiredStatus: 'STOPPED', stopCode, stoppedReason });
    if (!this.stubborn) {
      setImmediate(() => this.finishStopping());
    }
    return Promise.resolve();
  }

  private end(stopCode: TaskStopCode, stoppedReason: string, exit: { exitCode?: number }): void {
    if (this.stopped) {
      return;
    }
    this.report({ lastStatus: 'DEACTIVATING', desiredStatus: 'STOPPED', stopCode, stoppedReason });
    // As on an engine, where a container that has ended is still to be removed.
    setImmediate(() =>
      this.report({
        lastStatus: 'STOPPED',
        times: { ...this.state.times, stoppedAt: Date.now() },
        containers: this.containers({ lastStatus: 'STOPPED', ...exit }),
      }),
    );
  }

  private containers(members: Partial<ContainerState>): ContainerState[] {
    return this.state.containers.map((container) => ({ ...container, ...members }));
  }

  private report(members: Partial<TaskUpdate>): void {
    this.state = { ...this.state, ...members };
    this.onChange(this.state);
  }
}

/** A task runtime without containers whose tasks do what the test says, for the scheduler's logic. */
export class ScriptedRuntime implements TaskRuntime {
  readonly simulated = true;
  readonly tasks: ScriptedTask[] = [];
  /** Tasks asked to stop wait for `finishStopping`. */
  stubborn = false;
  private readonly behaviours = new Map<string, Behaviour>();

  /** Says what tasks do whose first container has this image. */
  script(image: string, behaviour: Behaviour): void {
    this.behaviours.set(image, behaviour);
  }

  /** Tasks that have not ended, of one image where it is given. */
  alive(image?: string): ScriptedTask[] {
    return this.tasks.filter(
      (task) => !task.stopped && (image === undefined || imageOf(task.launch) === image),
    );
  }

  run(launch: TaskLaunch, onChange: (update: TaskUpdate) => void): ScriptedTask {
    const task = new ScriptedTask(launch, onChange, this.stubborn);
    this.tasks.push(task);
    const behaviour = this.behaviours.get(imageOf(launch)) ?? 'runs';
    setImmediate(() => {
      switch (behaviour) {
        case 'runs':
          return task.stopAsked ? undefined : task.run();
        case 'cannotStart':
          return task.fail(`CannotPullContainerError: ${imageOf(launch)}: not found`);
        case 'crashes':
          task.run();
          return task.exit(1);
        case 'manual':
          return undefined;
      }
    });
    return task;
  }

  sweep(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function imageOf(launch: TaskLaunch): string {
  return String(launch.taskDefinition.containerDefinitions[0]?.['image']);
}
