import type { ContainerState, TaskStatus, TaskStopCode, TaskTime, TaskUpdate } from './taskRuntime';

/** What is known of a task. Every change is reported as a whole new update, and wakes those who wait for it. */
export class TaskReport {
  private current: TaskUpdate;
  private readonly waiting = new Set<() => void>();

  constructor(
    containers: readonly ContainerState[],
    private readonly onChange: (update: TaskUpdate) => void,
  ) {
    this.current = {
      lastStatus: 'PROVISIONING',
      desiredStatus: 'RUNNING',
      healthStatus: 'UNKNOWN',
      times: { createdAt: Date.now() },
      containers,
    };
  }

  get task(): TaskUpdate {
    return this.current;
  }

  container(name: string): ContainerState {
    const found = this.current.containers.find((container) => container.name === name);
    if (!found) {
      throw new Error(`The task has no container of this name: ${name}`);
    }
    return found;
  }

  /** @param time is set to now with the status */
  enter(lastStatus: TaskStatus, time?: TaskTime): void {
    this.change({ lastStatus, ...(time && { times: this.stamped(time) }) });
  }

  stamp(time: TaskTime): void {
    this.change({ times: this.stamped(time) });
  }

  stopping(stopCode: TaskStopCode, stoppedReason: string): void {
    this.change({ desiredStatus: 'STOPPED', stopCode, stoppedReason, times: this.stamped('stoppingAt') });
  }

  changeContainer(name: string, changes: Partial<ContainerState>): void {
    this.change({
      containers: this.current.containers.map((container) =>
        container.name === name ? { ...container, ...changes } : container,
      ),
    });
  }

  changeHealth(healthStatus: TaskUpdate['healthStatus']): void {
    if (healthStatus !== this.current.healthStatus) {
      this.change({ healthStatus });
    }
  }

  /**
   * Settles when `check` holds, which is asked after every change.
   * @throws what `check` throws
   */
  until(check: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const ask = (): void => {
        try {
          if (check()) {
            this.waiting.delete(ask);
            resolve();
          }
        } catch (error) {
          this.waiting.delete(ask);
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      this.waiting.add(ask);
      ask();
    });
  }

  /** Makes those who wait ask again, after something that is not in the report has changed. */
  wake(): void {
    for (const ask of [...this.waiting]) {
      ask();
    }
  }

  private stamped(time: TaskTime): TaskUpdate['times'] {
    return { ...this.current.times, [time]: this.current.times[time] ?? Date.now() };
  }

  private change(changes: Partial<TaskUpdate>): void {
    this.current = { ...this.current, ...changes };
    this.onChange(this.current);
    this.wake();
  }
}
