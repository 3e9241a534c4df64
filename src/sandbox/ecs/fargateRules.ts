import type { ContainerInput, TaskDefinitionInput, VolumeInput } from './taskDefinitionInput';
import { isFargateSize, parseTaskCpu, parseTaskMemory } from './taskSize';

const FARGATE_LOG_DRIVERS = ['awslogs', 'splunk', 'awsfirelens'];
const NETWORK_NONE_OR_ABSENT = new Set([undefined, 'bridge', 'host', 'none']);

/**
 * What Fargate has against a task definition, in ECS's words, or `undefined`. It refuses a definition that
 * requires FARGATE, and otherwise decides whether FARGATE is among its compatibilities.
 * Source: Amazon ECS developer guide, "Task definition differences for Fargate"; the texts are those of
 * RegisterTaskDefinition.
 */
export function fargateObjection(definition: TaskDefinitionInput): string | undefined {
  if (NETWORK_NONE_OR_ABSENT.has(definition.networkMode)) {
    return "Fargate only supports network mode 'awsvpc'.";
  }
  if (definition.cpu === undefined) {
    return "Fargate requires that 'cpu' be defined at the task level.";
  }
  if (definition.memory === undefined) {
    return "Fargate requires that 'memory' be defined at the task level.";
  }
  const cpu = parseTaskCpu(definition.cpu) ?? 0;
  const memory = parseTaskMemory(definition.memory) ?? 0;
  if (!isFargateSize(cpu, memory)) {
    return `No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory. See the Amazon ECS documentation for the valid values.`;
  }
  return (
    taskObjection(definition) ??
    firstObjection(definition.volumes ?? [], volumeObjection) ??
    firstObjection(definition.containerDefinitions, (container) => containerObjection(container, definition))
  );
}

function taskObjection(definition: TaskDefinitionInput): string | undefined {
  if (definition.ipcMode !== undefined) {
    return unsupported('ipcMode');
  }
  if (definition.pidMode === 'host') {
    return "Tasks using the Fargate launch type do not support pidMode 'host'.";
  }
  if ((definition.placementConstraints ?? []).length > 0) {
    return unsupported('constraints');
  }
  if ((definition.inferenceAccelerators ?? []).length > 0) {
    return unsupported('inferenceAccelerators');
  }
  return undefined;
}

function volumeObjection(volume: VolumeInput): string | undefined {
  if (volume.host?.sourcePath !== undefined) {
    return unsupported('sourcePath');
  }
  if (volume.dockerVolumeConfiguration !== undefined) {
    return unsupported('dockerVolumeConfiguration');
  }
  return undefined;
}

function containerObjection(container: ContainerInput, definition: TaskDefinitionInput): string | undefined {
  const linux = container.linuxParameters;
  const driver = container.logConfiguration?.logDriver;
  if (container.privileged === true) {
    return "Fargate requires that the 'privileged' setting be 'false'.";
  }
  if (driver !== undefined && !FARGATE_LOG_DRIVERS.includes(driver)) {
    return `${driver} is not a valid log driver. Must be one of [${FARGATE_LOG_DRIVERS.join(',')}]`;
  }
  if (driver === 'awslogs') {
    if (definition.executionRoleArn === undefined) {
      return 'Fargate requires task definition to have execution role ARN to support log driver awslogs.';
    }
    if (container.logConfiguration?.options?.['awslogs-stream-prefix'] === undefined) {
      return 'Log driver awslogs requires option awslogs-stream-prefix for the Fargate launch type.';
    }
  }
  if (isPrivateEcrImage(container.image) && definition.executionRoleArn === undefined) {
    return 'Fargate requires task definition to have execution role ARN to support ECR images.';
  }
  if ((container.stopTimeout ?? 0) > 120) {
    return 'Tasks using the Fargate launch type must have a container stop timeout of less than 120 seconds.';
  }
  if ((linux?.devices ?? []).length > 0) {
    return unsupported('devices');
  }
  if (linux?.sharedMemorySize !== undefined) {
    return unsupported('sharedMemorySize');
  }
  if (linux?.maxSwap !== undefined) {
    return unsupported('maxSwap');
  }
  if (linux?.swappiness !== undefined) {
    return unsupported('swappiness');
  }
  if ((linux?.capabilities?.add ?? []).some((capability) => capability !== 'SYS_PTRACE')) {
    return unsupported('adding Linux capabilities other than SYS_PTRACE');
  }
  if ((container.dockerSecurityOptions ?? []).length > 0) {
    return unsupported('dockerSecurityOptions');
  }
  if ((container.dnsSearchDomains ?? []).length > 0) {
    return unsupported('dnsSearchDomains');
  }
  if ((container.resourceRequirements ?? []).some(({ type }) => type === 'GPU')) {
    return 'Tasks using the Fargate launch type do not support GPU resource requirements.';
  }
  return undefined;
}

/** An ECR image by its AWS address; the sandbox's own registry needs no role. */
function isPrivateEcrImage(image: string | undefined): boolean {
  return /^\d{12}\.dkr[.-]ecr[.-][a-z0-9-]+\./.test(image ?? '');
}

function unsupported(what: string): string {
  return `Fargate compatible task definitions do not support ${what}`;
}

function firstObjection<T>(items: readonly T[], judge: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const objection = judge(item);
    if (objection !== undefined) {
      return objection;
    }
  }
  return undefined;
}
