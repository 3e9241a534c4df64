import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../base/errors';

/** Values of one kind by key. Keys start with `${region}/`; values are plain JSON and never changed in place. */
export interface Collection<T> {
  get(key: string): T | undefined;
  put(key: string, value: T): void;
  /** False when there was nothing to delete. */
  delete(key: string): boolean;
  /** Those whose key starts with `prefix`, as of now, in the order in which they were first put. */
  entries(prefix?: string): IterableIterator<[string, T]>;
}

/** What the sandbox remembers. A put or delete that has returned survives the end of the process, however it ends. */
export interface Store {
  collection<T>(name: string): Collection<T>;
  close(): void;
}

/** One line of the journal: a put, or, without a value, a delete. */
interface JournalEntry {
  readonly c: string;
  readonly k: string;
  readonly v?: unknown;
}

type Tables = Map<string, Map<string, unknown>>;

/** Takes note of changes before they are made; throwing refuses the change. */
interface ChangeLog {
  record(entry: JournalEntry): void;
  close(): void;
}

/** A store that lives as long as its process, for tests. */
export function openMemoryStore(): Store {
  return createStore(new Map(), { record: () => undefined, close: () => undefined });
}

/**
 * A store in `dataDir`: an append-only journal of JSON lines, written before a change is acknowledged and
 * rewritten without what is out of date when that has become most of it. A last line that a killed process
 * left unfinished was never acknowledged, and is dropped.
 * @throws UserError('sandboxFailed') when the journal is damaged elsewhere
 */
export function openStore(dataDir: string): Store {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'state.jsonl');
  const { tables, lines, length } = readJournal(file);
  return createStore(tables, openJournal(file, tables, lines, length));
}

function createStore(tables: Tables, log: ChangeLog): Store {
  return {
    collection: <T>(name: string) => createCollection<T>(name, tables, log),
    close: () => log.close(),
  };
}

function createCollection<T>(name: string, tables: Tables, log: ChangeLog): Collection<T> {
  const table = (tables.get(name) ?? new Map<string, unknown>()) as Map<string, T>;
  tables.set(name, table);
  return {
    get: (key) => table.get(key),
    put: (key, value) => {
      log.record({ c: name, k: key, v: value });
      table.set(key, value);
    },
    delete: (key) => {
      if (!table.has(key)) {
        return false;
      }
      log.record({ c: name, k: key });
      return table.delete(key);
    },
    entries: (prefix = '') => {
      // In one pass: a listing of 10,000 asks for this more than once, and a table may hold far more.
      const found: [string, T][] = [];
      for (const entry of table) {
        if (entry[0].startsWith(prefix)) {
          found.push(entry);
        }
      }
      return found.values();
    },
  };
}

interface ReadJournal {
  readonly tables: Tables;
  readonly lines: number;
  /** Bytes up to the end of the last whole line. */
  readonly length: number;
}

function readJournal(file: string): ReadJournal {
  const tables: Tables = new Map();
  const content = readIfPresent(file);
  const length = content.lastIndexOf(0x0a) + 1;
  const lines = length === 0 ? [] : content.toString('utf8', 0, length - 1).split('\n');
  lines.forEach((line, index) => {
    const { c, k, v } = parseEntry(line, index, file);
    const table = tables.get(c) ?? new Map<string, unknown>();
    tables.set(c, table);
    if (v === undefined) {
      table.delete(k);
    } else {
      table.set(k, v);
    }
  });
  return { tables, lines: lines.length, length };
}

function parseEntry(line: string, index: number, file: string): JournalEntry {
  try {
    return JSON.parse(line) as JournalEntry;
  } catch (error) {
    throw new UserError(
      'sandboxFailed',
      `The sandbox's state is damaged at line ${index + 1}. Delete the folder or choose another: ${file}`,
      { cause: error },
    );
  }
}

function readIfPresent(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return Buffer.alloc(0);
    }
    throw error;
  }
}

/** Below this a journal is not worth rewriting. */
const SMALL_JOURNAL_LINES = 5000;

function openJournal(file: string, tables: Tables, lines: number, length: number): ChangeLog {
  let descriptor = openSync(file, 'a');
  let closed = false;
  truncateSync(file, length);

  const compact = (): void => {
    const kept = [...tables].flatMap(([c, table]) => [...table].map(([k, v]) => toLine({ c, k, v })));
    const content = kept.join('');
    const next = `${file}.next`;
    writeFileSync(next, content, { flush: true });
    closeSync(descriptor);
    try {
      renameSync(next, file);
      lines = kept.length;
      length = Buffer.byteLength(content);
    } finally {
      descriptor = openSync(file, 'a');
    }
  };

  const liveCount = (): number => [...tables.values()].reduce((sum, table) => sum + table.size, 0);

  return {
    record: (entry) => {
      if (closed) {
        // The file may be another process's by now, and the descriptor another file's.
        throw new Error('The store is closed.');
      }
      if (lines > SMALL_JOURNAL_LINES && lines > 4 * liveCount()) {
        compact();
      }
      const line = toLine(entry);
      try {
        appendFileSync(descriptor, line);
      } catch (error) {
        // A line written in part (a full disk) would swallow the one after it.
        truncateSync(file, length);
        throw error;
      }
      lines += 1;
      length += Buffer.byteLength(line);
    },
    close: () => {
      closed = true;
      closeSync(descriptor);
    },
  };
}

function toLine(entry: JournalEntry): string {
  return `${JSON.stringify(entry)}\n`;
}
