import type { LogLine } from '../logs/logTarget';

export interface ContainerFailure {
  readonly name: string;
  readonly image: string | undefined;
  readonly exitCode: number | undefined;
  /** What ECS says of the container, as "OutOfMemoryError: Container killed due to memory usage". */
  readonly reason: string | undefined;
}

/** Why one task stopped. */
export interface TaskFailure {
  readonly taskArn: string;
  /** Last segment of the ARN. */
  readonly task: string;
  readonly stoppedAt: Date | undefined;
  readonly stopCode: string | undefined;
  readonly stoppedReason: string | undefined;
  readonly containers: readonly ContainerFailure[];
  /** The container that brought the task down, as far as can be told. */
  readonly failedContainer: string | undefined;
  /** That container's last lines, oldest first. */
  readonly lastLines: readonly LogLine[];
  /** Why there are no lines, when they could not be read. */
  readonly logNotice: string | undefined;
  /** The cause in plain words and what to do, for causes that are well known. */
  readonly hint: string | undefined;
}

export interface FailureExplanation {
  /** One sentence. */
  readonly summary: string;
  /** The stopped tasks of the deployment, newest first, one of each different cause. */
  readonly tasks: readonly TaskFailure[];
}
