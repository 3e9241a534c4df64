import type { FilteredLogEvent, LogGroup, OutputLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import { Connection } from './connection';
import type { AwsContext } from './context';
import { unguarded } from './contextAccess';
import { pages } from './page';

export interface FilterRequest {
  readonly group: string;
  /** At most 100. */
  readonly streams?: readonly string[];
  /** Epoch milliseconds, inclusive. */
  readonly startTime?: number;
  readonly endTime?: number;
  readonly pattern?: string;
  readonly token?: string;
  /** At most 10,000, which is the default. */
  readonly limit?: number;
}

export interface StreamRequest {
  readonly group: string;
  readonly stream: string;
  readonly startTime?: number;
  readonly endTime?: number;
  /** A backward token of an earlier page; without it, the newest page is given. */
  readonly token?: string;
  readonly limit?: number;
}

/** CloudWatch Logs of one context. Every method throws `UserError`. Timestamps are epoch milliseconds. */
export interface LogsGateway {
  readonly context: AwsContext;
  /** One page of the events of many streams, in time order. */
  filterEvents(
    request: FilterRequest,
    signal?: AbortSignal,
  ): Promise<{ events: readonly FilteredLogEvent[]; nextToken: string | undefined }>;
  /** One page of the events of one stream. */
  streamEvents(
    request: StreamRequest,
    signal?: AbortSignal,
  ): Promise<{
    events: readonly OutputLogEvent[];
    backwardToken: string | undefined;
  }>;
  /** The groups whose name starts with `prefix`, up to 50 a page, in the order of their names. */
  groups(prefix?: string, signal?: AbortSignal): AsyncGenerator<readonly LogGroup[], void, void>;
  /** The group of exactly this name, if there is one. */
  group(name: string, signal?: AbortSignal): Promise<LogGroup | undefined>;
  dispose(): void;
}

export function createLogsGateway(context: AwsContext, access = unguarded(context)): LogsGateway {
  const connection = new Connection(
    access,
    'CLOUDWATCH_LOGS',
    () => import('@aws-sdk/client-cloudwatch-logs'),
    (sdk, configuration) => new sdk.CloudWatchLogsClient(configuration),
  );
  const listGroups = (operation: string, prefix: string | undefined, signal: AbortSignal | undefined) =>
    pages(async (nextToken) => {
      const page = await connection.call(operation, (client, sdk) =>
        client.send(
          // An empty prefix is refused.
          new sdk.DescribeLogGroupsCommand({ logGroupNamePrefix: prefix || undefined, nextToken }),
          { abortSignal: signal },
        ),
      );
      return { items: page.logGroups ?? [], next: page.nextToken };
    });
  return {
    context,

    async filterEvents(request, signal) {
      const answer = await connection.call(`read the log group ${request.group}`, (client, sdk) =>
        client.send(
          new sdk.FilterLogEventsCommand({
            logGroupName: request.group,
            logStreamNames: request.streams && [...request.streams],
            startTime: request.startTime,
            endTime: request.endTime,
            filterPattern: request.pattern,
            nextToken: request.token,
            limit: request.limit,
          }),
          { abortSignal: signal },
        ),
      );
      return { events: answer.events ?? [], nextToken: answer.nextToken };
    },

    async streamEvents(request, signal) {
      const answer = await connection.call(
        `read the log stream ${request.stream} of ${request.group}`,
        (client, sdk) =>
          client.send(
            new sdk.GetLogEventsCommand({
              logGroupName: request.group,
              logStreamName: request.stream,
              startTime: request.startTime,
              endTime: request.endTime,
              nextToken: request.token,
              limit: request.limit,
            }),
            { abortSignal: signal },
          ),
      );
      return {
        events: answer.events ?? [],
        backwardToken: answer.nextBackwardToken,
      };
    },

    groups: (prefix, signal) => listGroups('list the log groups', prefix, signal),

    async group(name, signal) {
      for await (const groups of listGroups(`look for the log group ${name}`, name, signal)) {
        const found = groups.find((group) => group.logGroupName === name);
        if (found) {
          return found;
        }
      }
      return undefined;
    },

    dispose: () => connection.dispose(),
  };
}
