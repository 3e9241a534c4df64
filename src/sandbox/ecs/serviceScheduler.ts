import { messageOf } from '../../base/errors';
import type { EcsState } from './ecsState';
import type { ServiceReconciler } from './serviceReconciler';
import type { TaskLedger } from './taskLedger';

const FORGET_INTERVAL = 60_000;
/** After an error of our own, long enough not to fill the log. */
const RETRY_AFTER_ERROR = 5000;

/** Has each service reconciled when something of it changes, and when it asked to be looked at again. */
export class ServiceScheduler {
  /** When each service is to be looked at, in epoch milliseconds. */
  private readonly due = new Map<string, number>();
  private tick: NodeJS.Timeout | undefined;
  private soon: NodeJS.Immediate | undefined;
  private forgetAt = 0;

  /** @param interval milliseconds between looks at what has become due */
  constructor(
    private readonly state: EcsState,
    private readonly ledger: TaskLedger,
    private readonly reconciler: ServiceReconciler,
    private readonly interval: number,
  ) {}

  start(): void {
    for (const [key, service] of this.state.services.entries()) {
      if (service.status !== 'INACTIVE') {
        this.due.set(key, 0);
      }
    }
    this.tick ??= setInterval(() => this.run(), this.interval);
    this.hurry();
  }

  stop(): void {
    clearInterval(this.tick);
    clearImmediate(this.soon);
    this.tick = undefined;
    this.soon = undefined;
    this.due.clear();
  }

  /** Something of this service has changed. */
  notify(serviceKey: string): void {
    if (this.tick) {
      this.due.set(serviceKey, 0);
      this.hurry();
    }
  }

  private hurry(): void {
    this.soon ??= setImmediate(() => {
      this.soon = undefined;
      this.run();
    });
  }

  private run(): void {
    const now = Date.now();
    for (const [key, time] of [...this.due]) {
      if (time <= now) {
        this.due.delete(key);
        this.reconcile(key, now);
      }
    }
    if (now >= this.forgetAt) {
      this.forgetAt = now + FORGET_INTERVAL;
      this.ledger.forgetOld(now);
    }
  }

  private reconcile(key: string, now: number): void {
    try {
      const again = this.reconciler.reconcile(key, now);
      if (again !== undefined) {
        this.due.set(key, Math.min(again, this.due.get(key) ?? again));
      }
    } catch (error) {
      // One service's trouble must not end the others' care.
      process.stderr.write(`The service could not be reconciled: ${key}: ${messageOf(error)}\n`);
      this.due.set(key, now + RETRY_AFTER_ERROR);
    }
  }
}
