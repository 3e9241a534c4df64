import { delay } from '../base/delay';
import { isCancellation, messageOf, UserError, type ErrorReason } from '../base/errors';
import type { Discovery, TaskDiscovery } from './taskDiscovery';

const LONGEST_WAIT_MS = 30_000;

/** What passes by itself, or by the user's signing in again. */
const PASSING: ReadonlySet<ErrorReason> = new Set([
  'throttled',
  'serviceUnavailable',
  'endpointUnreachable',
  'credentialsExpired',
]);

/** Looks for tasks beside the reading of lines, so that neither waits for the other. */
export class TaskWatch {
  private found: Discovery = { tasks: [], notices: [], serviceGone: false };
  private looking = false;
  private lookAt = 0;
  private failures = 0;
  private readonly notices: string[] = [];
  private readonly said = new Set<string>();

  constructor(
    private readonly discovery: TaskDiscovery,
    private readonly intervalMs: number,
  ) {}

  /** What the last look that succeeded has found. */
  get current(): Discovery {
    return this.found;
  }

  /**
   * Looks for the first time, until an answer comes; gives notices of what hinders.
   * @throws UserError for what will not pass, as a service that does not exist
   */
  async *start(signal: AbortSignal): AsyncGenerator<string, void, void> {
    for (;;) {
      try {
        this.take(await this.discovery.look(signal));
        return;
      } catch (error) {
        if (!(error instanceof UserError) || !PASSING.has(error.reason)) {
          throw error;
        }
        this.takeFailure(error);
        yield* this.takeNotices();
        await delay(Math.max(0, this.lookAt - performance.now()), signal);
      }
    }
  }

  /** Starts a look when it is time and none is under way. Never throws: failures become notices. */
  lookWhenDue(signal: AbortSignal): void {
    if (this.looking || performance.now() < this.lookAt) {
      return;
    }
    this.looking = true;
    void this.discovery
      .look(signal)
      .then((found) => this.take(found))
      .catch((error: unknown) => {
        if (!isCancellation(error)) {
          this.takeFailure(error);
        }
      })
      .finally(() => (this.looking = false));
  }

  takeNotices(): string[] {
    return this.notices.splice(0);
  }

  private take(found: Discovery): void {
    this.found = found;
    this.failures = 0;
    this.lookAt = performance.now() + this.intervalMs;
    found.notices.forEach((text) => this.say(text));
  }

  private takeFailure(error: unknown): void {
    this.failures++;
    this.lookAt =
      performance.now() + Math.min(LONGEST_WAIT_MS, this.intervalMs * 2 ** Math.min(this.failures, 10));
    if (this.failures === 1) {
      this.notices.push(`${messageOf(error)} Trying again; new tasks are found as soon as it works.`);
    }
  }

  /** A task definition that many tasks share is spoken of once. */
  private say(text: string): void {
    if (!this.said.has(text)) {
      this.said.add(text);
      this.notices.push(text);
    }
  }
}
