import assert from 'node:assert/strict';
import { poll } from '../../../../src/base/delay';
import type { LogSink, LogSinkEvent } from '../../../../src/sandbox/logs/logSink';
import {
  AwslogsWriter,
  openLogDestination,
  streamName,
  type LogDestination,
} from '../../../../src/sandbox/tasks/awslogsWriter';

describe('the awslogs driver', () => {
  const open = (
    options: Record<string, string>,
    groups = new Set(['eu-west-1/g']),
  ): LogDestination | undefined =>
    openLogDestination(
      { name: 'app', image: 'i', logConfiguration: { logDriver: 'awslogs', options } },
      'eu-west-1',
      sinkOf([], groups),
    );

  it('names the stream by prefix, container and task, or by the container without a prefix', () => {
    const prefixed = open({ 'awslogs-group': 'g', 'awslogs-stream-prefix': 'web' });
    assert.equal(prefixed && streamName(prefixed, 'app', 'task-id', 'runtime-id'), 'web/app/task-id');
    const plain = open({ 'awslogs-group': 'g' });
    assert.equal(plain && streamName(plain, 'app', 'task-id', 'runtime-id'), 'runtime-id');
  });

  it('looks for the group in the region of the options, and creates it only when told to', () => {
    const groups = new Set(['eu-west-1/g']);
    assert.throws(() => open({ 'awslogs-group': 'g', 'awslogs-region': 'us-east-1' }, groups), {
      message: /The specified log group does not exist/,
    });
    open({ 'awslogs-group': 'g', 'awslogs-region': 'us-east-1', 'awslogs-create-group': 'true' }, groups);
    assert.ok(groups.has('us-east-1/g'));
  });

  it('refuses a pattern that is no regular expression', () => {
    assert.throws(() => open({ 'awslogs-group': 'g', 'awslogs-multiline-pattern': '(' }), {
      message: /could not parse multiline pattern/,
    });
  });

  it('is left alone for other drivers', () => {
    assert.equal(
      openLogDestination(
        { name: 'app', image: 'i', logConfiguration: { logDriver: 'json-file' } },
        'eu-west-1',
        sinkOf([], new Set()),
      ),
      undefined,
    );
  });

  it('joins lines up to the next one that the date format or pattern matches', () => {
    for (const [option, value] of [
      ['awslogs-datetime-format', '%Y-%m-%d %H:%M:%S%L'],
      ['awslogs-multiline-pattern', '^\\d{4}-'],
    ] as const) {
      const events: LogSinkEvent[] = [];
      const destination = open({ 'awslogs-group': 'g', [option]: value });
      assert.ok(destination);
      const writer = new AwslogsWriter(sinkOf(events), destination, 's');
      writer.write('2026-01-31 23:59:59.123 failed\n  at a\n', 'stdout');
      writer.write('  at b\n2026-02-01 00:00:00.000 ok\n', 'stdout');
      writer.end();
      assert.deepEqual(
        events.map(({ message }) => message),
        ['2026-01-31 23:59:59.123 failed\n  at a\n  at b', '2026-02-01 00:00:00.000 ok'],
      );
    }
  });

  it('does not hold back the last event of several lines for more than a second', async () => {
    const events: LogSinkEvent[] = [];
    const destination = open({ 'awslogs-group': 'g', 'awslogs-multiline-pattern': '^>' });
    assert.ok(destination);
    const writer = new AwslogsWriter(sinkOf(events), destination, 's');
    const before = Date.now();
    writer.write('> one\nmore\n', 'stdout');
    await poll(async () => events[0], { interval: 10, signal: AbortSignal.timeout(5_000) });
    assert.ok(Date.now() - before < 1_000);
    assert.equal(events[0]?.message, '> one\nmore');
  });

  it('keeps the lines of both outputs whole', () => {
    const events: LogSinkEvent[] = [];
    const destination = open({ 'awslogs-group': 'g' });
    assert.ok(destination);
    const writer = new AwslogsWriter(sinkOf(events), destination, 's');
    writer.write('out ', 'stdout');
    writer.write('err\n', 'stderr');
    writer.write('put\n', 'stdout');
    assert.deepEqual(
      events.map(({ message }) => message),
      ['err', 'out put'],
    );
  });

  it('survives a log group that is deleted under it', () => {
    const destination = open({ 'awslogs-group': 'g' });
    assert.ok(destination);
    const broken: LogSink = {
      ...sinkOf([]),
      append: () => {
        throw new Error('ResourceNotFoundException');
      },
    };
    new AwslogsWriter(broken, destination, 's').write('line\n', 'stdout');
  });
});

function sinkOf(events: LogSinkEvent[], groups = new Set(['eu-west-1/g'])): LogSink {
  return {
    ensureGroup: (region, group) => void groups.add(`${region}/${group}`),
    ensureStream: () => undefined,
    groupExists: (region, group) => groups.has(`${region}/${group}`),
    append: (_region, _group, _stream, added) => void events.push(...added),
  };
}
