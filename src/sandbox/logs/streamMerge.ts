import type { EventReader, StoredEvent } from './eventFile';
import type { Direction } from './eventPosition';
import type { LogStream } from './logCatalog';

/** A run of a stream's events, in the order of time: from `start` up to, not including, `end`. */
export interface MergeSource {
  readonly stream: LogStream;
  readonly start: number;
  readonly end: number;
}

/** Walks over the events of several streams as if they were one. */
export interface StreamMerge {
  /** The stream whose event is next; `undefined` at the end. */
  peek(): LogStream | undefined;
  /** The next event; stays on it. */
  read(): { stream: LogStream; event: StoredEvent };
  advance(): void;
}

interface Cursor {
  readonly stream: LogStream;
  readonly reader: EventReader;
  /** Of the next event. */
  index: number;
  timestamp: number;
  left: number;
}

/**
 * Merges by timestamp and, among equal ones, by the streams' numbers. Its cost for an event grows with the
 * logarithm of the number of streams: the cursors are a binary heap, the one with the next event on top.
 */
export function createStreamMerge(sources: readonly MergeSource[], direction: Direction): StreamMerge {
  const step = direction === 'forward' ? 1 : -1;
  const heap = sources
    .filter(({ start, end }) => start < end)
    .map(({ stream, start, end }): Cursor => {
      const index = direction === 'forward' ? start : end - 1;
      const { timestamp } = stream.events.keyAt(index);
      return { stream, reader: stream.events.reader(), index, timestamp, left: end - start };
    });
  const isBefore = (a: Cursor, b: Cursor): boolean =>
    step * (a.timestamp - b.timestamp || a.stream.number - b.stream.number) < 0;
  const sink = (from: number): void => {
    for (let parent = from; ;) {
      let first = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        const [a, b] = [heap[child], heap[first]];
        if (a && b && isBefore(a, b)) {
          first = child;
        }
      }
      const [moved, above] = [heap[first], heap[parent]];
      if (first === parent || !moved || !above) {
        return;
      }
      heap[parent] = moved;
      heap[first] = above;
      parent = first;
    }
  };
  for (let index = Math.floor(heap.length / 2); index >= 0; index -= 1) {
    sink(index);
  }
  const top = (): Cursor => {
    const [cursor] = heap;
    if (cursor === undefined) {
      throw new RangeError('The merge is at its end.');
    }
    return cursor;
  };
  return {
    peek: () => heap[0]?.stream,
    read: () => {
      const { stream, reader, index } = top();
      return { stream, event: reader.read(index) };
    },
    advance: () => {
      const cursor = top();
      cursor.left -= 1;
      if (cursor.left > 0) {
        cursor.index += step;
        cursor.timestamp = cursor.stream.events.keyAt(cursor.index).timestamp;
      } else {
        const last = heap.pop();
        if (last !== undefined && last !== cursor) {
          heap[0] = last;
        }
      }
      sink(0);
    },
  };
}
