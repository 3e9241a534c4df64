import type { ServiceDefinition } from '../operation';
import type { Store } from '../state/store';
import { filterLogEventsOperation } from './filterLogEvents';
import { getLogEventsOperation } from './getLogEvents';
import { groupOperations } from './groupOperations';
import { openLogCatalog } from './logCatalog';
import type { LogSink } from './logSink';
import { putLogEventsOperation } from './putLogEvents';
import { streamOperations } from './streamOperations';

export interface LogsService {
  readonly definition: ServiceDefinition;
  /** For the awslogs driver: no limits of size, order or age, as for a service within AWS's own walls. */
  readonly sink: LogSink;
  close(): void;
}

/** CloudWatch Logs: groups and streams in the store, events in files under `dataDir`/logs. */
export function createLogsService(store: Store, dataDir: string): LogsService {
  const catalog = openLogCatalog(store, dataDir);
  return {
    definition: {
      signingName: 'logs',
      operations: {
        ...groupOperations(catalog),
        ...streamOperations(catalog),
        PutLogEvents: putLogEventsOperation(catalog),
        GetLogEvents: getLogEventsOperation(catalog),
        FilterLogEvents: filterLogEventsOperation(catalog),
      },
    },
    sink: {
      groupExists: (region, group) => catalog.group(region, group) !== undefined,
      ensureGroup: (region, group) => {
        if (catalog.group(region, group) === undefined) {
          catalog.putGroup(region, group, { creationTime: Date.now(), logGroupClass: 'STANDARD', tags: {} });
        }
      },
      ensureStream: (region, group, stream) => {
        if (catalog.stream(region, group, stream) === undefined) {
          catalog.createStream(region, group, stream);
        }
      },
      append: (region, group, stream, events) => {
        catalog.requireStream(region, group, stream).events.append(events, Date.now());
      },
    },
    close: () => catalog.close(),
  };
}
