import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMemoryStore, openStore, type Store } from '../../../../src/sandbox/state/store';

describe('the store', () => {
  let dataDir: string;
  let journal: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'store-'));
    journal = join(dataDir, 'state.jsonl');
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  /** Opens, without the one before having been closed, as after a kill. */
  const open = (): Store => openStore(dataDir);
  const contents = (store: Store, name: string): unknown[] => [...store.collection(name).entries()];

  it('remembers puts and deletes of a process that was killed', () => {
    const things = open().collection<{ size: number }>('things');
    things.put('eu/a', { size: 1 });
    things.put('eu/b', { size: 2 });
    things.put('eu/a', { size: 3 });
    assert.equal(things.delete('eu/b'), true);
    assert.equal(things.delete('eu/b'), false);
    const after = open().collection<{ size: number }>('things');
    assert.deepEqual([...after.entries()], [['eu/a', { size: 3 }]]);
  });

  it('gives entries by prefix, in the order of their first put, as of the call', () => {
    for (const store of [openMemoryStore(), open()]) {
      const things = store.collection<number>('things');
      things.put('eu/b', 1);
      things.put('us/c', 2);
      things.put('eu/a', 3);
      things.put('eu/b', 4);
      const entries = things.entries('eu/');
      things.delete('eu/a');
      assert.deepEqual(
        [...entries],
        [
          ['eu/b', 4],
          ['eu/a', 3],
        ],
      );
      store.close();
    }
  });

  it('gives one collection to all who name it, and others to others', () => {
    const store = open();
    store.collection<number>('a').put('k', 1);
    assert.equal(store.collection<number>('a').get('k'), 1);
    assert.equal(store.collection<number>('b').get('k'), undefined);
  });

  it('drops a last line that was never finished, and writes on after the one before', () => {
    open().collection('things').put('k', 1);
    appendFileSync(journal, '{"c":"things","k":"torn","v":');
    open().collection('things').put('next', 2);
    assert.deepEqual(contents(open(), 'things'), [
      ['k', 1],
      ['next', 2],
    ]);
  });

  it('refuses a journal that is damaged in the middle, naming line and file', () => {
    writeFileSync(journal, '{"c":"things","k":"a","v":1}\ngarbage\n{"c":"things","k":"b","v":1}\n');
    assert.throws(open, (error: Error & { reason?: string }) => {
      assert.equal(error.reason, 'sandboxFailed');
      assert.match(error.message, /line 2.*state\.jsonl/);
      return true;
    });
  });

  it('rewrites a journal that is mostly out of date, and loses nothing', () => {
    const store = open();
    const things = store.collection<number>('things');
    things.put('kept', 1);
    for (let round = 0; round < 12_000; round += 1) {
      things.put(`k${round % 3}`, round);
    }
    assert.ok(readFileSync(journal, 'utf8').split('\n').length < 6000);
    assert.deepEqual(contents(open(), 'things'), contents(store, 'things'));
    assert.equal(open().collection<number>('things').get('kept'), 1);
  });

  it('writes nothing once it is closed', () => {
    const store = open();
    const things = store.collection<number>('things');
    store.close();
    open().collection<number>('things').put('of another', 1);
    assert.throws(() => things.put('late', 2), /closed/);
    assert.deepEqual(contents(open(), 'things'), [['of another', 1]]);
  });

  it('keeps texts as they are, with line breaks and characters beyond the basic plane', () => {
    const text = 'a\nb\r\n\u2028 \u{1f40b} "\\';
    open().collection('things').put('k', { text });
    assert.deepEqual(contents(open(), 'things'), [['k', { text }]]);
  });
});
