import { throwIfCancelled, UserError } from './errors';

/**
 * Waits `milliseconds`, or rejects with `UserError('cancelled')` as soon as the signal is aborted.
 * The timer does not keep the process alive on its own account: the caller's work does.
 */
export function delay(milliseconds: number, signal?: AbortSignal): Promise<void> {
  throwIfCancelled(signal);
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(new UserError('cancelled', 'Cancelled.'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

export interface PollOptions {
  /** Milliseconds between the end of one probe and the start of the next. */
  readonly interval: number;
  readonly signal?: AbortSignal;
}

/** Calls `probe` until it gives something other than `undefined`, and returns that. */
export async function poll<T>(probe: () => Promise<T | undefined>, options: PollOptions): Promise<T> {
  for (;;) {
    throwIfCancelled(options.signal);
    const found = await probe();
    if (found !== undefined) {
      return found;
    }
    await delay(options.interval, options.signal);
  }
}
