/**
 * Turns callbacks into an async sequence: one side pushes, the other iterates. Nothing pushed before
 * `end` or `fail` is lost; iterating past the end finishes, past a failure throws it.
 */
export class EventQueue<T> implements AsyncIterable<T> {
  private readonly items: T[] = [];
  private wake: (() => void) | undefined;
  private ended = false;
  private failure: { error: unknown } | undefined;

  push(item: T): void {
    if (!this.ended) {
      this.items.push(item);
      this.wake?.();
    }
  }

  end(): void {
    this.ended = true;
    this.wake?.();
  }

  fail(error: unknown): void {
    if (!this.ended) {
      this.failure = { error };
      this.end();
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for (;;) {
      while (this.items.length > 0) {
        yield this.items.shift() as T;
      }
      if (this.failure) {
        throw this.failure.error;
      }
      if (this.ended) {
        return;
      }
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.wake = undefined;
    }
  }
}
