export interface SeenLimits {
  /** Milliseconds back from the newest event within which a late one is still found. */
  readonly lateMs: number;
  /** How many ids to remember before that time is cut short... */
  readonly ids: number;
  /** ...but never below this many milliseconds. */
  readonly leastLateMs: number;
}

const BUCKET_MS = 1000;

/**
 * The ids of the events that have been taken, as far back as events are read again. Its memory is bounded
 * by that time, and the time by the number of ids, so that a torrent of lines does not fill the memory.
 */
export class SeenEvents {
  private buckets = new Map<number, Set<string>>();
  private size = 0;
  private forgotten = -Infinity;

  constructor(private readonly limits: SeenLimits) {}

  /** Epoch milliseconds: events before it are not remembered, and must not be read again. */
  get floor(): number {
    return this.forgotten;
  }

  /** @returns false when the event was taken before */
  take(id: string, timestamp: number): boolean {
    const key = Math.floor(timestamp / BUCKET_MS);
    let bucket = this.buckets.get(key);
    if (!bucket) {
      bucket = new Set();
      this.buckets.set(key, bucket);
    }
    if (bucket.has(id)) {
      return false;
    }
    bucket.add(id);
    this.size++;
    return true;
  }

  /** Forgets what is too old or too much. @param newest epoch milliseconds of the newest event */
  prune(newest: number): void {
    const oldestKept = newest - this.limits.lateMs;
    const latestForgotten = newest - this.limits.leastLateMs;
    const keys = [...this.buckets.keys()].sort((a, b) => a - b);
    for (const key of keys) {
      const end = (key + 1) * BUCKET_MS;
      const tooMany = this.size > this.limits.ids && end <= latestForgotten;
      if (end > oldestKept && !tooMany) {
        return;
      }
      this.size -= this.buckets.get(key)?.size ?? 0;
      this.buckets.delete(key);
      this.forgotten = Math.max(this.forgotten, end);
    }
  }

  /** Takes over what another has seen; then only what neither has forgotten may be read again. */
  absorb(other: SeenEvents): void {
    for (const [key, ids] of other.buckets) {
      for (const id of ids) {
        this.take(id, key * BUCKET_MS);
      }
    }
    this.forgotten = Math.max(this.forgotten, other.forgotten);
  }
}
