import type { OperationHandler } from '../operation';
import type { LogCatalog, LogStream } from './logCatalog';
import { checkGroupName, checkStreamName, type GroupSelector, selectGroup, streamArn } from './names';
import { cutPage, type PageRequest } from './page';
import { check, invalidParameter, streamExists } from './refusals';

interface StreamInput {
  readonly logGroupName: string;
  readonly logStreamName: string;
}

interface DescribeLogStreamsInput extends GroupSelector, PageRequest {
  readonly logStreamNamePrefix?: string;
  readonly orderBy?: string;
  readonly descending?: boolean;
}

/** Sort key of a stream: time of its last event where that is asked for, and name. */
type StreamKey = readonly [number, string];

/** The operations on log streams. */
export function streamOperations(catalog: LogCatalog): Record<string, OperationHandler> {
  return {
    CreateLogStream: ({ logGroupName, logStreamName }: StreamInput, { region }) => {
      checkGroupName(logGroupName);
      checkStreamName(logStreamName);
      catalog.requireGroup(region, logGroupName);
      if (catalog.stream(region, logGroupName, logStreamName) !== undefined) {
        throw streamExists();
      }
      catalog.createStream(region, logGroupName, logStreamName);
      return {};
    },

    DeleteLogStream: ({ logGroupName, logStreamName }: StreamInput, { region }) => {
      checkGroupName(logGroupName);
      checkStreamName(logStreamName);
      catalog.requireStream(region, logGroupName, logStreamName);
      catalog.deleteStream(region, logGroupName, logStreamName);
      return {};
    },

    DescribeLogStreams: (input: DescribeLogStreamsInput, { region }) => {
      const group = selectGroup(input);
      const { logStreamNamePrefix = '', orderBy = 'LogStreamName', descending = false } = input;
      check.oneOf('orderBy', orderBy, ['LogStreamName', 'LastEventTime']);
      const byTime = orderBy === 'LastEventTime';
      if (byTime && logStreamNamePrefix !== '') {
        throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
      }
      catalog.requireGroup(region, group);
      const keyOf = (stream: LogStream): StreamKey => [
        byTime ? (stream.events.times()?.lastEvent ?? 0) : 0,
        stream.name,
      ];
      const sign = descending ? -1 : 1;
      const compare = (a: StreamKey, b: StreamKey): number => sign * compareKeys(a, b);
      const found = catalog
        .streams(region, group)
        .filter(({ name }) => name.startsWith(logStreamNamePrefix))
        .map((stream) => ({ stream, key: keyOf(stream) }))
        .sort((a, b) => compare(a.key, b.key));
      const { page, nextToken } = cutPage(found, input, ({ key }) => key, compare);
      return { logStreams: page.map(({ stream }) => describeStream(region, group, stream)), nextToken };
    },
  };
}

function compareKeys([timeA, nameA]: StreamKey, [timeB, nameB]: StreamKey): number {
  return timeA - timeB || (nameA < nameB ? -1 : Number(nameA > nameB));
}

function describeStream(region: string, group: string, stream: LogStream): object {
  const times = stream.events.times();
  return {
    logStreamName: stream.name,
    creationTime: stream.creationTime,
    firstEventTimestamp: times?.firstEvent,
    lastEventTimestamp: times?.lastEvent,
    lastIngestionTime: times?.lastIngestion,
    // A stream has one from its first event on.
    ...(times && { uploadSequenceToken: String(stream.events.count()).padStart(56, '0') }),
    arn: streamArn(region, group, stream.name),
    // For streams always zero, since 2019.
    storedBytes: 0,
  };
}
