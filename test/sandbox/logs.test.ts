import assert from 'node:assert/strict';
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
  InvalidParameterException,
  ListTagsForResourceCommand,
  ListTagsLogGroupCommand,
  paginateDescribeLogGroups,
  paginateDescribeLogStreams,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
  TagLogGroupCommand,
  TagResourceCommand,
  UntagLogGroupCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { useSandbox } from '../support/sandboxClients';

const DAY = 86_400_000;

describe('CloudWatch Logs of the sandbox', () => {
  const sandbox = useSandbox();
  let groups = 0;
  let group = '';

  beforeEach(async () => {
    groups += 1;
    group = `/ecs/group-${groups}`;
    await sandbox.logs.send(new CreateLogGroupCommand({ logGroupName: group }));
  });

  const createStream = (name: string): Promise<unknown> =>
    sandbox.logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: name }));

  const put = (
    stream: string,
    ...logEvents: { timestamp: number; message: string }[]
  ): ReturnType<typeof putAll> => putAll(stream, logEvents);
  const putAll = (stream: string, logEvents: { timestamp: number; message: string }[]) =>
    sandbox.logs.send(new PutLogEventsCommand({ logGroupName: group, logStreamName: stream, logEvents }));

  const get = (stream: string, settings: Partial<GetLogEventsCommandInput> = {}) =>
    sandbox.logs.send(new GetLogEventsCommand({ logGroupName: group, logStreamName: stream, ...settings }));

  const filter = (settings: Partial<FilterLogEventsCommandInput> = {}) =>
    sandbox.logs.send(new FilterLogEventsCommand({ logGroupName: group, ...settings }));

  const texts = ({ events = [] }: { events?: { message?: string }[] | undefined }): string[] =>
    events.map(({ message = '' }) => message);

  describe('groups', () => {
    it('are created once, described and deleted', async () => {
      await assert.rejects(
        sandbox.logs.send(new CreateLogGroupCommand({ logGroupName: group })),
        (error) =>
          error instanceof ResourceAlreadyExistsException &&
          error.message === 'The specified log group already exists',
      );
      const found = await sandbox.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group }));
      const described = found.logGroups?.find(({ logGroupName }) => logGroupName === group);
      assert.equal(described?.arn, `arn:aws:logs:eu-central-1:000000000000:log-group:${group}:*`);
      assert.equal(described.logGroupArn, `arn:aws:logs:eu-central-1:000000000000:log-group:${group}`);
      assert.equal(described.logGroupClass, 'STANDARD');
      assert.ok(Date.now() - (described.creationTime ?? 0) < 60_000);
      await sandbox.logs.send(new DeleteLogGroupCommand({ logGroupName: group }));
      await assert.rejects(
        sandbox.logs.send(new DeleteLogGroupCommand({ logGroupName: group })),
        (error) =>
          error instanceof ResourceNotFoundException &&
          error.message === 'The specified log group does not exist.',
      );
    });

    it('are found by prefix and by a part of their name, but not by both', async () => {
      for (const name of ['find/alpha', 'find/beta', 'other/alpha']) {
        await sandbox.logs.send(new CreateLogGroupCommand({ logGroupName: name }));
      }
      const names = async (input: object): Promise<unknown> =>
        (await sandbox.logs.send(new DescribeLogGroupsCommand(input))).logGroups?.map(
          ({ logGroupName }) => logGroupName,
        );
      assert.deepEqual(await names({ logGroupNamePrefix: 'find/' }), ['find/alpha', 'find/beta']);
      assert.deepEqual(await names({ logGroupNamePattern: 'alpha' }), ['find/alpha', 'other/alpha']);
      await assert.rejects(
        names({ logGroupNamePattern: 'a', logGroupNamePrefix: 'b' }),
        InvalidParameterException,
      );
    });

    it('come in pages of at most fifty, each once', async () => {
      const names = Array.from({ length: 120 }, (_, index) => `paged/${String(index).padStart(3, '0')}`);
      await Promise.all(
        names.map((logGroupName) => sandbox.logs.send(new CreateLogGroupCommand({ logGroupName }))),
      );
      const pages: string[][] = [];
      for await (const { logGroups = [] } of paginateDescribeLogGroups(
        { client: sandbox.logs },
        { logGroupNamePrefix: 'paged/' },
      )) {
        pages.push(logGroups.map(({ logGroupName = '' }) => logGroupName));
      }
      assert.deepEqual(
        pages.map(({ length }) => length),
        [50, 50, 20],
      );
      assert.deepEqual(pages.flat(), names);
    });

    it('are apart by region', async () => {
      const elsewhere = sandbox.clients({ region: 'us-east-1' });
      const { logGroups } = await elsewhere.logs.send(new DescribeLogGroupsCommand({}));
      assert.deepEqual(logGroups, []);
    });

    it('take a retention from the list of the service, and lose it again', async () => {
      const retention = async (): Promise<number | undefined> =>
        (
          await sandbox.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group }))
        ).logGroups?.find(({ logGroupName }) => logGroupName === group)?.retentionInDays;
      await sandbox.logs.send(new PutRetentionPolicyCommand({ logGroupName: group, retentionInDays: 14 }));
      assert.equal(await retention(), 14);
      await assert.rejects(
        sandbox.logs.send(new PutRetentionPolicyCommand({ logGroupName: group, retentionInDays: 15 })),
        InvalidParameterException,
      );
      await sandbox.logs.send(new DeleteRetentionPolicyCommand({ logGroupName: group }));
      assert.equal(await retention(), undefined);
    });

    it('carry tags', async () => {
      const resourceArn = `arn:aws:logs:eu-central-1:000000000000:log-group:${group}`;
      await sandbox.logs.send(new TagResourceCommand({ resourceArn, tags: { team: 'a', stage: 'test' } }));
      await sandbox.logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['stage'] }));
      const { tags } = await sandbox.logs.send(new ListTagsForResourceCommand({ resourceArn }));
      assert.deepEqual(tags, { team: 'a' });
    });

    it('show the same tags to clients that call the older operations', async () => {
      const older = 'older';
      await sandbox.logs.send(new CreateLogGroupCommand({ logGroupName: older, tags: { team: 'a' } }));
      await sandbox.logs.send(
        new TagLogGroupCommand({ logGroupName: older, tags: { team: 'b', stage: 'x' } }),
      );
      await sandbox.logs.send(new UntagLogGroupCommand({ logGroupName: older, tags: ['stage'] }));
      const resourceArn = `arn:aws:logs:eu-central-1:000000000000:log-group:${older}`;
      for (const { tags } of [
        await sandbox.logs.send(new ListTagsLogGroupCommand({ logGroupName: older })),
        await sandbox.logs.send(new ListTagsForResourceCommand({ resourceArn })),
      ]) {
        assert.deepEqual(tags, { team: 'b' });
      }
      await assert.rejects(
        sandbox.logs.send(new TagLogGroupCommand({ logGroupName: 'none', tags: { a: 'b' } })),
        ResourceNotFoundException,
      );
    });

    for (const logGroupName of ['', 'a b', 'a:b', 'x'.repeat(513)]) {
      it(`are refused the name "${logGroupName.slice(0, 10)}"`, () =>
        assert.rejects(
          sandbox.logs.send(new CreateLogGroupCommand({ logGroupName })),
          (error) =>
            error instanceof InvalidParameterException &&
            /1 validation error detected: .*'logGroupName' failed to satisfy constraint/.test(error.message),
        ));
    }
  });

  describe('streams', () => {
    it('are created once in a group that exists, and deleted with their events', async () => {
      await createStream('web/app/1');
      await assert.rejects(createStream('web/app/1'), ResourceAlreadyExistsException);
      await assert.rejects(createStream('a:b'), InvalidParameterException);
      await put('web/app/1', { timestamp: Date.now(), message: 'old' });
      await sandbox.logs.send(
        new DeleteLogStreamCommand({ logGroupName: group, logStreamName: 'web/app/1' }),
      );
      await assert.rejects(
        get('web/app/1'),
        (error) =>
          error instanceof ResourceNotFoundException &&
          error.message === 'The specified log stream does not exist.',
      );
      await createStream('web/app/1');
      assert.deepEqual(texts(await get('web/app/1')), []);
    });

    it('are ordered by name or by last event, up or down, in pages', async () => {
      const now = Date.now();
      for (const [index, name] of ['b', 'c', 'a'].entries()) {
        await createStream(name);
        await put(name, { timestamp: now + index, message: name });
      }
      const names = async (input: object): Promise<string[]> => {
        const found: string[] = [];
        for await (const { logStreams = [] } of paginateDescribeLogStreams(
          { client: sandbox.logs, pageSize: 2 },
          { logGroupName: group, ...input },
        )) {
          found.push(...logStreams.map(({ logStreamName = '' }) => logStreamName));
        }
        return found;
      };
      assert.deepEqual(await names({}), ['a', 'b', 'c']);
      assert.deepEqual(await names({ descending: true }), ['c', 'b', 'a']);
      assert.deepEqual(await names({ orderBy: 'LastEventTime' }), ['b', 'c', 'a']);
      assert.deepEqual(await names({ orderBy: 'LastEventTime', descending: true }), ['a', 'c', 'b']);
      assert.deepEqual(await names({ logStreamNamePrefix: 'b' }), ['b']);
      await assert.rejects(
        names({ orderBy: 'LastEventTime', logStreamNamePrefix: 'b' }),
        InvalidParameterException,
      );
    });

    it('tell the times of their events, and have a sequence token from the first on', async () => {
      const now = Date.now();
      await createStream('timed');
      const fresh = await sandbox.logs.send(
        new DescribeLogStreamsCommand({ logGroupName: group, logStreamNamePrefix: 'timed' }),
      );
      assert.equal(fresh.logStreams?.[0]?.uploadSequenceToken, undefined);
      await put('timed', { timestamp: now - 1000, message: 'first' }, { timestamp: now, message: 'last' });
      const { logStreams } = await sandbox.logs.send(
        new DescribeLogStreamsCommand({
          logGroupIdentifier: `arn:aws:logs:eu-central-1:000000000000:log-group:${group}`,
        }),
      );
      assert.equal(logStreams?.[0]?.firstEventTimestamp, now - 1000);
      assert.equal(logStreams[0].lastEventTimestamp, now);
      assert.ok((logStreams[0].lastIngestionTime ?? 0) >= now - 1000);
      assert.ok(logStreams[0].uploadSequenceToken);
    });
  });

  describe('put', () => {
    beforeEach(() => createStream('s'));
    const now = Date.now();

    it('refuses events out of order, too many, too large, empty and over more than a day', async () => {
      const event = (timestamp: number, message = 'x'): { timestamp: number; message: string } => ({
        timestamp,
        message,
      });
      const refusals: [{ timestamp: number; message: string }[], RegExp][] = [
        [[event(now), event(now - 1)], /chronological order/],
        [[], /length greater than or equal to 1/],
        [Array.from({ length: 10_001 }, () => event(now)), /length less than or equal to 10000/],
        [[event(now, '')], /greater than or equal to 1/],
        [[event(now, 'x'.repeat(600_000)), event(now, 'x'.repeat(600_000))], /Upload too large/],
        [[event(now, 'x'.repeat(1_048_577))], /Log event too large/],
        [[event(now - DAY - 1), event(now)], /24 hours/],
        [[event(-1)], /greater than or equal to 0/],
      ];
      for (const [events, message] of refusals) {
        await assert.rejects(putAll('s', events), (error) => {
          assert.ok(error instanceof InvalidParameterException);
          assert.match(error.message, message);
          return true;
        });
      }
      assert.deepEqual(texts(await get('s')), []);
    });

    it('takes a batch of exactly one mebibyte, counting 26 bytes an event', async () => {
      await put('s', { timestamp: now, message: 'x'.repeat(1_048_576 - 26) });
      await assert.rejects(
        put('s', { timestamp: now, message: 'ü'.repeat((1_048_576 - 26) / 2 + 1) }),
        InvalidParameterException,
      );
    });

    it('takes what is neither too old nor too new, and tells what was left out', async () => {
      const { rejectedLogEventsInfo } = await put(
        's',
        { timestamp: now - 15 * DAY, message: 'too old' },
        { timestamp: now - 15 * DAY, message: 'too old, too' },
        { timestamp: now, message: 'now' },
        { timestamp: now + DAY, message: 'too new' },
      );
      assert.equal(rejectedLogEventsInfo?.tooOldLogEventEndIndex, 2);
      assert.equal(rejectedLogEventsInfo.tooNewLogEventStartIndex, 3);
      assert.deepEqual(texts(await get('s')), ['now']);
    });

    it('leaves out what the retention would remove', async () => {
      await put('s', { timestamp: now - 2 * DAY, message: 'two days old' });
      await sandbox.logs.send(new PutRetentionPolicyCommand({ logGroupName: group, retentionInDays: 1 }));
      const { rejectedLogEventsInfo } = await put(
        's',
        { timestamp: now - 2 * DAY, message: 'again' },
        { timestamp: now, message: 'now' },
      );
      assert.equal(rejectedLogEventsInfo?.expiredLogEventEndIndex, 1);
      assert.deepEqual(texts(await get('s')), ['now']);
      assert.deepEqual(texts(await filter()), ['now']);
    });

    it('needs the group and the stream', async () => {
      await assert.rejects(
        put('none', { timestamp: now, message: 'x' }),
        (error) => error instanceof ResourceNotFoundException && error.message.includes('log stream'),
      );
      await assert.rejects(
        sandbox.logs.send(
          new PutLogEventsCommand({
            logGroupName: 'none',
            logStreamName: 's',
            logEvents: [{ timestamp: now, message: 'x' }],
          }),
        ),
        (error) => error instanceof ResourceNotFoundException && error.message.includes('log group'),
      );
    });
  });

  describe('get', () => {
    const start = Date.now() - 60_000;
    beforeEach(async () => {
      await createStream('s');
      await putAll(
        's',
        Array.from({ length: 10 }, (_, index) => ({ timestamp: start + index, message: `${index}` })),
      );
    });

    it('gives the latest page first, and walks back to the beginning and forward to the end', async () => {
      const latest = await get('s', { limit: 4 });
      assert.deepEqual(texts(latest), ['6', '7', '8', '9']);
      const back: string[][] = [];
      let token = latest.nextBackwardToken;
      for (;;) {
        const page = await get('s', { limit: 4, nextToken: token });
        if (page.nextBackwardToken === token) {
          assert.deepEqual(texts(page), []);
          break;
        }
        back.push(texts(page));
        token = page.nextBackwardToken;
      }
      assert.deepEqual(back, [
        ['2', '3', '4', '5'],
        ['0', '1'],
      ]);
      const end = await get('s', { nextToken: latest.nextForwardToken, startFromHead: true });
      assert.deepEqual(texts(end), []);
      assert.equal(end.nextForwardToken, latest.nextForwardToken);
    });

    it('goes on from a forward token with what has been added since, also at the same time', async () => {
      const all = await get('s', { startFromHead: true });
      assert.equal(all.events?.length, 10);
      await put(
        's',
        { timestamp: start + 9, message: 'same time' },
        { timestamp: start + 10, message: 'later' },
      );
      const next = await get('s', { startFromHead: true, nextToken: all.nextForwardToken });
      assert.deepEqual(texts(next), ['same time', 'later']);
      const back = await get('s', { nextToken: next.nextBackwardToken, limit: 2 });
      assert.deepEqual(texts(back), ['8', '9']);
    });

    it('goes on from the token of an empty stream', async () => {
      await createStream('empty');
      const { nextForwardToken } = await get('empty', { startFromHead: true });
      await put('empty', { timestamp: start, message: 'first' });
      assert.deepEqual(texts(await get('empty', { nextToken: nextForwardToken, startFromHead: true })), [
        'first',
      ]);
    });

    it('takes a start that is included and an end that is not', async () => {
      assert.deepEqual(texts(await get('s', { startTime: start + 3, endTime: start + 6 })), ['3', '4', '5']);
      const page = await get('s', {
        startTime: start + 3,
        endTime: start + 6,
        limit: 2,
        startFromHead: true,
      });
      assert.deepEqual(texts(page), ['3', '4']);
      assert.deepEqual(
        texts(await get('s', { startTime: start + 3, endTime: start + 6, nextToken: page.nextForwardToken })),
        ['5'],
      );
    });

    it('gives at most a mebibyte a page, and an event that fills one alone', async () => {
      await createStream('large');
      for (const index of [1, 2, 3]) {
        await put('large', { timestamp: start + index, message: `${index}`.repeat(500_000) });
      }
      const page = await get('large', { startFromHead: true });
      assert.equal(page.events?.length, 2);
      const rest = await get('large', { startFromHead: true, nextToken: page.nextForwardToken });
      assert.equal(rest.events?.length, 1);
    });

    it('refuses a token that is not one of this stream, and a limit out of range', async () => {
      await createStream('other');
      const { nextForwardToken } = await get('other');
      for (const input of [
        { nextToken: nextForwardToken },
        { nextToken: 'f/1' },
        { limit: 0 },
        { limit: 10_001 },
      ]) {
        await assert.rejects(get('s', input), InvalidParameterException);
      }
    });

    it('wants exactly one way to name the group', async () => {
      await assert.rejects(get('s', { logGroupIdentifier: group }), InvalidParameterException);
      const page = await get('s', { logGroupName: undefined, logGroupIdentifier: group, limit: 1 });
      assert.deepEqual(texts(page), ['9']);
    });

    it('takes a group by its ARN, but not by the one that its streams share', async () => {
      const arn = `arn:aws:logs:eu-central-1:000000000000:log-group:${group}`;
      const page = await get('s', { logGroupName: undefined, logGroupIdentifier: arn, limit: 1 });
      assert.deepEqual(texts(page), ['9']);
      await assert.rejects(get('s', { logGroupName: undefined, logGroupIdentifier: `${arn}:*` }), {
        name: 'InvalidParameterException',
        message: /Value at 'logGroupIdentifier' failed to satisfy constraint/,
      });
    });
  });

  describe('filter', () => {
    const start = Date.now() - 60_000;
    beforeEach(async () => {
      for (const [offset, stream] of ['web/a', 'web/b', 'job/c'].entries()) {
        await createStream(stream);
        await putAll(
          stream,
          Array.from({ length: 4 }, (_, index) => ({
            timestamp: start + index * 3 + offset,
            message: `${stream} ${index % 2 === 0 ? 'even' : 'odd'}`,
          })),
        );
      }
    });

    const walk = async (settings: Partial<FilterLogEventsCommandInput>): Promise<string[]> => {
      const found: string[] = [];
      let nextToken: string | undefined;
      do {
        const page = await filter({ ...settings, nextToken });
        assert.ok((page.events?.length ?? 0) <= (settings.limit ?? 10_000));
        found.push(
          ...(page.events ?? []).map((event) => `${(event.timestamp ?? 0) - start} ${event.logStreamName}`),
        );
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return found;
    };
    const inOrder = Array.from(
      { length: 12 },
      (_, index) => `${index} ${['web/a', 'web/b', 'job/c'][index % 3]}`,
    );

    it('interleaves the streams in the order of time, page by page, forwards and backwards', async () => {
      for (const limit of [1, 5, 12, 100]) {
        assert.deepEqual(await walk({ limit }), inOrder);
        assert.deepEqual(await walk({ limit, startFromHead: false, startTime: start }), inOrder.toReversed());
      }
    });

    it('chooses streams by names or by prefix, but not by both, and misses none that is named', async () => {
      const isOf = (...names: string[]) =>
        inOrder.filter((line) => names.some((name) => line.endsWith(name)));
      assert.deepEqual(await walk({ logStreamNames: ['web/a', 'job/c'] }), isOf('web/a', 'job/c'));
      assert.deepEqual(await walk({ logStreamNamePrefix: 'web/' }), isOf('web/a', 'web/b'));
      await assert.rejects(
        filter({ logStreamNames: ['web/a'], logStreamNamePrefix: 'web/' }),
        InvalidParameterException,
      );
      await assert.rejects(filter({ logStreamNames: ['web/a', 'none'] }), ResourceNotFoundException);
    });

    it('takes a start and an end that are both included', async () => {
      assert.deepEqual(await walk({ startTime: start + 3, endTime: start + 5 }), inOrder.slice(3, 6));
    });

    it('gives what matches the pattern', async () => {
      assert.deepEqual(
        await walk({ filterPattern: 'web -even', limit: 1 }),
        inOrder.filter((_, index) => [3, 4, 9, 10].includes(index)),
      );
      await assert.rejects(filter({ filterPattern: '{ $.a ' }), InvalidParameterException);
    });

    it('gives events of the same time in several streams each once, under ids that stay the same', async () => {
      for (const stream of ['web/a', 'web/b', 'job/c']) {
        await putAll(
          stream,
          Array.from({ length: 5 }, (_, index) => ({ timestamp: start + 100, message: `same ${index}` })),
        );
      }
      const ids = async (limit: number): Promise<string[]> => {
        const found: string[] = [];
        let nextToken: string | undefined;
        do {
          const page = await filter({ startTime: start + 100, limit, nextToken });
          found.push(...(page.events ?? []).map(({ eventId = '' }) => eventId));
          nextToken = page.nextToken;
        } while (nextToken !== undefined);
        return found;
      };
      const all = await ids(100);
      assert.equal(new Set(all).size, 15);
      assert.deepEqual(await ids(4), all);
      await put('web/a', { timestamp: start + 50, message: 'late' });
      assert.deepEqual(await ids(4), all);
    });

    it('ends a page of many misses without events but with a token', async () => {
      await createStream('long');
      for (let batch = 0; batch < 6; batch += 1) {
        await putAll(
          'long',
          Array.from({ length: 10_000 }, (_, index) => ({
            timestamp: start + batch,
            message: batch === 5 && index === 9_999 ? 'needle' : 'hay',
          })),
        );
      }
      const settings = { logStreamNames: ['long'], filterPattern: 'needle' };
      const first = await filter(settings);
      assert.deepEqual(texts(first), []);
      assert.ok(first.nextToken);
      assert.deepEqual(texts(await filter({ ...settings, nextToken: first.nextToken })), ['needle']);
    });
  });

  it('has all of it after a restart', async () => {
    await createStream('s');
    const now = Date.now();
    await put('s', { timestamp: now, message: 'before' });
    const before = await filter();
    const { nextForwardToken } = await get('s');
    await sandbox.restart();
    assert.deepEqual((await filter()).events, before.events);
    await put('s', { timestamp: now, message: 'after' });
    assert.deepEqual(texts(await get('s', { nextToken: nextForwardToken, startFromHead: true })), ['after']);
  });
});
