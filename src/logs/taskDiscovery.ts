import type { Task, TaskDefinition } from '@aws-sdk/client-ecs';
import { resourceName } from '../aws/arn';
import type { EcsGateway } from '../aws/ecsGateway';
import { chunk, type Page } from '../aws/page';
import { UserError } from '../base/errors';
import { logSourcesOf, type LogSource, type LogSources } from './logSource';
import type { LogTarget } from './logTarget';

export interface DiscoveredTask {
  /** Short id. */
  readonly id: string;
  readonly sources: readonly LogSource[];
  /** True when ECS says STOPPED, or has forgotten the task. */
  readonly ended: boolean;
  readonly stoppedAt: Date | undefined;
}

export interface Discovery {
  readonly tasks: readonly DiscoveredTask[];
  readonly notices: readonly string[];
  /** True when the service that was followed is no more: no further task will come. */
  readonly serviceGone: boolean;
}

/** Looks, again and again, for the tasks of a target, and remembers the task definitions it has read. */
export class TaskDiscovery {
  private readonly definitions = new Map<string, Promise<TaskDefinition>>();
  private known = new Map<string, DiscoveredTask>();
  private looked = false;

  constructor(
    private readonly ecs: EcsGateway,
    private readonly target: LogTarget,
  ) {
    if (target.service === undefined && target.task === undefined) {
      throw new UserError('invalidInput', 'Name the service or the task whose logs to follow.');
    }
  }

  /**
   * All tasks of the target that ECS still knows, and those that it has forgotten since the last look.
   * @throws UserError('notFound') when a task target was never found
   */
  async look(signal?: AbortSignal): Promise<Discovery> {
    const { task } = this.target;
    const listed =
      task === undefined ? await this.lookForService(signal) : await this.lookForTask(task, signal);
    const found = listed ?? (await this.lookForRest(signal));
    const notices: string[] = [];
    const tasks = new Map<string, DiscoveredTask>();
    for (const each of found.items) {
      const discovered = await this.describe(each, notices, signal);
      tasks.set(discovered.id, discovered);
    }
    // A describe call that failed says nothing about its tasks; one that answered MISSING does.
    const unknown = new Set(
      found.failures.filter(({ error }) => error !== undefined).map(({ id }) => resourceName(id)),
    );
    for (const [id, before] of this.known) {
      if (!tasks.has(id) && !before.ended) {
        tasks.set(id, { ...before, ended: !unknown.has(id) });
      }
    }
    this.known = tasks;
    return { tasks: [...tasks.values()], notices, serviceGone: listed === undefined };
  }

  /** @returns `undefined` when the service is gone */
  private async lookForService(signal?: AbortSignal): Promise<Page<Task> | undefined> {
    const { cluster, service = '' } = this.target;
    const items = new Map<string, Task>();
    const failures: Page<Task>['failures'][number][] = [];
    try {
      for (const desiredStatus of ['RUNNING', 'STOPPED'] as const) {
        for await (const page of this.ecs.tasks(cluster, { service, desiredStatus }, signal)) {
          page.items.forEach((task) => items.set(task.taskArn ?? '', task));
          failures.push(...page.failures);
        }
      }
    } catch (error) {
      // A service that was deleted is "not active" or "not found"; before the first look it is a mistake.
      const gone = error instanceof UserError && (error.reason === 'notFound' || error.reason === 'conflict');
      if (gone && this.looked) {
        return undefined;
      }
      throw error;
    }
    this.looked = true;
    return { items: [...items.values()], failures };
  }

  /** The tasks of a service that is no more: they may still be writing. */
  private async lookForRest(signal?: AbortSignal): Promise<Page<Task>> {
    const running = [...this.known.values()].filter(({ ended }) => !ended).map(({ id }) => id);
    const pages = await Promise.all(
      chunk(running, 100).map((ids) => this.ecs.describeTasks(this.target.cluster, ids, signal)),
    );
    return { items: pages.flatMap(({ items }) => items), failures: [] };
  }

  private async lookForTask(task: string, signal?: AbortSignal): Promise<Page<Task>> {
    const page = await this.ecs.describeTasks(this.target.cluster, [task], signal);
    if (page.items.length === 0 && this.known.size === 0) {
      const why = page.failures[0]?.reason ?? 'MISSING';
      throw new UserError(
        'notFound',
        `ECS knows no task ${resourceName(task)} in cluster ${resourceName(this.target.cluster)}; it forgets a task about an hour after its end: ${why}`,
      );
    }
    return page;
  }

  private async describe(task: Task, notices: string[], signal?: AbortSignal): Promise<DiscoveredTask> {
    const id = resourceName(task.taskArn ?? '');
    const ended = task.lastStatus === 'STOPPED';
    const before = this.known.get(id);
    if (before) {
      return { ...before, ended, stoppedAt: task.stoppedAt };
    }
    const definition = await this.definition(task.taskDefinitionArn ?? '', signal);
    const { sources, notices: found } = logSourcesOf(
      definition,
      id,
      this.ecs.context.region,
      this.target.container,
    );
    notices.push(...found);
    return { id, sources, ended, stoppedAt: task.stoppedAt };
  }

  private definition(id: string, signal?: AbortSignal): Promise<TaskDefinition> {
    let definition = this.definitions.get(id);
    if (!definition) {
      definition = this.ecs.taskDefinition(id, signal).then((found) => found.taskDefinition);
      this.definitions.set(id, definition);
      definition.catch(() => this.definitions.delete(id));
    }
    return definition;
  }
}

/**
 * Where the lines of a target are, as of now.
 * @throws UserError when ECS cannot be asked, or has no such task
 */
export async function resolveLogSources(
  ecs: EcsGateway,
  target: LogTarget,
  signal?: AbortSignal,
): Promise<LogSources> {
  const { tasks, notices } = await new TaskDiscovery(ecs, target).look(signal);
  return { sources: tasks.flatMap(({ sources }) => sources), notices: [...new Set(notices)] };
}
