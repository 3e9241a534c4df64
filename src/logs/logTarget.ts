/** Whose lines are wanted: a service's or a task's, of all its containers or of one. */
export interface LogTarget {
  /** Name or ARN. */
  readonly cluster: string;
  /** Name or ARN. Without a task: all of the service's tasks, also those that are yet to come. */
  readonly service?: string;
  /** Id or ARN. */
  readonly task?: string;
  /** Name of a container in the task definition. */
  readonly container?: string;
}

/** One line as CloudWatch Logs has it; it may hold line feeds and control sequences. */
export interface LogLine {
  /** Epoch milliseconds. */
  readonly timestamp: number;
  /** The task's short id: the last segment of its ARN. */
  readonly task: string;
  readonly container: string;
  readonly message: string;
  /** The event's id in CloudWatch Logs: different for identical lines of the same millisecond. */
  readonly id: string;
}
