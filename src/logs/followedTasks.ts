import type { LogReader } from './logReader';
import type { DiscoveredTask } from './taskDiscovery';

interface FollowedTask {
  task: DiscoveredTask;
  /** When its end was seen, by `performance.now()`. */
  endedAt: number | undefined;
}

/** A task that stopped this long ago has no lines under way. */
const LINES_UNDER_WAY_MS = 60_000;

/** Which tasks are read, which have ended, and which of those have given their last line. */
export class FollowedTasks {
  private readonly tasks = new Map<string, FollowedTask>();
  /** Tasks that are read no more, while ECS still lists them. */
  private retired = new Set<string>();

  /** @param since epoch milliseconds: a task that ended before has no line to give */
  constructor(
    private readonly reader: LogReader,
    private readonly since: number,
    private readonly graceMs: number,
  ) {}

  /** Takes what a look has found: reads the new tasks, and notes which have ended. */
  take(found: readonly DiscoveredTask[]): void {
    const added: DiscoveredTask[] = [];
    for (const task of found) {
      const known = this.tasks.get(task.id);
      if (known) {
        known.task = task;
        known.endedAt = task.ended ? (known.endedAt ?? performance.now()) : undefined;
      } else if (!this.retired.has(task.id) && !this.endedBefore(task)) {
        this.tasks.set(task.id, { task, endedAt: task.ended ? performance.now() : undefined });
        added.push(task);
      }
    }
    this.retired = new Set(found.map(({ id }) => id).filter((id) => this.retired.has(id)));
    this.reader.add(added.flatMap(({ sources }) => sources));
  }

  /** True when every task has ended and its last line has been read. */
  get allRead(): boolean {
    return [...this.tasks.values()].every((task) => this.isRead(task, this.graceMs));
  }

  /** Ends the reading of tasks that ended a while ago. */
  retire(): void {
    for (const [id, followed] of this.tasks) {
      if (this.isRead(followed, Math.max(this.graceMs, LINES_UNDER_WAY_MS))) {
        followed.task.sources.forEach((source) => this.reader.remove(source));
        this.tasks.delete(id);
        this.retired.add(id);
      }
    }
  }

  private endedBefore({ ended, stoppedAt }: DiscoveredTask): boolean {
    return ended && stoppedAt !== undefined && stoppedAt.getTime() < this.since - LINES_UNDER_WAY_MS;
  }

  private isRead({ task, endedAt }: FollowedTask, graceMs: number): boolean {
    if (endedAt === undefined) {
      return false;
    }
    const longAgo =
      task.stoppedAt !== undefined && task.stoppedAt.getTime() < Date.now() - LINES_UNDER_WAY_MS;
    const grace = longAgo ? 0 : graceMs;
    return task.sources.every((source) => this.reader.isExhausted(source, endedAt, grace));
  }
}
