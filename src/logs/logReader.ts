import type { LogsGateway } from '../aws/logsGateway';
import { isCancellation, messageOf, UserError } from '../base/errors';
import type { LogSource } from './logSource';
import type { LogLine } from './logTarget';
import { mergeByTime } from './mergeByTime';
import { COHORT_SIZE, StreamCohort } from './streamCohort';

interface Reading {
  readonly cohort: StreamCohort;
  /** By `performance.now()`: not tried before. */
  notBefore: number;
  failures: number;
  /** What stands in the way and will not pass by itself: the stream or the right to read it is missing. */
  blocked: boolean;
  /** True when the last cycle read it to the end. */
  read: boolean;
}

const LONGEST_WAIT_MS = 15_000;
const LONGEST_WAIT_FOR_STREAM_MS = 2000;

/** Reads a changing set of streams, of several groups, in cycles. What fails is tried again, less and less often. */
export class LogReader {
  private readings: Reading[] = [];
  private readonly notices: string[] = [];
  private readonly said = new Set<string>();

  /** @param start epoch milliseconds, inclusive */
  constructor(
    private readonly logs: LogsGateway,
    private readonly start: number,
    private readonly pollMs: number,
  ) {}

  add(sources: readonly LogSource[]): void {
    for (const group of new Set(sources.map((source) => source.group))) {
      const members = sources.filter((source) => source.group === group);
      for (let first = 0; first < members.length; first += COHORT_SIZE) {
        const cohort = new StreamCohort(group, members.slice(first, first + COHORT_SIZE), this.start);
        this.readings.push(newReading(cohort));
      }
    }
  }

  remove(source: LogSource): void {
    const reading = this.find(source);
    reading?.cohort.remove(source.stream);
    this.readings = this.readings.filter(({ cohort }) => cohort.size > 0);
  }

  /** True when there is more to read at once. */
  get behind(): boolean {
    return this.readings.some(({ cohort, read }) => read && cohort.behind);
  }

  get streams(): number {
    return this.readings.reduce((sum, { cohort }) => sum + cohort.size, 0);
  }

  /** True when nothing more is to be expected of a stream whose writer ended at `moment` (`performance.now()`). */
  isExhausted(source: LogSource, moment: number, graceMs: number): boolean {
    const reading = this.find(source);
    if (reading === undefined) {
      return true;
    }
    const blocked = reading.blocked && performance.now() >= moment + graceMs;
    return blocked || reading.cohort.isExhausted(source.stream, moment, graceMs);
  }

  /** Reads all that is new now, in time order. @throws UserError('cancelled') only */
  async *cycle(signal: AbortSignal): AsyncGenerator<LogLine[], void, void> {
    const now = performance.now();
    let due = this.readings.filter(({ notBefore }) => notBefore <= now);
    while (due.length > 0) {
      const before = new Set(this.readings);
      yield* mergeByTime(due.map((reading) => this.readOne(reading, signal)));
      // Halves of a cohort that has a missing stream among it are tried at once: the others' lines wait.
      due = this.readings.filter((reading) => !before.has(reading));
    }
    this.unite();
  }

  takeNotices(): string[] {
    return this.notices.splice(0);
  }

  private async *readOne(reading: Reading, signal: AbortSignal): AsyncGenerator<LogLine[], void, void> {
    reading.read = false;
    try {
      yield* reading.cohort.read(this.logs, signal);
      reading.read = true;
      reading.blocked = false;
      reading.failures = 0;
      this.forgetNotices(reading.cohort.group);
    } catch (error) {
      if (isCancellation(error)) {
        throw error;
      }
      await this.takeFailure(reading, error, signal);
    }
  }

  private async takeFailure(reading: Reading, error: unknown, signal: AbortSignal): Promise<void> {
    const { cohort } = reading;
    const reason = error instanceof UserError ? error.reason : 'internal';
    reading.failures++;
    if (reason === 'notFound') {
      if (cohort.size > 1) {
        // One stream that does not exist fails the call for all.
        this.readings = this.readings.filter((each) => each !== reading);
        this.readings.push(...cohort.split().map(newReading));
        return;
      }
      reading.blocked = true;
      this.wait(reading, LONGEST_WAIT_FOR_STREAM_MS);
      await this.sayWhatIsMissing(reading, signal);
      return;
    }
    reading.blocked = reason === 'accessDenied' || reason === 'requestRefused';
    this.wait(reading, LONGEST_WAIT_MS);
    this.sayOnce(cohort.group, `${messageOf(error)} Trying again; no line is left out.`);
  }

  private wait(reading: Reading, longest: number): void {
    const pause = Math.min(longest, this.pollMs * 2 ** (reading.failures - 1));
    reading.notBefore = performance.now() + pause;
  }

  private async sayWhatIsMissing({ cohort, failures }: Reading, signal: AbortSignal): Promise<void> {
    const { group } = cohort;
    const [source] = cohort.sources;
    const missingGroup = `group ${group}`;
    const missingStream = `stream ${group} ${source?.stream}`;
    // A container that has just started has not written yet: worth a word only when it goes on.
    if (failures < 3 || this.said.has(missingGroup) || this.said.has(missingStream)) {
      return;
    }
    let groupExists: boolean | undefined;
    try {
      groupExists = (await this.logs.group(group, signal)) !== undefined;
    } catch (error) {
      if (isCancellation(error)) {
        throw error;
      }
      // Without the right to look, what is missing stays open.
    }
    if (groupExists === false) {
      this.sayOnce(
        missingGroup,
        `The log group ${group} does not exist. Waiting for it; the awslogs driver makes it only where its option awslogs-create-group is true.`,
      );
    } else {
      this.sayOnce(
        missingStream,
        `The container ${source?.container} of task ${source?.task} has no log stream yet. Waiting for its first line.`,
      );
    }
  }

  private sayOnce(key: string, text: string): void {
    if (!this.said.has(key)) {
      this.said.add(key);
      this.notices.push(text);
    }
  }

  /** What fails again after all has worked is said again. */
  private forgetNotices(group: string): void {
    const failing = this.readings.some(({ cohort, failures }) => cohort.group === group && failures > 0);
    if (!failing) {
      this.said.delete(group);
      this.said.delete(`group ${group}`);
    }
  }

  /** Puts cohorts that have caught up together, so that few calls read many streams. */
  private unite(): void {
    const kept: Reading[] = [];
    for (const reading of this.readings) {
      const { cohort } = reading;
      const host = kept.find(
        (each) =>
          each.read &&
          reading.read &&
          each.cohort.caughtUp &&
          cohort.caughtUp &&
          each.cohort.group === cohort.group &&
          each.cohort.size + cohort.size <= COHORT_SIZE,
      );
      if (host) {
        host.cohort.absorb(cohort);
      } else {
        kept.push(reading);
      }
    }
    this.readings = kept;
  }

  private find(source: LogSource): Reading | undefined {
    return this.readings.find(({ cohort }) => cohort.group === source.group && cohort.has(source.stream));
  }
}

function newReading(cohort: StreamCohort): Reading {
  return { cohort, notBefore: 0, failures: 0, blocked: false, read: false };
}
