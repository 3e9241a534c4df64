import type { OperationHandler } from '../operation';
import {
  type Direction,
  type EventPosition,
  type EventToken,
  formatEventId,
  formatToken,
  parseToken,
} from './eventPosition';
import { compileFilterPattern } from './filterPattern';
import { MAX_PAGE_BYTES, MAX_PAGE_EVENTS, oldestKept } from './getLogEvents';
import type { LogCatalog, LogStream } from './logCatalog';
import { type GroupSelector, selectGroup } from './names';
import { EVENT_OVERHEAD_BYTES } from './putLogEvents';
import { check, invalidParameter } from './refusals';
import { createStreamMerge, type MergeSource } from './streamMerge';

interface FilterLogEventsInput extends GroupSelector {
  readonly logStreamNames?: readonly string[];
  readonly logStreamNamePrefix?: string;
  /** Epoch milliseconds, inclusive. */
  readonly startTime?: number;
  /** Epoch milliseconds, inclusive here, unlike GetLogEvents. */
  readonly endTime?: number;
  readonly filterPattern?: string;
  readonly nextToken?: string;
  readonly limit?: number;
  readonly startFromHead?: boolean;
}

/**
 * A page ends, full or not, when this much has been looked at: pages may be empty, as the service's, and
 * other requests get their turn.
 */
const MAX_SCANNED_EVENTS = 50_000;
const MAX_SCANNED_BYTES = 16 * 1024 * 1024;
const MAX_STREAM_NAMES = 100;

/** FilterLogEvents: the events of several streams, always interleaved in the order of time. */
export function filterLogEventsOperation(catalog: LogCatalog): OperationHandler {
  return (input: FilterLogEventsInput, { region }) => {
    const { limit = MAX_PAGE_EVENTS, filterPattern = '', startFromHead = true } = input;
    const group = selectGroup(input);
    check.range('limit', limit, 1, MAX_PAGE_EVENTS);
    const record = catalog.requireGroup(region, group);
    const streams = selectStreams(input, region, group, catalog);
    const matches = compileFilterPattern(filterPattern);
    const token = input.nextToken === undefined ? undefined : parseToken(input.nextToken);
    const direction = token?.direction ?? (startFromHead ? 'forward' : 'backward');
    const startTime = Math.max(input.startTime ?? 0, oldestKept(record));
    const sources = streams.map((stream) =>
      toSource(stream, { startTime, endTime: input.endTime ?? Infinity }, token),
    );
    const { events, last, more } = scan(sources, direction, matches, limit);
    return {
      events,
      searchedLogStreams: [],
      ...(more && last !== undefined && { nextToken: formatToken(direction, last) }),
    };
  };
}

function selectStreams(
  { logStreamNames, logStreamNamePrefix }: FilterLogEventsInput,
  region: string,
  group: string,
  catalog: LogCatalog,
): LogStream[] {
  if (logStreamNames === undefined) {
    return catalog.streams(region, group).filter(({ name }) => name.startsWith(logStreamNamePrefix ?? ''));
  }
  if (logStreamNamePrefix !== undefined) {
    throw invalidParameter('logStreamNames and logStreamNamePrefix are mutually exclusive parameters.');
  }
  check.range('logStreamNames', logStreamNames.length, 1, MAX_STREAM_NAMES);
  return [...new Set(logStreamNames)].map((name) => catalog.requireStream(region, group, name));
}

/** The run of a stream's events that is within the times and beyond the token. */
function toSource(
  stream: LogStream,
  { startTime, endTime }: { startTime: number; endTime: number },
  token: EventToken | undefined,
): MergeSource {
  const { events, number } = stream;
  let start = events.indexOf({ timestamp: startTime, sequence: 0 });
  let end = events.indexOf({ timestamp: endTime + 1, sequence: 0 });
  if (token !== undefined) {
    const { timestamp, sequence } = token;
    const forward = token.direction === 'forward';
    // Of equal times, streams with a lower number come first: theirs are all before the token.
    const border =
      number === token.stream
        ? { timestamp, sequence: forward ? sequence + 1 : sequence }
        : { timestamp: number < token.stream ? timestamp + 1 : timestamp, sequence: 0 };
    const index = events.indexOf(border);
    start = forward ? Math.max(start, index) : start;
    end = forward ? end : Math.min(end, index);
  }
  return { stream, start, end: Math.max(start, end) };
}

interface Scan {
  readonly events: object[];
  /** The last event that was looked at. */
  readonly last: EventPosition | undefined;
  readonly more: boolean;
}

function scan(
  sources: readonly MergeSource[],
  direction: Direction,
  matches: (message: string) => boolean,
  limit: number,
): Scan {
  const merge = createStreamMerge(sources, direction);
  const events: object[] = [];
  let last: EventPosition | undefined;
  let pageBytes = 0;
  let scannedBytes = 0;
  for (let scanned = 0; merge.peek() !== undefined; scanned += 1) {
    if (events.length === limit || scanned === MAX_SCANNED_EVENTS || scannedBytes > MAX_SCANNED_BYTES) {
      return { events, last, more: true };
    }
    const { stream, event } = merge.read();
    const bytes = Buffer.byteLength(event.message) + EVENT_OVERHEAD_BYTES;
    const position = { timestamp: event.timestamp, stream: stream.number, sequence: event.sequence };
    scannedBytes += bytes;
    if (matches(event.message)) {
      if (pageBytes + bytes > MAX_PAGE_BYTES && events.length > 0) {
        return { events, last, more: true };
      }
      pageBytes += bytes;
      events.push({
        logStreamName: stream.name,
        timestamp: event.timestamp,
        message: event.message,
        ingestionTime: event.ingestionTime,
        eventId: formatEventId(position),
      });
    }
    last = position;
    merge.advance();
  }
  return { events, last, more: false };
}
