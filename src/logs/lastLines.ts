import type { LogsGateway } from '../aws/logsGateway';
import type { LogSource } from './logSource';
import type { LogLine } from './logTarget';

/** Pages are at times empty though there is more: this many are looked at before giving up. */
const MOST_PAGES = 10;

/**
 * The last lines of one container, oldest first.
 * @throws UserError('notFound') when group or stream does not exist
 */
export async function readLastLines(
  logs: LogsGateway,
  source: LogSource,
  count: number,
  signal?: AbortSignal,
): Promise<LogLine[]> {
  const { group, stream, task, container } = source;
  let lines: LogLine[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES && lines.length < count; page++) {
    const request = { group, stream, token, limit: count - lines.length };
    const { events, backwardToken } = await logs.streamEvents(request, signal);
    const older = events.map(({ timestamp = 0, message = '' }, index) => ({
      timestamp,
      task,
      container,
      message,
      id: `${stream} ${token ?? ''} ${index}`,
    }));
    lines = [...older, ...lines];
    if (backwardToken === undefined || backwardToken === token) {
      break;
    }
    token = backwardToken;
  }
  return lines;
}
