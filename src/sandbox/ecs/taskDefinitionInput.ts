import type { Tag, WireObject } from './records';

/** RegisterTaskDefinition's input; only members that a rule reads are spelled out. */
export interface TaskDefinitionInput {
  readonly family: string;
  readonly containerDefinitions: readonly ContainerInput[];
  readonly networkMode?: string;
  readonly requiresCompatibilities?: readonly string[];
  readonly cpu?: string;
  readonly memory?: string;
  readonly executionRoleArn?: string;
  readonly taskRoleArn?: string;
  readonly pidMode?: string;
  readonly ipcMode?: string;
  readonly volumes?: readonly VolumeInput[];
  readonly placementConstraints?: readonly { readonly type?: string; readonly expression?: string }[];
  readonly proxyConfiguration?: { readonly containerName?: string };
  readonly inferenceAccelerators?: readonly WireObject[];
  readonly ephemeralStorage?: { readonly sizeInGiB?: number };
  readonly runtimePlatform?: { readonly cpuArchitecture?: string; readonly operatingSystemFamily?: string };
  readonly enableFaultInjection?: boolean;
  readonly tags?: readonly Tag[];
}

export interface PortMappingInput {
  readonly containerPort?: number;
  readonly hostPort?: number;
  readonly protocol?: string;
  readonly name?: string;
  readonly appProtocol?: string;
  readonly containerPortRange?: string;
}

export interface ContainerInput {
  readonly name?: string;
  readonly image?: string;
  readonly essential?: boolean;
  readonly cpu?: number;
  readonly memory?: number;
  readonly memoryReservation?: number;
  readonly links?: readonly string[];
  readonly portMappings?: readonly PortMappingInput[];
  readonly environment?: readonly { readonly name?: string; readonly value?: string }[];
  readonly environmentFiles?: readonly { readonly value?: string; readonly type?: string }[];
  readonly secrets?: readonly { readonly name?: string; readonly valueFrom?: string }[];
  readonly mountPoints?: readonly { readonly sourceVolume?: string; readonly containerPath?: string }[];
  readonly volumesFrom?: readonly { readonly sourceContainer?: string }[];
  readonly dependsOn?: readonly { readonly containerName?: string; readonly condition?: string }[];
  readonly startTimeout?: number;
  readonly stopTimeout?: number;
  readonly hostname?: string;
  readonly disableNetworking?: boolean;
  readonly privileged?: boolean;
  readonly dnsServers?: readonly string[];
  readonly dnsSearchDomains?: readonly string[];
  readonly extraHosts?: readonly WireObject[];
  readonly dockerSecurityOptions?: readonly string[];
  readonly ulimits?: readonly {
    readonly name?: string;
    readonly softLimit?: number;
    readonly hardLimit?: number;
  }[];
  readonly linuxParameters?: {
    readonly capabilities?: { readonly add?: readonly string[] };
    readonly devices?: readonly WireObject[];
    readonly sharedMemorySize?: number;
    readonly maxSwap?: number;
    readonly swappiness?: number;
  };
  readonly logConfiguration?: {
    readonly logDriver?: string;
    readonly options?: Readonly<Record<string, string>>;
  };
  readonly healthCheck?: {
    readonly command?: readonly string[];
    readonly interval?: number;
    readonly timeout?: number;
    readonly retries?: number;
    readonly startPeriod?: number;
  };
  readonly restartPolicy?: { readonly restartAttemptPeriod?: number };
  readonly resourceRequirements?: readonly { readonly type?: string }[];
  readonly firelensConfiguration?: WireObject;
}

export interface VolumeInput {
  readonly name?: string;
  readonly host?: { readonly sourcePath?: string };
  readonly configuredAtLaunch?: boolean;
  readonly dockerVolumeConfiguration?: WireObject;
  readonly efsVolumeConfiguration?: {
    readonly rootDirectory?: string;
    readonly transitEncryption?: string;
    readonly transitEncryptionPort?: number;
    readonly authorizationConfig?: { readonly accessPointId?: string; readonly iam?: string };
  };
  readonly fsxWindowsFileServerVolumeConfiguration?: WireObject;
}
