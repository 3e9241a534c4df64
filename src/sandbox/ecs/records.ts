import type { RegisteredTaskDefinition, TaskStopCode, TaskUpdate } from '../tasks/taskRuntime';

/** Members of a request that are kept and given back as they came. */
export type WireObject = Readonly<Record<string, unknown>>;

export interface Tag {
  readonly key?: string;
  readonly value?: string;
}

export interface CapacityProviderStrategyItem {
  readonly capacityProvider: string;
  readonly weight?: number;
  readonly base?: number;
}

export type LaunchType = 'EC2' | 'FARGATE' | 'EXTERNAL' | 'MANAGED_INSTANCES';

export interface NetworkConfiguration {
  readonly awsvpcConfiguration?: {
    readonly subnets?: readonly string[];
    readonly securityGroups?: readonly string[];
    readonly assignPublicIp?: string;
  };
}

export interface DeploymentConfiguration {
  readonly maximumPercent?: number;
  readonly minimumHealthyPercent?: number;
  readonly deploymentCircuitBreaker?: {
    readonly enable: boolean;
    readonly rollback: boolean;
    readonly resetOnHealthyTask?: boolean;
    readonly thresholdConfiguration?: { readonly type: string; readonly value: number };
  };
  readonly strategy?: string;
  readonly [member: string]: unknown;
}

/** Times in all records are epoch milliseconds. */
export interface ClusterRecord {
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly settings: readonly { readonly name?: string; readonly value?: string }[];
  readonly configuration?: WireObject;
  readonly serviceConnectDefaults?: WireObject;
  readonly capacityProviders: readonly string[];
  readonly defaultCapacityProviderStrategy: readonly CapacityProviderStrategyItem[];
}

export interface ContainerDefinition {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  readonly cpu: number;
  readonly memory?: number;
  readonly memoryReservation?: number;
  readonly healthCheck?: WireObject;
  readonly portMappings: readonly {
    readonly containerPort?: number;
    readonly hostPort?: number;
    readonly protocol?: string;
  }[];
  readonly [member: string]: unknown;
}

/** A task definition as DescribeTaskDefinition gives it, but for its times. */
export interface TaskDefinitionRecord extends RegisteredTaskDefinition {
  readonly containerDefinitions: readonly ContainerDefinition[];
  readonly status: 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS';
  readonly networkMode: string;
  readonly compatibilities: readonly string[];
  readonly cpu?: string;
  readonly memory?: string;
  readonly registeredAt: number;
  readonly deregisteredAt?: number;
  readonly deleteRequestedAt?: number;
}

/** Where and as what the tasks of a deployment, or a task of its own, run. */
export interface Placement {
  readonly launchType?: LaunchType;
  readonly capacityProviderStrategy?: readonly CapacityProviderStrategyItem[];
  readonly platformVersion?: string;
  readonly networkConfiguration?: NetworkConfiguration;
}

/** What a service revision fixes: a new one is made whenever one of these members changes. */
export interface RevisionSettings extends Placement {
  readonly taskDefinition: string;
  readonly loadBalancers?: readonly WireObject[];
  readonly serviceRegistries?: readonly WireObject[];
  readonly serviceConnectConfiguration?: WireObject;
  readonly volumeConfigurations?: readonly WireObject[];
  readonly vpcLatticeConfigurations?: readonly WireObject[];
}

export type RolloutState = 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';

/** An entry of a service's `deployments`: the tasks of one service revision. */
export interface DeploymentRecord {
  /** `ecs-svc/<revision number>` */
  readonly id: string;
  readonly status: 'PRIMARY' | 'ACTIVE';
  readonly settings: RevisionSettings;
  readonly failedTasks: number;
  readonly rolloutState: RolloutState;
  readonly rolloutStateReason: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface ServiceEvent {
  readonly id: string;
  readonly createdAt: number;
  readonly message: string;
}

export interface ServiceRecord {
  readonly region: string;
  readonly accountId: string;
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly serviceName: string;
  readonly serviceArn: string;
  readonly status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  readonly schedulingStrategy: 'REPLICA' | 'DAEMON';
  readonly desiredCount: number;
  readonly settings: RevisionSettings;
  readonly deploymentConfiguration: DeploymentConfiguration;
  /** Members of the service that start no deployment and mean nothing to the scheduler. */
  readonly attributes: WireObject;
  readonly healthCheckGracePeriodSeconds?: number;
  /** Digest of the request that created it, to tell a repetition; empty once it was updated. */
  readonly creation: string;
  readonly createdAt: number;
  /** Newest first; the first is PRIMARY. */
  readonly deployments: readonly DeploymentRecord[];
  /** The service deployment that was started last. */
  readonly serviceDeploymentId: string;
  /** What a rollback returns to. */
  readonly lastCompleted?: { readonly deploymentId: string; readonly settings: RevisionSettings };
  /** False from a change until the service has what it wants again. */
  readonly steady: boolean;
  /** Tasks that failed one after the other; the scheduler waits longer after each. */
  readonly failuresInRow: number;
  /** No task is started before this time. */
  readonly startNotBefore: number;
}

export type ServiceDeploymentStatus =
  | 'PENDING'
  | 'IN_PROGRESS'
  | 'SUCCESSFUL'
  | 'STOP_REQUESTED'
  | 'STOPPED'
  | 'ROLLBACK_REQUESTED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_SUCCESSFUL'
  | 'ROLLBACK_FAILED';

export interface ServiceDeploymentRecord {
  readonly serviceDeploymentArn: string;
  readonly serviceArn: string;
  readonly clusterArn: string;
  /** `ecs-svc/…` of the revision that it brings. */
  readonly deploymentId: string;
  /** `ecs-svc/…` of the revisions that ran when it began, with the tasks each was to have. */
  readonly sources: readonly { readonly deploymentId: string; readonly requestedTaskCount: number }[];
  readonly status: ServiceDeploymentStatus;
  readonly statusReason?: string;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  readonly stoppedAt?: number;
  readonly updatedAt: number;
  readonly deploymentConfiguration: DeploymentConfiguration;
  readonly rollback?: {
    readonly reason: string;
    readonly startedAt: number;
    readonly serviceRevisionArn: string;
  };
  readonly circuitBreaker: {
    readonly status: 'DISABLED' | 'MONITORING' | 'MONITORING_COMPLETE' | 'TRIGGERED';
    readonly failureCount: number;
    readonly threshold: number;
  };
}

export interface ServiceRevisionRecord {
  readonly serviceRevisionArn: string;
  readonly serviceArn: string;
  readonly clusterArn: string;
  readonly deploymentId: string;
  readonly settings: RevisionSettings;
  readonly containerImages: readonly {
    readonly containerName: string;
    readonly image: string;
    readonly imageDigest?: string;
  }[];
  readonly createdAt: number;
}

export interface TaskRecord {
  readonly region: string;
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly taskId: string;
  readonly taskArn: string;
  readonly taskDefinitionArn: string;
  readonly group: string;
  readonly startedBy?: string;
  /** The service's name, for a task of a service. */
  readonly service?: string;
  /** `ecs-svc/…`, for a task of a service. */
  readonly deploymentId?: string;
  readonly launchType: LaunchType;
  readonly capacityProviderName?: string;
  readonly platformVersion?: string;
  readonly networkConfiguration?: NetworkConfiguration;
  readonly networkMode: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly ephemeralStorage?: WireObject;
  readonly overrides: WireObject;
  readonly enableExecuteCommand: boolean;
  readonly attachmentId: string;
  /** No container runs for it: there was no engine when it was started. */
  readonly simulated?: boolean;
  /** Which RunTask request started it, and a digest of what that asked for. */
  readonly clientToken?: string;
  readonly request?: string;
  readonly createdAt: number;
  /** Counts the changes of this task's state. */
  readonly version: number;
  readonly state: TaskUpdate;
  /** Who asked for the end, from then on: the runtime's later updates do not overwrite it. */
  readonly stopRequest?: { readonly code: TaskStopCode; readonly reason: string; readonly at: number };
  /** The task counted as healthy once. */
  readonly wasHealthy?: boolean;
  /** The scheduler has taken the task's end into account. */
  readonly endSeen?: boolean;
}
