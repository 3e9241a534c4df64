/** Where the awslogs driver of a running container writes. */
export interface LogSink {
  ensureGroup(region: string, group: string): void;
  ensureStream(region: string, group: string, stream: string): void;
  groupExists(region: string, group: string): boolean;
  /** Appends in the given order; timestamps are epoch milliseconds. */
  append(region: string, group: string, stream: string, events: readonly LogSinkEvent[]): void;
}

export interface LogSinkEvent {
  readonly timestamp: number;
  readonly message: string;
}
