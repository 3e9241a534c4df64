import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { type EventFile, openEventFile } from '../../../../src/sandbox/logs/eventFile';
import { createOpenFiles, type OpenFiles } from '../../../../src/sandbox/logs/openFiles';

describe('a stream’s events in a file', () => {
  let folder: string;
  let files: OpenFiles;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'events-'));
    files = createOpenFiles(2);
  });
  afterEach(() => {
    files.closeAll();
    rmSync(folder, { recursive: true });
  });

  const open = (name = 'a'): EventFile => openEventFile(join(folder, name), files);
  const messages = (file: EventFile): string[] => {
    const reader = file.reader();
    return Array.from({ length: file.count() }, (_, index) => reader.read(index).message);
  };
  const event = (timestamp: number, message: string): { timestamp: number; message: string } => ({
    timestamp,
    message,
  });

  it('gives events in the order of time, equal times in the order of arrival', () => {
    const file = open();
    file.append([event(10, 'ten'), event(30, 'thirty')], 1);
    file.append([event(20, 'twenty'), event(30, 'thirty too')], 2);
    file.append([event(5, 'five'), event(10, 'ten too')], 3);
    assert.deepEqual(messages(file), ['five', 'ten', 'ten too', 'twenty', 'thirty', 'thirty too']);
    assert.deepEqual(file.times(), { firstEvent: 5, lastEvent: 30, lastIngestion: 3 });
  });

  it('is the same after it was opened again', () => {
    const before = open();
    before.append([event(2, 'zwei – ü'), event(3, '')], 7);
    before.append([event(1, 'one\nwith a line break \u0000')], 8);
    const after = open();
    assert.deepEqual(messages(after), messages(before));
    assert.deepEqual(after.times(), before.times());
    assert.equal(after.bytes(), before.bytes());
    assert.deepEqual(after.reader().read(0), {
      timestamp: 1,
      sequence: 2,
      ingestionTime: 8,
      message: 'one\nwith a line break \u0000',
    });
  });

  it('drops a record that its writer could not finish, and goes on after the last whole one', () => {
    open().append([event(1, 'whole')], 1);
    const whole = statSync(join(folder, 'a')).size;
    for (const part of [Buffer.from([9]), Buffer.concat([Buffer.from([200, 0, 0, 0]), Buffer.alloc(30)])]) {
      appendFileSync(join(folder, 'a'), part);
      assert.deepEqual(messages(open()), ['whole']);
      assert.equal(statSync(join(folder, 'a')).size, whole);
    }
    const file = open();
    file.append([event(2, 'next')], 2);
    assert.deepEqual(messages(open()), ['whole', 'next']);
  });

  it('keeps few files open, however many streams there are', () => {
    const opened = ['a', 'b', 'c', 'd'].map(open);
    for (const round of [1, 2]) {
      opened.forEach((file, index) => file.append([event(round, `${index} in ${round}`)], round));
    }
    assert.deepEqual(opened.map(messages), [
      ['0 in 1', '0 in 2'],
      ['1 in 1', '1 in 2'],
      ['2 in 1', '2 in 2'],
      ['3 in 1', '3 in 2'],
    ]);
  });

  it('reads records larger than what is read at once, in both directions', () => {
    const large = 'x'.repeat(500_000);
    const file = open();
    file.append([event(1, 'before'), event(2, large), event(3, 'after')], 1);
    const reader = file.reader();
    assert.deepEqual(
      [2, 1, 0].map((index) => reader.read(index).message.length),
      [5, 500_000, 6],
    );
  });

  it('is empty after it was deleted', () => {
    const file = open();
    file.append([event(1, 'gone')], 1);
    file.delete();
    assert.equal(file.count(), 0);
    assert.equal(open().count(), 0);
  });

  it('orders any events as a stable sort by time does, and finds every one of them', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer({ min: 0, max: 20 })), { maxLength: 30 }), (batches) => {
        const file = open('sorted');
        file.delete();
        batches.forEach((batch, number) =>
          file.append(
            batch.map((time, index) => event(time, `${number}.${index}`)),
            number,
          ),
        );
        const expected = batches
          .flatMap((batch, number) => batch.map((time, index) => event(time, `${number}.${index}`)))
          .sort((a, b) => a.timestamp - b.timestamp)
          .map(({ message }) => message);
        assert.deepEqual(messages(file), expected);
        assert.deepEqual(messages(open('sorted')), expected);
        expected.forEach((_, index) => assert.equal(file.indexOf(file.keyAt(index)), index));
      }),
      { numRuns: 60 },
    );
  });
});
