import { resourceName } from '../aws/arn';
import type { EcsGateway } from '../aws/ecsGateway';
import type { LogsGateway } from '../aws/logsGateway';
import { delay } from '../base/delay';
import { isCancellation } from '../base/errors';
import { FollowedTasks } from './followedTasks';
import { LineOrder } from './lineOrder';
import { LogReader } from './logReader';
import type { LogLine, LogTarget } from './logTarget';
import { TaskDiscovery, type Discovery } from './taskDiscovery';
import { TaskWatch } from './taskWatch';

/** Why a follow came to its end. */
export type LogEnd = 'aborted' | 'taskStopped' | 'serviceDeleted' | 'nothingToFollow';

export type LogEvent =
  | { readonly kind: 'lines'; readonly lines: readonly LogLine[] }
  /** Something the reader should know while following goes on: a driver other than awslogs, a retry, a missing group. */
  | { readonly kind: 'notice'; readonly text: string }
  /** Always the last event. */
  | { readonly kind: 'ended'; readonly why: LogEnd; readonly text: string };

export interface FollowOptions {
  /** Where the recent past starts: a date or epoch milliseconds. Default ten minutes ago, or before the task's end. */
  readonly since?: Date | number;
  /** Milliseconds between two looks for new lines. Default 1000. */
  readonly pollMs?: number;
  /** Milliseconds between two looks for new tasks. Default three times `pollMs`. */
  readonly discoverMs?: number;
  /** Milliseconds a line is held, when there are several streams, for older ones to come. Default 1000. */
  readonly holdMs?: number;
  /** Milliseconds after a task's end in which its last lines are waited for. Default 5000. */
  readonly graceMs?: number;
}

export interface LogGateways {
  readonly ecs: EcsGateway;
  readonly logs: LogsGateway;
}

const RECENT_MS = 10 * 60_000;

/**
 * Gives every line of a target's containers, once: the recent past in time order, then what is written, with
 * the tasks that replace others, until the signal is aborted. Following one task ends by itself when the task
 * has stopped and its last line has been given. What hinders is a notice, and tried again.
 *
 * A line that arrives late comes when it arrives, behind newer ones that have been given. It is found up to
 * ten minutes behind the newest line, at the least half a minute where lines come by the ten thousands.
 *
 * @throws UserError when at the start there is no such service or task, or no right to see it
 */
export async function* followLogs(
  gateways: LogGateways,
  target: LogTarget,
  options: FollowOptions,
  signal: AbortSignal,
): AsyncGenerator<LogEvent, void, void> {
  const order = new LineOrder(options.holdMs ?? 1000);
  // What runs in the background ends with the caller's interest, be it by the signal or by leaving the loop.
  const leaving = new AbortController();
  try {
    yield* follow(gateways, target, options, order, AbortSignal.any([signal, leaving.signal]));
  } catch (error) {
    if (!signal.aborted || !isCancellation(error)) {
      throw error;
    }
    yield* linesEvent(order.flush());
    yield { kind: 'ended', why: 'aborted', text: 'Following has been stopped.' };
  } finally {
    leaving.abort();
  }
}

async function* follow(
  { ecs, logs }: LogGateways,
  target: LogTarget,
  options: FollowOptions,
  order: LineOrder,
  signal: AbortSignal,
): AsyncGenerator<LogEvent, void, void> {
  const pollMs = options.pollMs ?? 1000;
  const watch = new TaskWatch(new TaskDiscovery(ecs, target), options.discoverMs ?? 3 * pollMs);
  for await (const text of watch.start(signal)) {
    yield { kind: 'notice', text };
  }
  const since = startOf(options, target, watch.current);
  const reader = new LogReader(logs, since, pollMs);
  const followed = new FollowedTasks(reader, since, options.graceMs ?? 5000);
  for (;;) {
    followed.take(watch.current.tasks);
    for (const text of [...watch.takeNotices(), ...reader.takeNotices()]) {
      yield { kind: 'notice', text };
    }
    for await (const lines of reader.cycle(signal)) {
      if (reader.streams > 1) {
        order.add(lines, performance.now());
        yield* linesEvent(order.release(performance.now()));
      } else {
        yield* linesEvent(order.flush());
        yield* linesEvent(lines);
      }
    }
    yield* linesEvent(order.release(performance.now()));
    const ended = endOf(target, watch.current, followed);
    if (ended) {
      yield* linesEvent(order.flush());
      yield ended;
      return;
    }
    followed.retire();
    watch.lookWhenDue(signal);
    await delay(reader.behind ? 0 : pollMs, signal);
  }
}

function startOf(options: FollowOptions, target: LogTarget, { tasks }: Discovery): number {
  if (options.since !== undefined) {
    return Number(options.since);
  }
  const stoppedAt = target.task === undefined ? undefined : tasks[0]?.stoppedAt;
  return (stoppedAt?.getTime() ?? Date.now()) - RECENT_MS;
}

function endOf(
  target: LogTarget,
  { tasks, serviceGone }: Discovery,
  followed: FollowedTasks,
): Extract<LogEvent, { kind: 'ended' }> | undefined {
  if (target.task !== undefined) {
    const task = resourceName(target.task);
    if (tasks.length > 0 && tasks.every(({ sources }) => sources.length === 0)) {
      return {
        kind: 'ended',
        why: 'nothingToFollow',
        text: `The task ${task} has no log that can be read here.`,
      };
    }
    return followed.allRead
      ? { kind: 'ended', why: 'taskStopped', text: `The task ${task} has stopped. This was its last line.` }
      : undefined;
  }
  if (serviceGone && followed.allRead) {
    const text = `The service ${resourceName(target.service ?? '')} has been deleted. This was its last line.`;
    return { kind: 'ended', why: 'serviceDeleted', text };
  }
  return undefined;
}

function* linesEvent(lines: readonly LogLine[]): Generator<LogEvent, void, void> {
  if (lines.length > 0) {
    yield { kind: 'lines', lines };
  }
}
