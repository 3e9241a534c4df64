import type { OperationHandler } from '../operation';
import type { LogCatalog } from './logCatalog';
import type { LogSinkEvent } from './logSink';
import { checkGroupName, checkStreamName } from './names';
import { check, constraintBroken, invalidParameter } from './refusals';

// Limits: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
const MAX_BATCH_EVENTS = 10_000;
const MAX_BATCH_BYTES = 1_048_576;
const MAX_EVENT_BYTES = 1_048_576;
/** What the service counts for each event beside its message. */
export const EVENT_OVERHEAD_BYTES = 26;
const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
const MAX_AGE = 14 * DAY;
const MAX_LEAD = 2 * HOUR;

interface PutLogEventsInput {
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly logEvents: readonly LogSinkEvent[];
}

/** PutLogEvents. Sequence tokens are accepted and not looked at, as the service does since 2023. */
export function putLogEventsOperation(catalog: LogCatalog): OperationHandler {
  return ({ logGroupName, logStreamName, logEvents }: PutLogEventsInput, { region }) => {
    checkGroupName(logGroupName);
    checkStreamName(logStreamName);
    checkBatch(logEvents);
    const { retentionInDays } = catalog.requireGroup(region, logGroupName);
    const stream = catalog.requireStream(region, logGroupName, logStreamName);
    const now = Date.now();
    const expired = countOlder(
      logEvents,
      retentionInDays === undefined ? -Infinity : now - retentionInDays * DAY,
    );
    const tooOld = countOlder(logEvents, now - MAX_AGE);
    const tooNew = countOlder(logEvents, now + MAX_LEAD + 1);
    const accepted = logEvents.slice(Math.max(expired, tooOld), tooNew);
    if (spanOf(accepted) > DAY) {
      throw invalidParameter(
        'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
      );
    }
    stream.events.append(accepted, now);
    const rejected = {
      ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
      ...(expired > 0 && { expiredLogEventEndIndex: expired }),
      ...(tooNew < logEvents.length && { tooNewLogEventStartIndex: tooNew }),
    };
    return {
      nextSequenceToken: String(stream.events.count()).padStart(56, '0'),
      ...(Object.keys(rejected).length > 0 && { rejectedLogEventsInfo: rejected }),
    };
  };
}

function checkBatch(events: readonly LogSinkEvent[]): void {
  if (events.length === 0 || events.length > MAX_BATCH_EVENTS) {
    throw constraintBroken(
      'logEvents',
      `[${events.length} events]`,
      events.length === 0
        ? 'have length greater than or equal to 1'
        : `have length less than or equal to ${MAX_BATCH_EVENTS}`,
    );
  }
  let size = 0;
  let previous = 0;
  events.forEach(({ timestamp, message }, index) => {
    const member = `logEvents.${index + 1}.member`;
    check.length(`${member}.message`, message, 1, Infinity);
    check.range(`${member}.timestamp`, timestamp, 0, Infinity);
    const bytes = Buffer.byteLength(message);
    if (bytes > MAX_EVENT_BYTES) {
      throw invalidParameter(`Log event too large: ${bytes} bytes exceeds limit of ${MAX_EVENT_BYTES}`);
    }
    if (timestamp < previous) {
      throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
    }
    previous = timestamp;
    size += bytes + EVENT_OVERHEAD_BYTES;
  });
  if (size > MAX_BATCH_BYTES) {
    throw invalidParameter(`Upload too large: ${size} bytes exceeds limit of ${MAX_BATCH_BYTES}`);
  }
}

/** How many events, which are in the order of time, have a timestamp below `time`. */
function countOlder(events: readonly LogSinkEvent[], time: number): number {
  const index = events.findIndex(({ timestamp }) => timestamp >= time);
  return index === -1 ? events.length : index;
}

function spanOf(events: readonly LogSinkEvent[]): number {
  return (events.at(-1)?.timestamp ?? 0) - (events[0]?.timestamp ?? 0);
}
