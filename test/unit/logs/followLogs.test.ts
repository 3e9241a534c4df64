import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ErrorReason } from '../../../src/base/errors';
import { followLogs, type FollowOptions, type LogEvent } from '../../../src/logs/followLogs';
import type { LogLine, LogTarget } from '../../../src/logs/logTarget';
import { awslogs, DEFINITION, FakeEcs, FakeLogs } from './fakeAws';

const QUICK: FollowOptions = { pollMs: 1, discoverMs: 1, graceMs: 20, holdMs: 0, since: 0 };
const SERVICE: LogTarget = { cluster: 'main', service: 'web' };

class Followed {
  readonly lines: LogLine[] = [];
  readonly notices: string[] = [];
  ended: Extract<LogEvent, { kind: 'ended' }> | undefined;
  private readonly abort = new AbortController();
  readonly done: Promise<void>;

  constructor(ecs: FakeEcs, logs: FakeLogs, target: LogTarget = SERVICE, options: FollowOptions = QUICK) {
    this.done = this.collect(
      followLogs({ ecs: ecs.gateway, logs: logs.gateway }, target, options, this.abort.signal),
    );
    this.done.catch(() => undefined);
  }

  get messages(): string[] {
    return this.lines.map(({ message }) => message);
  }

  async until(condition: () => boolean, what: string): Promise<void> {
    const deadline = Date.now() + 10_000;
    while (!condition()) {
      assert.ok(Date.now() < deadline, `never came: ${what}; notices: ${this.notices.join(' | ')}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  async lineCount(count: number): Promise<void> {
    await this.until(() => this.lines.length >= count, `${count} lines, only ${this.lines.length}`);
  }

  async stop(): Promise<void> {
    this.abort.abort();
    await this.done;
  }

  private async collect(events: AsyncIterable<LogEvent>): Promise<void> {
    for await (const event of events) {
      switch (event.kind) {
        case 'lines':
          this.lines.push(...event.lines);
          break;
        case 'notice':
          this.notices.push(event.text);
          break;
        case 'ended':
          this.ended = event;
      }
    }
  }
}

describe('following logs', () => {
  let ecs: FakeEcs;
  let logs: FakeLogs;

  beforeEach(() => {
    ecs = new FakeEcs();
    logs = new FakeLogs();
  });

  const write = (task: string, container: string, timestamp: number, message: string): void =>
    logs.put('/ecs/web', `ecs/${container}/${task}`, timestamp, message);

  it('gives the recent past of all containers in time order, then what is written', async () => {
    ecs.run('t1');
    for (let index = 0; index < 23; index++) {
      write('t1', index % 2 ? 'web' : 'proxy', 1000 + index, `line ${index}`);
    }
    const followed = new Followed(ecs, logs);
    await followed.lineCount(23);
    write('t1', 'web', 5000, 'fresh');
    await followed.lineCount(24);
    await followed.stop();
    assert.deepEqual(followed.messages, [...Array.from({ length: 23 }, (_, i) => `line ${i}`), 'fresh']);
    assert.deepEqual(
      [followed.lines[0]?.task, followed.lines[0]?.container, followed.lines[1]?.container],
      ['t1', 'proxy', 'web'],
    );
    assert.equal(followed.ended?.why, 'aborted');
  });

  it('starts at the asked time', async () => {
    ecs.run('t1');
    write('t1', 'web', 1000, 'old');
    write('t1', 'web', 2000, 'new');
    write('t1', 'proxy', 2001, 'new too');
    const followed = new Followed(ecs, logs, SERVICE, { ...QUICK, since: new Date(2000) });
    await followed.lineCount(2);
    await followed.stop();
    assert.deepEqual(followed.messages, ['new', 'new too']);
  });

  it('keeps identical lines of one millisecond apart, and gives none of them twice', async () => {
    ecs.run('t1');
    for (let index = 0; index < 12; index++) {
      write('t1', 'web', 1000, 'same');
      write('t1', 'proxy', 1000, 'same');
    }
    const followed = new Followed(ecs, logs);
    await followed.lineCount(24);
    write('t1', 'web', 1000, 'same');
    await followed.lineCount(25);
    const calls = logs.calls;
    await followed.until(() => logs.calls > calls + 20, 'more reads');
    await followed.stop();
    assert.equal(followed.lines.length, 25);
  });

  it('gives a line that arrives behind newer ones', async () => {
    ecs.run('t1');
    write('t1', 'web', 60_000, 'newest');
    write('t1', 'proxy', 60_000, 'newest');
    const followed = new Followed(ecs, logs);
    await followed.lineCount(2);
    write('t1', 'web', 1000, 'late');
    await followed.lineCount(3);
    await followed.stop();
    assert.equal(followed.messages[2], 'late');
  });

  it('is not led astray by a writer whose clock runs ahead', async () => {
    ecs.run('t1');
    logs.put('/ecs/web', 'ecs/web/t1', 3_600_000, 'from the future', 2000);
    logs.put('/ecs/web', 'ecs/proxy/t1', 1000, 'now', 2000);
    logs.pageSize = 1;
    const followed = new Followed(ecs, logs);
    await followed.lineCount(2);
    logs.put('/ecs/web', 'ecs/proxy/t1', 1500, 'later', 2500);
    await followed.lineCount(3);
    await followed.stop();
  });

  it('follows through the replacement of a task and reads the old one to its last line', async () => {
    ecs.run('t1');
    write('t1', 'web', 1000, 'one');
    write('t1', 'proxy', 1001, 'two');
    const followed = new Followed(ecs, logs);
    await followed.lineCount(2);
    ecs.run('t2');
    ecs.stop('t1');
    write('t2', 'web', 2000, 'three');
    write('t2', 'proxy', 2001, 'four');
    await followed.lineCount(4);
    write('t1', 'web', 1500, 'last words');
    await followed.lineCount(5);
    await followed.stop();
    assert.deepEqual(new Set(followed.lines.map(({ task }) => task)), new Set(['t1', 't2']));
  });

  it('reads the streams that exist while others do not yet', async () => {
    ['t1', 't2', 't3', 't4', 't5'].forEach((id) => ecs.run(id));
    write('t3', 'web', 1000, 'only one');
    const followed = new Followed(ecs, logs);
    await followed.lineCount(1);
    await followed.until(
      () => followed.notices.some((text) => text.includes('no log stream yet')),
      'a notice',
    );
    write('t5', 'proxy', 500, 'another');
    await followed.lineCount(2);
    await followed.stop();
  });

  it('says that the group is missing, waits for it, and survives its deletion', async () => {
    ecs.run('t1');
    const followed = new Followed(ecs, logs);
    await followed.until(() => followed.notices.some((text) => text.includes('does not exist')), 'a notice');
    write('t1', 'web', 1000, 'first');
    await followed.lineCount(1);
    logs.groups.clear();
    const calls = logs.calls;
    await followed.until(() => logs.calls > calls + 5, 'more reads');
    write('t1', 'web', 2000, 'second');
    write('t1', 'proxy', 2001, 'third');
    await followed.lineCount(3);
    await followed.stop();
    assert.equal(followed.notices.filter((text) => text.includes('does not exist')).length, 1);
  });

  it('ends after the last line of a task that has stopped', async () => {
    ecs.run('t1');
    write('t1', 'web', 1000, 'one');
    write('t1', 'proxy', 1001, 'two');
    const followed = new Followed(ecs, logs, { cluster: 'main', task: 't1' });
    await followed.lineCount(2);
    ecs.stop('t1');
    write('t1', 'web', 1002, 'last');
    await followed.done;
    assert.deepEqual(followed.messages, ['one', 'two', 'last']);
    assert.equal(followed.ended?.why, 'taskStopped');
  });

  it('gives the lines of a task that ended long ago, without waiting for more', async () => {
    ecs.run('t1');
    ecs.stop('t1', new Date(Date.now() - 40 * 60_000));
    write('t1', 'web', Date.now() - 41 * 60_000, 'what it said');
    const options = { pollMs: 1, graceMs: 60_000 };
    const followed = new Followed(ecs, logs, { cluster: 'main', task: 't1', container: 'web' }, options);
    await followed.done;
    assert.deepEqual(followed.messages, ['what it said']);
  });

  it('ends when the service has been deleted and its tasks have stopped', async () => {
    ecs.run('t1');
    write('t1', 'web', 1000, 'one');
    write('t1', 'proxy', 1001, 'two');
    const followed = new Followed(ecs, logs);
    await followed.lineCount(2);
    ecs.serviceExists = false;
    write('t1', 'web', 1002, 'still there');
    await followed.lineCount(3);
    ecs.stop('t1');
    await followed.done;
    assert.equal(followed.ended?.why, 'serviceDeleted');
  });

  it('says a failure once and leaves nothing out', async () => {
    ecs.run('t1');
    write('t1', 'web', 1000, 'one');
    write('t1', 'proxy', 1001, 'two');
    const followed = new Followed(ecs, logs);
    await followed.lineCount(2);
    let failures = 4;
    logs.failNext = () => (failures-- > 0 ? 'throttled' : undefined);
    write('t1', 'web', 2000, 'three');
    await followed.lineCount(3);
    await followed.stop();
    assert.deepEqual(followed.messages, ['one', 'two', 'three']);
    assert.equal(followed.notices.filter((text) => text.includes('throttled')).length, 1);
  });

  it('says that the right to read is missing, and ends with the task all the same', async () => {
    ecs.run('t1');
    logs.failNext = () => 'accessDenied';
    const followed = new Followed(ecs, logs, { cluster: 'main', task: 't1' });
    await followed.until(() => followed.notices.length > 0, 'a notice');
    assert.match(followed.notices[0] ?? '', /accessDenied/);
    ecs.stop('t1');
    await followed.done;
    assert.equal(followed.ended?.why, 'taskStopped');
  });

  it('starts in spite of throttling, and refuses a task that is not there', async () => {
    ecs.run('t1');
    write('t1', 'web', 1000, 'one');
    let failures = 2;
    ecs.failNext = () => (failures-- > 0 ? 'throttled' : undefined);
    const followed = new Followed(ecs, logs);
    await followed.lineCount(1);
    await followed.stop();
    assert.equal(followed.notices.length > 0, true);

    const unknown = new Followed(ecs, logs, { cluster: 'main', task: 'gone' });
    await assert.rejects(unknown.done, { reason: 'notFound' });
  });

  it('says which containers log elsewhere, and ends when a task has no log to read', async () => {
    ecs.definition = {
      ...DEFINITION,
      containerDefinitions: [
        { name: 'fluent', logConfiguration: { logDriver: 'awsfirelens' } },
        { name: 'silent' },
        awslogs('abroad', { 'awslogs-region': 'us-east-1' }),
        awslogs('unnamed', { 'awslogs-stream-prefix': '' }),
      ],
    };
    ecs.run('t1');
    const followed = new Followed(ecs, logs, { cluster: 'main', task: 't1' });
    await followed.done;
    assert.equal(followed.ended?.why, 'nothingToFollow');
    for (const word of ['awsfirelens', 'no logConfiguration', 'us-east-1', 'awslogs-stream-prefix']) {
      assert.equal(followed.notices.filter((text) => text.includes(word)).length, 1, word);
    }
  });

  it('finds new tasks while lines come as fast as they are read', async () => {
    ecs.run('t1');
    let now = 1000;
    logs.onPage = () => {
      for (let index = 0; index < 5; index++) {
        write('t1', 'web', now++, 'torrent');
      }
    };
    write('t1', 'web', 1, 'first');
    const followed = new Followed(ecs, logs, { ...SERVICE, container: 'web' });
    await followed.lineCount(100);
    ecs.run('t2');
    write('t2', 'web', now, 'of the new task');
    await followed.until(() => followed.lines.some(({ task }) => task === 't2'), 'the line of the new task');
    logs.onPage = () => undefined;
    await followed.stop();
    assert.equal(new Set(followed.lines.map(({ id }) => id)).size, followed.lines.length);
  });

  it('follows one container alone', async () => {
    ecs.run('t1');
    write('t1', 'web', 1000, 'web');
    write('t1', 'proxy', 1000, 'proxy');
    const followed = new Followed(ecs, logs, { ...SERVICE, container: 'proxy' });
    await followed.lineCount(1);
    await followed.stop();
    assert.deepEqual(followed.messages, ['proxy']);
  });

  it('puts lines of several streams in time order when they arrive within the hold', async () => {
    ecs.run('t1');
    write('t1', 'web', 1000, 'a');
    write('t1', 'proxy', 1001, 'b');
    const followed = new Followed(ecs, logs, SERVICE, { ...QUICK, holdMs: 100 });
    await followed.lineCount(2);
    const calls = logs.calls;
    write('t1', 'web', 2005, 'd');
    await followed.until(() => logs.calls > calls + 3, 'a read');
    write('t1', 'proxy', 2004, 'c');
    await followed.lineCount(4);
    await followed.stop();
    assert.deepEqual(followed.messages, ['a', 'b', 'c', 'd']);
  });

  it('loses no line and gives none twice, whatever arrives late, fails or is replaced', async function () {
    this.timeout(60_000);
    const step = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          kind: fc.constant('write'),
          late: fc.nat(120_000),
          container: fc.boolean(),
          task: fc.nat(3),
          copies: fc.integer({ min: 1, max: 9 }),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('fail'),
          reason: fc.constantFrom<ErrorReason>(
            'throttled',
            'serviceUnavailable',
            'requestRefused',
            'credentialsExpired',
          ),
          after: fc.nat(3),
          count: fc.integer({ min: 1, max: 3 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('replace'), task: fc.nat(3) }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('read') }) },
    ) as fc.Arbitrary<
      | { kind: 'write'; late: number; container: boolean; task: number; copies: number }
      | { kind: 'fail'; reason: ErrorReason; after: number; count: number }
      | { kind: 'replace'; task: number }
      | { kind: 'read' }
    >;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        async (steps, pageSize) => {
          const ecs = new FakeEcs();
          const logs = new FakeLogs();
          logs.pageSize = pageSize;
          const ids = ['a0', 'b0', 'c0', 'd0'];
          ids.forEach((id) => ecs.run(id));
          let now = 10_000_000;
          let generation = 0;
          let written = 0;
          let pending: (() => ErrorReason | undefined)[] = [];
          logs.failNext = () => pending.shift()?.();
          const followed = new Followed(ecs, logs);
          for (const each of steps) {
            now += 700;
            if (each.kind === 'write') {
              for (let copy = 0; copy < each.copies; copy++) {
                const stream = `ecs/${each.container ? 'web' : 'proxy'}/${ids[each.task]}`;
                logs.put('/ecs/web', stream, now - each.late, 'same text', now);
                written++;
              }
            } else if (each.kind === 'fail') {
              pending = [
                ...Array.from({ length: each.after }, () => () => undefined),
                ...Array.from({ length: each.count }, () => () => each.reason),
              ];
            } else if (each.kind === 'replace') {
              ecs.stop(ids[each.task] ?? '');
              ids[each.task] = `${'abcd'[each.task]}${++generation}`;
              ecs.run(ids[each.task] ?? '');
            } else {
              const calls = logs.calls;
              await followed.until(() => logs.calls > calls + 1, 'a read');
            }
          }
          await followed.lineCount(written);
          const calls = logs.calls;
          await followed.until(() => logs.calls > calls + 3, 'some more reads');
          await followed.stop();
          assert.equal(followed.lines.length, written);
          assert.equal(new Set(followed.lines.map(({ id }) => id)).size, written);
        },
      ),
      { numRuns: 60, endOnFailure: true },
    );
  });
});
