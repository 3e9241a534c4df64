import type { FilteredLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import type { LogsGateway } from '../aws/logsGateway';
import type { LogSource } from './logSource';
import type { LogLine } from './logTarget';
import { SeenEvents, type SeenLimits } from './seenEvents';

/** Streams that one FilterLogEvents call takes, by the API reference. */
export const COHORT_SIZE = 100;

const LIMITS: SeenLimits = { lateMs: 10 * 60_000, ids: 200_000, leastLateMs: 30_000 };

/** A look back over all that may have come late is made this often at least when it takes several calls... */
const SWEEP_MS = 2000;
/** ...and at most this part of the time is spent on it. */
const SWEEP_SHARE = 10;

/** A read that does not come to an end, since lines come as fast as they are read, is interrupted after this. */
const LONGEST_READ_MS = 2000;

/**
 * Streams of one group that are read together.
 *
 * FilterLogEvents is what reads, not GetLogEvents: it gives each event an id, so that two identical lines
 * of one millisecond stay two and one that is read twice stays one; it takes a hundred streams a call; and
 * what arrives late, with a timestamp that has been passed, is found by reading the time before again. The
 * forward token of GetLogEvents is a position in time: what arrives behind it is never given.
 *
 * So every read starts somewhat back and drops what has been seen. As long as the whole time in which late
 * events are looked for fits one call, each read takes it all; beyond that, most reads start at the newest
 * event, and a look over it all comes from time to time: each event is read a bounded number of times.
 */
export class StreamCohort {
  private readonly members: Map<string, LogSource>;
  private readonly seen: SeenEvents;
  /** Up to where all has been read once; by the service's clock where a writer's runs ahead. */
  private position: number | undefined;
  private sweepPages = Infinity;
  private sweepTook = 0;
  private sweptAt = -Infinity;
  /** When the last look over everything that came to the end began. */
  private wholeReadAt = -Infinity;
  private interrupted = false;
  private readonly freshAt = new Map<string, number>();

  /** @param start epoch milliseconds, inclusive: nothing before it is read */
  constructor(
    readonly group: string,
    sources: readonly LogSource[],
    private readonly start: number,
    private readonly limits: SeenLimits = LIMITS,
  ) {
    this.members = new Map(sources.map((source) => [source.stream, source]));
    this.seen = new SeenEvents(limits);
  }

  get sources(): readonly LogSource[] {
    return [...this.members.values()];
  }

  get size(): number {
    return this.members.size;
  }

  /** True once it has been read to the end, so that it may be read together with others. */
  get caughtUp(): boolean {
    return this.wholeReadAt > -Infinity;
  }

  /** True when the last read was interrupted: there is more to read at once. */
  get behind(): boolean {
    return this.interrupted;
  }

  has(stream: string): boolean {
    return this.members.has(stream);
  }

  remove(stream: string): void {
    this.members.delete(stream);
  }

  /**
   * Reads what is new, page by page, in time order as far as the service gives it so. A failure leaves it
   * where it stood: the next read goes on from there, and gives nothing twice.
   */
  async *read(logs: LogsGateway, signal: AbortSignal): AsyncGenerator<LogLine[], void, void> {
    const began = performance.now();
    const stood = this.position;
    this.interrupted = false;
    const whole = stood === undefined || this.sweepIsDue(began);
    if (whole) {
      this.sweptAt = began;
    }
    const startTime = Math.max(this.start, this.seen.floor, whole ? -Infinity : stood);
    const streams = [...this.members.keys()];
    let token: string | undefined;
    let pages = 0;
    do {
      const page = await logs.filterEvents({ group: this.group, streams, startTime, token }, signal);
      pages++;
      const lines = this.takeNew(page.events, stood === undefined);
      // Where the past is read again its ids are needed until it has been passed.
      const newest = page.events.at(-1)?.timestamp;
      const passed = newest !== undefined && newest >= (stood ?? -Infinity);
      if (passed) {
        this.seen.prune(this.position ?? -Infinity);
      }
      if (lines.length > 0) {
        yield lines;
      }
      token = page.nextToken;
      this.interrupted = token !== undefined && passed && performance.now() - began > LONGEST_READ_MS;
    } while (token && !this.interrupted);
    if (whole) {
      this.sweepPages = pages;
      this.sweepTook = performance.now() - began;
      if (!this.interrupted) {
        this.wholeReadAt = began;
      }
    }
  }

  /**
   * True when all that the stream held at `moment` has been read, and nothing came in the `graceMs` before.
   * @param moment by `performance.now()`
   */
  isExhausted(stream: string, moment: number, graceMs: number): boolean {
    const quietFrom = Math.max(moment, this.freshAt.get(stream) ?? -Infinity);
    return this.wholeReadAt >= quietFrom + graceMs;
  }

  /** Takes the streams of another cohort of the same group, when both have caught up. */
  absorb(other: StreamCohort): void {
    other.members.forEach((source, stream) => this.members.set(stream, source));
    other.freshAt.forEach((at, stream) => this.freshAt.set(stream, at));
    this.seen.absorb(other.seen);
    this.position = newerOf(this.position, other.position);
    this.sweepPages = Infinity;
    this.sweptAt = -Infinity;
  }

  /** Two halves that go on where this one stood. */
  split(): [StreamCohort, StreamCohort] {
    const sources = this.sources;
    const middle = Math.ceil(sources.length / 2);
    const half = (part: readonly LogSource[]): StreamCohort => {
      const cohort = new StreamCohort(this.group, part, this.start, this.limits);
      cohort.seen.absorb(this.seen);
      cohort.position = this.position;
      part.forEach(({ stream }) => {
        const at = this.freshAt.get(stream);
        if (at !== undefined) {
          cohort.freshAt.set(stream, at);
        }
      });
      return cohort;
    };
    return [half(sources.slice(0, middle)), half(sources.slice(middle))];
  }

  private takeNew(events: readonly FilteredLogEvent[], firstRead: boolean): LogLine[] {
    const now = performance.now();
    const lines: LogLine[] = [];
    for (const event of events) {
      const { logStreamName = '', timestamp = 0, message = '' } = event;
      const source = this.members.get(logStreamName);
      const id = event.eventId ?? `${timestamp} ${event.ingestionTime ?? ''} ${message}`;
      // What is older than the ids that are remembered is either known or too late to tell.
      const forgotten = !firstRead && timestamp < this.seen.floor;
      if (source && !forgotten && this.seen.take(id, timestamp)) {
        lines.push({ timestamp, id, task: source.task, container: source.container, message });
        this.freshAt.set(logStreamName, now);
        this.position = newerOf(this.position, Math.min(timestamp, event.ingestionTime ?? timestamp));
      }
    }
    return lines;
  }

  private sweepIsDue(now: number): boolean {
    return this.sweepPages <= 1 || now - this.sweptAt >= Math.max(SWEEP_MS, SWEEP_SHARE * this.sweepTook);
  }
}

function newerOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.max(a, b);
}
