export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED';

/** TaskStopCode of the ECS API. */
export type TaskStopCode =
  | 'TaskFailedToStart'
  | 'EssentialContainerExited'
  | 'UserInitiated'
  | 'ServiceSchedulerInitiated'
  | 'SpotInterruption'
  | 'TerminationNotice';

export interface PortBinding {
  readonly bindIP: string;
  readonly containerPort: number;
  readonly hostPort: number;
  readonly protocol: 'tcp' | 'udp';
}

export interface ContainerState {
  readonly name: string;
  readonly image: string;
  readonly imageDigest?: string;
  /** The engine's container id; absent while there is none, and in simulated tasks. */
  readonly runtimeId?: string;
  readonly lastStatus: string;
  readonly exitCode?: number;
  readonly reason?: string;
  readonly healthStatus?: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';
  readonly networkBindings: readonly PortBinding[];
}

export interface TaskLaunch {
  readonly taskArn: string;
  readonly taskId: string;
  readonly region: string;
  readonly cluster: string;
  /** As registered: a TaskDefinition of the ECS API. */
  readonly taskDefinition: RegisteredTaskDefinition;
  /** A TaskOverride of the ECS API. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  readonly startedBy?: string;
  readonly service?: string;
}

/** The wire form of a registered task definition; rooms narrow the members they read. */
export interface RegisteredTaskDefinition {
  readonly taskDefinitionArn: string;
  readonly family: string;
  readonly revision: number;
  readonly containerDefinitions: readonly Readonly<Record<string, unknown>>[];
  readonly [member: string]: unknown;
}

export type TaskTime =
  | 'createdAt'
  | 'pullStartedAt'
  | 'pullStoppedAt'
  | 'connectivityAt'
  | 'startedAt'
  | 'stoppingAt'
  | 'executionStoppedAt'
  | 'stoppedAt';

/** The whole of what is known of a task now; each update replaces the one before. */
export interface TaskUpdate {
  readonly lastStatus: TaskStatus;
  readonly desiredStatus: 'RUNNING' | 'STOPPED';
  readonly healthStatus: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';
  readonly stopCode?: TaskStopCode;
  readonly stoppedReason?: string;
  /** Epoch milliseconds. */
  readonly times: Readonly<Partial<Record<TaskTime, number>>>;
  readonly containers: readonly ContainerState[];
}

export interface RunningTask {
  /** Asks the containers to end, forces them after their stopTimeout, settles when the task is STOPPED. */
  stop(code: TaskStopCode, reason: string): Promise<void>;
}

export interface TaskRuntime {
  /** True when there is no engine: tasks are acted, not run, and say so. */
  readonly simulated: boolean;
  /** Starts a task and reports each change until STOPPED. A container's failure is a stopped task, never a throw. */
  run(task: TaskLaunch, onChange: (update: TaskUpdate) => void): RunningTask;
  /** Removes what an earlier process of this sandbox left on the engine. */
  sweep(): Promise<void>;
  /** Stops every task and leaves nothing on the engine. */
  close(): Promise<void>;
}
