import type { OperationHandler } from '../operation';
import type { EventFile, EventKey } from './eventFile';
import { type EventToken, formatToken, parseToken } from './eventPosition';
import type { GroupRecord, LogCatalog, LogStream } from './logCatalog';
import { checkStreamName, type GroupSelector, selectGroup } from './names';
import { DAY, EVENT_OVERHEAD_BYTES } from './putLogEvents';
import { check, invalidToken } from './refusals';

/** Of GetLogEvents and FilterLogEvents. */
export const MAX_PAGE_EVENTS = 10_000;
export const MAX_PAGE_BYTES = 1_048_576;

interface GetLogEventsInput extends GroupSelector {
  readonly logStreamName: string;
  /** Epoch milliseconds, inclusive. */
  readonly startTime?: number;
  /** Epoch milliseconds, exclusive. */
  readonly endTime?: number;
  readonly nextToken?: string;
  readonly limit?: number;
  readonly startFromHead?: boolean;
}

/** A run of events in the order of time: from `start` up to, not including, `end`. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * GetLogEvents. A token names a border between two events: a forward token gives those after it, a backward
 * token those before it. Where nothing is left in a direction, its token is the one that was given.
 */
export function getLogEventsOperation(catalog: LogCatalog): OperationHandler {
  return (input: GetLogEventsInput, { region }) => {
    const { startTime = 0, endTime = Infinity, limit = MAX_PAGE_EVENTS, startFromHead = false } = input;
    const group = selectGroup(input);
    checkStreamName(input.logStreamName);
    check.range('limit', limit, 1, MAX_PAGE_EVENTS);
    const record = catalog.requireGroup(region, group);
    const stream = catalog.requireStream(region, group, input.logStreamName);
    const { events } = stream;
    const token = readToken(input.nextToken, stream);
    const start = events.indexOf({ timestamp: Math.max(startTime, oldestKept(record)), sequence: 0 });
    const range = { start, end: Math.max(start, events.indexOf({ timestamp: endTime, sequence: 0 })) };
    const forward = token === undefined ? startFromHead : token.direction === 'forward';
    const page = forward
      ? pageForward(events, narrow(range, token && { start: events.indexOf(token) }), limit)
      : pageBackward(events, narrow(range, token && { end: events.indexOf(token) }), limit);
    const empty = page.start === page.end;
    const before = empty ? (token ?? borderAfter(events, page.start - 1)) : events.keyAt(page.start);
    const after = empty ? (token ?? borderAfter(events, page.start - 1)) : borderAfter(events, page.end - 1);
    return {
      events: readRange(events, page),
      nextForwardToken: formatToken('forward', { stream: stream.number, ...after }),
      nextBackwardToken: formatToken('backward', { stream: stream.number, ...before }),
    };
  };
}

/** The time before which a group's retention has removed events. */
export function oldestKept({ retentionInDays }: GroupRecord): number {
  return retentionInDays === undefined ? 0 : Date.now() - retentionInDays * DAY;
}

function readToken(token: string | undefined, stream: LogStream): EventToken | undefined {
  const parsed = token === undefined ? undefined : parseToken(token);
  if (parsed !== undefined && parsed.stream !== stream.number) {
    throw invalidToken();
  }
  return parsed;
}

function narrow(range: Range, to: Partial<Range> = {}): Range {
  const start = Math.min(Math.max(range.start, to.start ?? 0), range.end);
  return { start, end: Math.max(start, Math.min(range.end, to.end ?? Infinity)) };
}

function pageForward(events: EventFile, { start, end }: Range, limit: number): Range {
  let bytes = 0;
  let index = start;
  while (index < end && index - start < limit) {
    bytes += events.sizeAt(index) + EVENT_OVERHEAD_BYTES;
    if (bytes > MAX_PAGE_BYTES && index > start) {
      break;
    }
    index += 1;
  }
  return { start, end: index };
}

function pageBackward(events: EventFile, { start, end }: Range, limit: number): Range {
  let bytes = 0;
  let index = end;
  while (index > start && end - index < limit) {
    bytes += events.sizeAt(index - 1) + EVENT_OVERHEAD_BYTES;
    if (bytes > MAX_PAGE_BYTES && index < end) {
      break;
    }
    index -= 1;
  }
  return { start: index, end };
}

function borderAfter(events: EventFile, index: number): EventKey {
  if (index < 0) {
    return { timestamp: 0, sequence: 0 };
  }
  const { timestamp, sequence } = events.keyAt(index);
  return { timestamp, sequence: sequence + 1 };
}

function readRange(events: EventFile, { start, end }: Range): object[] {
  const reader = events.reader();
  return Array.from({ length: end - start }, (_, offset) => {
    const { timestamp, message, ingestionTime } = reader.read(start + offset);
    return { timestamp, message, ingestionTime };
  });
}
