import { fstatSync, readSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import type { LogSinkEvent } from './logSink';
import type { OpenFiles } from './openFiles';

/** Where an event stands in its stream: by timestamp, and by order of arrival among equal ones. */
export interface EventKey {
  /** Epoch milliseconds. */
  readonly timestamp: number;
  /** Counts the stream's events in the order of their arrival, from 0. */
  readonly sequence: number;
}

export interface StoredEvent extends EventKey {
  /** Epoch milliseconds. */
  readonly ingestionTime: number;
  readonly message: string;
}

export interface StreamTimes {
  readonly firstEvent: number;
  readonly lastEvent: number;
  readonly lastIngestion: number;
}

/** Reads events that lie near each other with few calls. An append may move indexes: use it before the next. */
export interface EventReader {
  /** @param index in the order of time */
  read(index: number): StoredEvent;
}

/** The events of one stream. What was appended survives the end of the process. Indexes count in the order of time. */
export interface EventFile {
  append(events: readonly LogSinkEvent[], ingestionTime: number): void;
  count(): number;
  bytes(): number;
  /** `undefined` while there is no event. */
  times(): StreamTimes | undefined;
  keyAt(index: number): EventKey;
  /** The first index whose event is not before the key; the count when there is none. */
  indexOf(key: EventKey): number;
  /** Bytes of the message. */
  sizeAt(index: number): number;
  reader(): EventReader;
  delete(): void;
}

/** A record: length of the message (4 bytes), timestamp (8), ingestion time (8), message in UTF-8. */
const HEADER_BYTES = 20;
const SCAN_BYTES = 1024 * 1024;
const READ_BYTES = 64 * 1024;

/**
 * Opens a stream's file, which is created by the first append. In memory is an index only, 16 bytes an event
 * (20 when events arrived out of order), read from the file when first asked for.
 */
export function openEventFile(path: string, files: OpenFiles): EventFile {
  let loaded: EventIndex | undefined;
  const index = (): EventIndex => (loaded ??= loadIndex(path, files));
  return {
    append: (events, ingestionTime) => {
      if (events.length > 0) {
        write(path, files, index(), events, ingestionTime);
      }
    },
    count: () => index().count,
    bytes: () => loaded?.end ?? statSync(path, { throwIfNoEntry: false })?.size ?? 0,
    times: () => {
      const { count, lastIngestion } = index();
      return count === 0
        ? undefined
        : {
            firstEvent: index().keyAt(0).timestamp,
            lastEvent: index().keyAt(count - 1).timestamp,
            lastIngestion,
          };
    },
    keyAt: (position) => index().keyAt(position),
    indexOf: (key) => index().indexOf(key),
    sizeAt: (position) => index().record(position).length - HEADER_BYTES,
    reader: () => createReader(path, files, index()),
    delete: () => {
      files.close(path);
      rmSync(path, { force: true });
      loaded = new EventIndex();
    },
  };
}

/** Where each record is, and the order of time. */
class EventIndex {
  count = 0;
  end = 0;
  lastIngestion = 0;
  private timestamps = new Float64Array(64);
  private offsets = new Float64Array(64);
  /** Sequences in the order of time; absent while that is the order of arrival. */
  private order: Uint32Array | undefined;

  add(timestamp: number, ingestionTime: number, length: number): void {
    const sequence = this.count;
    if (sequence === this.timestamps.length) {
      this.timestamps = grow(this.timestamps, new Float64Array(sequence * 2));
      this.offsets = grow(this.offsets, new Float64Array(sequence * 2));
      this.order &&= grow(this.order, new Uint32Array(sequence * 2));
    }
    const place = this.indexOf({ timestamp, sequence });
    this.timestamps[sequence] = timestamp;
    this.offsets[sequence] = this.end;
    if (place < sequence) {
      this.order ??= Uint32Array.from(this.timestamps, (_, arrival) => arrival);
    }
    this.order?.copyWithin(place + 1, place, sequence);
    this.order?.fill(sequence, place, place + 1);
    this.count += 1;
    this.end += length;
    this.lastIngestion = Math.max(this.lastIngestion, ingestionTime);
  }

  keyAt(index: number): EventKey {
    const sequence = this.sequenceAt(index);
    return { timestamp: this.timestamps[sequence] ?? 0, sequence };
  }

  indexOf(key: EventKey): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { timestamp, sequence } = this.keyAt(middle);
      if (timestamp < key.timestamp || (timestamp === key.timestamp && sequence < key.sequence)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  record(index: number): { offset: number; length: number } {
    const sequence = this.sequenceAt(index);
    const offset = this.offsets[sequence] ?? 0;
    const next = sequence + 1 < this.count ? this.offsets[sequence + 1] : this.end;
    return { offset, length: (next ?? 0) - offset };
  }

  private sequenceAt(index: number): number {
    return this.order?.[index] ?? index;
  }
}

function grow<T extends Float64Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function write(
  path: string,
  files: OpenFiles,
  index: EventIndex,
  events: readonly LogSinkEvent[],
  ingestionTime: number,
): void {
  const records = events.map(({ timestamp, message }) =>
    encode(Math.trunc(timestamp), ingestionTime, message),
  );
  const data = Buffer.concat(records);
  const descriptor = files.descriptor(path);
  try {
    for (let written = 0; written < data.length;) {
      written += writeSync(descriptor, data, written);
    }
  } catch (error) {
    // Records that were written in part (a full disk) would garble those after them.
    truncateSync(path, index.end);
    throw error;
  }
  for (const record of records) {
    index.add(record.readDoubleLE(4), ingestionTime, record.length);
  }
}

function encode(timestamp: number, ingestionTime: number, message: string): Buffer {
  const length = Buffer.byteLength(message);
  const record = Buffer.allocUnsafe(HEADER_BYTES + length);
  record.writeUInt32LE(length, 0);
  record.writeDoubleLE(timestamp, 4);
  record.writeDoubleLE(ingestionTime, 12);
  record.write(message, HEADER_BYTES);
  return record;
}

/** Reads all headers. A last record that a killed process left unfinished is cut off. */
function loadIndex(path: string, files: OpenFiles): EventIndex {
  const index = new EventIndex();
  const descriptor = files.descriptor(path);
  const { size } = fstatSync(descriptor);
  const chunk = Buffer.allocUnsafe(Math.min(SCAN_BYTES, size));
  let start = 0;
  let filled = 0;
  while (index.end + HEADER_BYTES <= size) {
    if (index.end + HEADER_BYTES > start + filled) {
      start = index.end;
      filled = readSync(descriptor, chunk, 0, chunk.length, start);
    }
    const at = index.end - start;
    const length = HEADER_BYTES + chunk.readUInt32LE(at);
    if (index.end + length > size) {
      break;
    }
    index.add(chunk.readDoubleLE(at + 4), chunk.readDoubleLE(at + 12), length);
  }
  if (index.end < size) {
    truncateSync(path, index.end);
  }
  return index;
}

function createReader(path: string, files: OpenFiles, index: EventIndex): EventReader {
  let chunk: Buffer = Buffer.alloc(0);
  let start = 0;
  const load = (offset: number, length: number): void => {
    const descriptor = files.descriptor(path);
    const next = Buffer.allocUnsafe(Math.max(READ_BYTES, length));
    // Reading backwards is as usual as forwards: the record goes to the middle of what is read.
    start = Math.max(0, offset - Math.floor((next.length - length) / 2));
    chunk = next.subarray(0, readSync(descriptor, next, 0, next.length, start));
  };
  return {
    read: (position) => {
      const { offset, length } = index.record(position);
      if (offset < start || offset + length > start + chunk.length) {
        load(offset, length);
      }
      const at = offset - start;
      return {
        ...index.keyAt(position),
        ingestionTime: chunk.readDoubleLE(at + 12),
        message: chunk.toString('utf8', at + HEADER_BYTES, at + length),
      };
    },
  };
}
