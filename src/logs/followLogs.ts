import type { EcsGateway } from '../aws/ecsGateway';
import type { LogsGateway } from '../aws/logsGateway';
import type { LogLine, LogTarget } from './logTarget';

/** Why a follow came to its end. */
export type LogEnd = 'aborted' | 'taskStopped' | 'serviceDeleted' | 'nothingToFollow';

export type LogEvent =
  | { readonly kind: 'lines'; readonly lines: readonly LogLine[] }
  /** Something the reader should know while following goes on: a driver other than awslogs, a retry, a missing group. */
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'ended'; readonly why: LogEnd; readonly text: string };

export interface FollowOptions {
  /** Where the recent past starts: a date or epoch milliseconds. */
  readonly since?: Date | number;
  /** Milliseconds between two looks for new lines. */
  readonly pollMs?: number;
}

export interface LogGateways {
  readonly ecs: EcsGateway;
  readonly logs: LogsGateway;
}

export async function* followLogs(
  gateways: LogGateways,
  target: LogTarget,
  options: FollowOptions,
  signal: AbortSignal,
): AsyncGenerator<LogEvent, void, void> {
  void [gateways, target, options, signal];
  yield await Promise.reject(new Error('being written'));
}
