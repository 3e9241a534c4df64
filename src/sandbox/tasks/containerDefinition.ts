/**
 * The members of a registered container definition that the task runtime reads, with the names and units of
 * the ECS API (`ContainerDefinition`). The API has checked their shapes when the definition was registered.
 */
export interface ContainerDefinition {
  readonly name: string;
  readonly image: string;
  readonly cpu?: number;
  readonly memory?: number;
  readonly memoryReservation?: number;
  readonly essential?: boolean;
  readonly entryPoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: readonly NameAndValue[];
  readonly environmentFiles?: readonly { readonly value: string; readonly type: string }[];
  readonly secrets?: readonly { readonly name: string; readonly valueFrom: string }[];
  readonly portMappings?: readonly PortMapping[];
  readonly links?: readonly string[];
  readonly mountPoints?: readonly {
    readonly sourceVolume?: string;
    readonly containerPath?: string;
    readonly readOnly?: boolean;
  }[];
  readonly volumesFrom?: readonly { readonly sourceContainer?: string; readonly readOnly?: boolean }[];
  readonly dependsOn?: readonly { readonly containerName: string; readonly condition: DependencyCondition }[];
  /** Seconds. */
  readonly startTimeout?: number;
  readonly stopTimeout?: number;
  readonly restartPolicy?: RestartPolicy;
  readonly healthCheck?: HealthCheck;
  readonly hostname?: string;
  readonly user?: string;
  readonly workingDirectory?: string;
  readonly privileged?: boolean;
  readonly readonlyRootFilesystem?: boolean;
  readonly interactive?: boolean;
  readonly pseudoTerminal?: boolean;
  readonly dnsServers?: readonly string[];
  readonly dnsSearchDomains?: readonly string[];
  readonly extraHosts?: readonly { readonly hostname: string; readonly ipAddress: string }[];
  readonly dockerSecurityOptions?: readonly string[];
  readonly dockerLabels?: Readonly<Record<string, string>>;
  readonly ulimits?: readonly {
    readonly name: string;
    readonly softLimit: number;
    readonly hardLimit: number;
  }[];
  readonly systemControls?: readonly { readonly namespace?: string; readonly value?: string }[];
  readonly linuxParameters?: LinuxParameters;
  readonly logConfiguration?: {
    readonly logDriver: string;
    readonly options?: Readonly<Record<string, string>>;
  };
}

export interface NameAndValue {
  readonly name?: string;
  readonly value?: string;
}

export interface PortMapping {
  readonly containerPort?: number;
  readonly hostPort?: number;
  readonly protocol?: 'tcp' | 'udp';
  /** "8080-8090" */
  readonly containerPortRange?: string;
}

export type DependencyCondition = 'START' | 'COMPLETE' | 'SUCCESS' | 'HEALTHY';

export interface RestartPolicy {
  readonly enabled: boolean;
  readonly ignoredExitCodes?: readonly number[];
  /** Seconds that a container must have run to be restarted. Default 300. */
  readonly restartAttemptPeriod?: number;
}

/** Times in seconds. */
export interface HealthCheck {
  readonly command: readonly string[];
  readonly interval?: number;
  readonly timeout?: number;
  readonly retries?: number;
  readonly startPeriod?: number;
}

/** Sizes in MiB. */
export interface LinuxParameters {
  readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
  readonly devices?: readonly {
    readonly hostPath: string;
    readonly containerPath?: string;
    readonly permissions?: readonly string[];
  }[];
  readonly initProcessEnabled?: boolean;
  readonly sharedMemorySize?: number;
  readonly tmpfs?: readonly {
    readonly containerPath: string;
    readonly size: number;
    readonly mountOptions?: readonly string[];
  }[];
  readonly maxSwap?: number;
}

/** The members of a registered volume that the task runtime reads. */
export interface VolumeDefinition {
  readonly name: string;
  readonly host?: { readonly sourcePath?: string };
  readonly dockerVolumeConfiguration?: { readonly scope?: 'task' | 'shared' };
}

/** TaskOverride of the ECS API. */
export interface TaskOverride {
  readonly containerOverrides?: readonly {
    readonly name?: string;
    readonly command?: readonly string[];
    readonly environment?: readonly NameAndValue[];
    readonly cpu?: number;
    readonly memory?: number;
    readonly memoryReservation?: number;
  }[];
  readonly cpu?: string;
  readonly memory?: string;
}
