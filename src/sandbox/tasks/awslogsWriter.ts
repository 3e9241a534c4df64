import type { LogSink } from '../logs/logSink';
import type { OutputStream } from '../../base/process';
import type { ContainerDefinition } from './containerDefinition';
import { LineBuffer, splitEvent } from './lineBuffer';
import { parseMultilinePattern } from './multilinePattern';

/** Where a container's output goes, as its `logConfiguration` says. */
export interface LogDestination {
  readonly region: string;
  readonly group: string;
  /** Absent: the stream is named for the container's id. */
  readonly streamPrefix?: string;
  readonly multiline?: RegExp;
}

/** How long a started event of several lines waits for its next line. */
const MULTILINE_WAIT = 800;

/**
 * Reads the options of the awslogs driver and sees to the log group, as starting the driver does.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html
 * @returns `undefined` for containers whose output goes elsewhere
 * @throws Error with the driver's words: a group that does not exist, a pattern that is none
 */
export function openLogDestination(
  definition: ContainerDefinition,
  region: string,
  sink: LogSink,
): LogDestination | undefined {
  const { logConfiguration } = definition;
  if (logConfiguration?.logDriver !== 'awslogs') {
    return undefined;
  }
  const options = logConfiguration.options ?? {};
  const group = options['awslogs-group'];
  if (!group) {
    throw new Error('must specify a value for log opt awslogs-group');
  }
  const destination: LogDestination = {
    region: options['awslogs-region'] ?? region,
    group,
    ...(options['awslogs-stream-prefix'] && { streamPrefix: options['awslogs-stream-prefix'] }),
    ...openMultiline(options),
  };
  if (!sink.groupExists(destination.region, group)) {
    if (options['awslogs-create-group'] !== 'true') {
      throw new Error(
        'create stream has been retried 1 times: failed to create Cloudwatch log stream: ' +
          'ResourceNotFoundException: The specified log group does not exist.',
      );
    }
    sink.ensureGroup(destination.region, group);
  }
  return destination;
}

function openMultiline(options: Readonly<Record<string, string>>): { multiline?: RegExp } {
  try {
    const multiline = parseMultilinePattern(options);
    return multiline === undefined ? {} : { multiline };
  } catch {
    throw new Error(
      `awslogs could not parse multiline pattern key "${options['awslogs-multiline-pattern'] ?? ''}"`,
    );
  }
}

/** `prefix/container/taskId`, or the container's id. */
export function streamName(
  destination: LogDestination,
  container: string,
  taskId: string,
  runtimeId: string,
): string {
  return destination.streamPrefix === undefined
    ? runtimeId
    : `${destination.streamPrefix}/${container}/${taskId}`;
}

/** Writes what a container prints into a log stream, line by line or as the multi-line pattern groups them. */
export class AwslogsWriter {
  private readonly buffers: Readonly<Record<OutputStream, LineBuffer>> = {
    stdout: new LineBuffer(),
    stderr: new LineBuffer(),
  };
  private pending: { timestamp: number; lines: string[] } | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly sink: LogSink,
    private readonly destination: LogDestination,
    private readonly stream: string,
  ) {
    sink.ensureStream(destination.region, destination.group, stream);
  }

  write(text: string, from: OutputStream): void {
    this.take(this.buffers[from].push(text));
  }

  /** Writes what is left. The writer can be used again, for a container that was restarted. */
  end(): void {
    this.take([...this.buffers.stdout.end(), ...this.buffers.stderr.end()]);
    this.flush();
  }

  private take(lines: readonly string[]): void {
    if (lines.length === 0) {
      return;
    }
    const timestamp = Date.now();
    const pattern = this.destination.multiline;
    if (!pattern) {
      this.append(lines.map((message) => ({ timestamp, message })));
      return;
    }
    for (const line of lines) {
      if (pattern.test(line)) {
        this.flush();
      }
      this.pending ??= { timestamp, lines: [] };
      this.pending.lines.push(line);
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), MULTILINE_WAIT);
  }

  private flush(): void {
    clearTimeout(this.timer);
    const { pending } = this;
    this.pending = undefined;
    if (pending) {
      const { timestamp } = pending;
      this.append(splitEvent(pending.lines.join('\n')).map((message) => ({ timestamp, message })));
    }
  }

  private append(events: { timestamp: number; message: string }[]): void {
    try {
      this.sink.append(this.destination.region, this.destination.group, this.stream, events);
    } catch {
      // The group was deleted under the running task. As the driver does: the output is lost, the task runs on.
    }
  }
}
