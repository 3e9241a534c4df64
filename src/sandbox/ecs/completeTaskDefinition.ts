import { fargateObjection } from './fargateRules';
import type { ContainerDefinition, TaskDefinitionRecord } from './records';
import type {
  ContainerInput,
  PortMappingInput,
  TaskDefinitionInput,
  VolumeInput,
} from './taskDefinitionInput';
import { parseTaskCpu, parseTaskMemory } from './taskSize';

/** What a registration adds to the definition. */
export interface Registration {
  readonly taskDefinitionArn: string;
  readonly revision: number;
  readonly registeredAt: number;
  readonly registeredBy: string;
}

/**
 * The task definition that ECS answers to a valid registration: what was sent, with the defaults filled in
 * that the service shows in DescribeTaskDefinition, and sizes in units and MiB.
 */
export function completeTaskDefinition(
  input: TaskDefinitionInput,
  registration: Registration,
): TaskDefinitionRecord {
  const { tags: _tags, ...definition } = input;
  const networkMode = input.networkMode ?? 'bridge';
  return {
    ...definition,
    ...registration,
    containerDefinitions: input.containerDefinitions.map((c) => completeContainer(c, networkMode)),
    volumes: (input.volumes ?? []).map(completeVolume),
    placementConstraints: input.placementConstraints ?? [],
    networkMode,
    cpu: input.cpu === undefined ? undefined : String(parseTaskCpu(input.cpu)),
    memory: input.memory === undefined ? undefined : String(parseTaskMemory(input.memory)),
    status: 'ACTIVE',
    compatibilities: compatibilitiesOf(input),
    requiresAttributes: attributesOf(input).map((name) => ({ name })),
  };
}

function completeContainer(container: ContainerInput, networkMode: string): ContainerDefinition {
  return {
    ...container,
    name: container.name ?? '',
    image: container.image ?? '',
    cpu: container.cpu ?? 0,
    essential: container.essential ?? true,
    portMappings: (container.portMappings ?? []).map((mapping) => completePort(mapping, networkMode)),
    environment: container.environment ?? [],
    mountPoints: container.mountPoints ?? [],
    volumesFrom: container.volumesFrom ?? [],
    ...(container.healthCheck && {
      healthCheck: { interval: 30, timeout: 5, retries: 3, ...container.healthCheck },
    }),
  };
}

function completeVolume(volume: VolumeInput): VolumeInput {
  if (volume.efsVolumeConfiguration !== undefined) {
    return { ...volume, efsVolumeConfiguration: { rootDirectory: '/', ...volume.efsVolumeConfiguration } };
  }
  return volume.host === undefined && Object.keys(volume).length === 1 ? { ...volume, host: {} } : volume;
}

function completePort(mapping: PortMappingInput, networkMode: string): PortMappingInput {
  const protocol = mapping.protocol ?? 'tcp';
  if (mapping.containerPortRange !== undefined) {
    return { ...mapping, protocol };
  }
  const fixed = networkMode === 'awsvpc' || networkMode === 'host';
  const hostPort = mapping.hostPort ?? 0;
  return { ...mapping, protocol, hostPort: fixed ? mapping.containerPort : hostPort };
}

/** Where the definition could run, whatever it requires. */
function compatibilitiesOf(input: TaskDefinitionInput): string[] {
  if (input.networkMode !== 'awsvpc') {
    return ['EXTERNAL', 'EC2'];
  }
  return fargateObjection(input) === undefined ? ['EC2', 'FARGATE'] : ['EC2'];
}

/** The agent capabilities that placement on container instances would ask for; only the telling ones. */
function attributesOf(input: TaskDefinitionInput): string[] {
  const names = new Set<string>();
  for (const container of input.containerDefinitions) {
    if (container.logConfiguration?.logDriver) {
      names.add(`com.amazonaws.ecs.capability.logging-driver.${container.logConfiguration.logDriver}`);
      names.add('com.amazonaws.ecs.capability.docker-remote-api.1.19');
    }
    if (container.healthCheck) {
      names.add('ecs.capability.container-health-check');
    }
    if (container.dependsOn || container.startTimeout || container.stopTimeout) {
      names.add('ecs.capability.container-ordering');
    }
    if (container.secrets?.length) {
      names.add('ecs.capability.secrets.ssm.environment-variables');
    }
  }
  if (input.executionRoleArn) {
    names.add('ecs.capability.execution-role-awslogs');
  }
  if (input.taskRoleArn) {
    names.add('com.amazonaws.ecs.capability.task-iam-role');
  }
  if (input.networkMode === 'awsvpc') {
    names.add('com.amazonaws.ecs.capability.docker-remote-api.1.18');
    names.add('ecs.capability.task-eni');
  }
  return [...names];
}
