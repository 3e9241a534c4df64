import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../state/store';
import { type EventFile, openEventFile } from './eventFile';
import { createOpenFiles } from './openFiles';
import { groupNotFound, streamNotFound } from './refusals';

/** What is remembered of a log group. */
export interface GroupRecord {
  /** Epoch milliseconds. */
  readonly creationTime: number;
  readonly logGroupClass: string;
  readonly retentionInDays?: number;
  readonly kmsKeyId?: string;
  readonly deletionProtectionEnabled?: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

interface StreamRecord {
  /** Epoch milliseconds. */
  readonly creationTime: number;
  /** Names the stream's file and its events' ids. */
  readonly number: number;
}

export interface LogStream extends StreamRecord {
  readonly name: string;
  readonly events: EventFile;
}

/** The log groups and streams of all regions. */
export interface LogCatalog {
  group(region: string, name: string): GroupRecord | undefined;
  /** @throws ServiceError ResourceNotFoundException */
  requireGroup(region: string, name: string): GroupRecord;
  putGroup(region: string, name: string, group: GroupRecord): void;
  /** With all its streams. */
  deleteGroup(region: string, name: string): void;
  /** In the order of their names. */
  groups(region: string): [string, GroupRecord][];
  stream(region: string, group: string, name: string): LogStream | undefined;
  /** @throws ServiceError ResourceNotFoundException */
  requireStream(region: string, group: string, name: string): LogStream;
  createStream(region: string, group: string, name: string): void;
  deleteStream(region: string, group: string, name: string): void;
  /** In the order of their names. */
  streams(region: string, group: string): LogStream[];
  close(): void;
}

const MAX_OPEN_FILES = 64;

/** Opens the catalog that the store remembers, with the streams' events in `dataDir`/logs. */
export function openLogCatalog(store: Store, dataDir: string): LogCatalog {
  const groups = store.collection<GroupRecord>('logGroups');
  const streams = store.collection<StreamRecord>('logStreams');
  const folder = join(dataDir, 'logs');
  mkdirSync(folder, { recursive: true });
  const files = createOpenFiles(MAX_OPEN_FILES);
  const opened = new Map<number, EventFile>();
  const numbers = [...streams.entries()].map(([, { number }]) => number);
  let lastNumber = numbers.reduce((highest, number) => Math.max(highest, number), 0);
  dropForgottenFiles(folder, new Set(numbers.map(fileName)));

  const eventsOf = (number: number): EventFile => {
    const events = opened.get(number) ?? openEventFile(join(folder, fileName(number)), files);
    opened.set(number, events);
    return events;
  };
  const toStream = (name: string, record: StreamRecord): LogStream => ({
    ...record,
    name,
    events: eventsOf(record.number),
  });
  const catalog: LogCatalog = {
    group: (region, name) => groups.get(groupKey(region, name)),
    requireGroup: (region, name) => {
      const group = catalog.group(region, name);
      if (group === undefined) {
        throw groupNotFound();
      }
      return group;
    },
    putGroup: (region, name, group) => groups.put(groupKey(region, name), group),
    deleteGroup: (region, name) => {
      for (const stream of catalog.streams(region, name)) {
        catalog.deleteStream(region, name, stream.name);
      }
      groups.delete(groupKey(region, name));
    },
    groups: (region) => sorted(groups.entries(groupKey(region, '')), groupKey(region, '')),
    stream: (region, group, name) => {
      const record = streams.get(streamKey(region, group, name));
      return record && toStream(name, record);
    },
    requireStream: (region, group, name) => {
      catalog.requireGroup(region, group);
      const stream = catalog.stream(region, group, name);
      if (stream === undefined) {
        throw streamNotFound();
      }
      return stream;
    },
    createStream: (region, group, name) => {
      lastNumber += 1;
      streams.put(streamKey(region, group, name), { creationTime: Date.now(), number: lastNumber });
    },
    deleteStream: (region, group, name) => {
      const key = streamKey(region, group, name);
      const record = streams.get(key);
      if (record !== undefined) {
        streams.delete(key);
        eventsOf(record.number).delete();
        opened.delete(record.number);
      }
    },
    streams: (region, group) => {
      const prefix = streamKey(region, group, '');
      return sorted(streams.entries(prefix), prefix).map(([name, record]) => toStream(name, record));
    },
    close: () => files.closeAll(),
  };
  return catalog;
}

function groupKey(region: string, group: string): string {
  return `${region}/${group}`;
}

/** A colon is in no group's and no stream's name. */
function streamKey(region: string, group: string, stream: string): string {
  return `${region}/${group}:${stream}`;
}

function sorted<T>(entries: Iterable<[string, T]>, prefix: string): [string, T][] {
  return [...entries]
    .map(([key, value]): [string, T] => [key.slice(prefix.length), value])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function fileName(number: number): string {
  return `${number}.events`;
}

/** A process that was killed between forgetting a stream and deleting its file leaves the file. */
function dropForgottenFiles(folder: string, known: ReadonlySet<string>): void {
  for (const name of readdirSync(folder)) {
    if (!known.has(name)) {
      rmSync(join(folder, name));
    }
  }
}
