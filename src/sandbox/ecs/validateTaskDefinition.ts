import { fargateObjection } from './fargateRules';
import { checkContainer } from './containerRules';
import { clientError, requireOneOf } from './refusals';
import type { ContainerInput, TaskDefinitionInput, VolumeInput } from './taskDefinitionInput';
import { parseTaskCpu, parseTaskMemory } from './taskSize';

const FAMILY = /^[A-Za-z0-9_-]{1,255}$/;
const MAX_CONTAINERS = 10;
/** Developer guide, "Amazon ECS service quotas": the size of a task definition. */
const MAX_BYTES = 64 * 1024;
const NETWORK_MODES = ['bridge', 'host', 'awsvpc', 'none'];
const SWITCH = ['ENABLED', 'DISABLED'];
const CPU_ARCHITECTURES = ['X86_64', 'ARM64'];
const OS_FAMILIES = [
  'LINUX',
  'WINDOWS_SERVER_2016_FULL',
  'WINDOWS_SERVER_2019_FULL',
  'WINDOWS_SERVER_2019_CORE',
  'WINDOWS_SERVER_2004_CORE',
  'WINDOWS_SERVER_20H2_CORE',
  'WINDOWS_SERVER_2022_FULL',
  'WINDOWS_SERVER_2022_CORE',
  'WINDOWS_SERVER_2025_FULL',
  'WINDOWS_SERVER_2025_CORE',
];
const COMPATIBILITIES = ['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES'];

/**
 * Refuses what ECS refuses to register, one objection at a time as it does. Roles, secrets and file systems
 * are judged by their form, as ECS does at registration.
 * Source: SDK documentation of RegisterTaskDefinition; Amazon ECS developer guide, "Task definition
 * parameters"; the texts are those of the service where they are known.
 * @throws ServiceError ClientException
 */
export function validateTaskDefinition(definition: TaskDefinitionInput): void {
  const containers = definition.containerDefinitions;
  const size = Buffer.byteLength(JSON.stringify(definition));
  if (size > MAX_BYTES) {
    throw clientError(`Actual length: '${size}'. Max allowed length is '${MAX_BYTES}' bytes.`);
  }
  checkEnumerations(definition);
  if (!FAMILY.test(definition.family)) {
    throw clientError(
      definition.family === ''
        ? 'Family should not be null or empty.'
        : 'Family contains invalid characters. Only letters, numbers, hyphens, and underscores are allowed.',
    );
  }
  if (containers.length === 0) {
    throw clientError('Container list cannot be empty.');
  }
  if (containers.length > MAX_CONTAINERS) {
    throw clientError(`Container list can have at most ${MAX_CONTAINERS} items.`);
  }
  checkRoles(definition);
  checkSizes(definition);
  if (definition.requiresCompatibilities?.includes('FARGATE')) {
    const objection = fargateObjection(definition);
    if (objection !== undefined) {
      throw clientError(objection);
    }
  }
  for (const container of containers) {
    checkContainer(container, definition);
  }
  checkTogether(definition);
  checkDependencies(containers);
  checkVolumes(definition);
  if (definition.proxyConfiguration !== undefined) {
    checkProxy(definition);
  }
}

function checkEnumerations({ runtimePlatform, ...definition }: TaskDefinitionInput): void {
  requireOneOf(definition.networkMode, NETWORK_MODES, 'networkMode', clientError);
  requireOneOf(definition.pidMode, ['host', 'task'], 'pidMode', clientError);
  requireOneOf(definition.ipcMode, ['host', 'task', 'none'], 'ipcMode', clientError);
  requireOneOf(runtimePlatform?.cpuArchitecture, CPU_ARCHITECTURES, 'cpuArchitecture', clientError);
  requireOneOf(runtimePlatform?.operatingSystemFamily, OS_FAMILIES, 'operatingSystemFamily', clientError);
  for (const compatibility of definition.requiresCompatibilities ?? []) {
    requireOneOf(compatibility, COMPATIBILITIES, 'requiresCompatibilities', clientError);
  }
}

function checkRoles(definition: TaskDefinitionInput): void {
  for (const role of [definition.executionRoleArn, definition.taskRoleArn]) {
    // A bare role name is taken too.
    if (role !== undefined && !/^(arn:aws[a-z-]*:iam::\d{12}:role\/)?[\w+=,.@/-]+$/.test(role)) {
      throw clientError('Role is not valid');
    }
  }
}

function checkSizes(definition: TaskDefinitionInput): void {
  const cpu = definition.cpu === undefined ? undefined : parseTaskCpu(definition.cpu);
  const memory = definition.memory === undefined ? undefined : parseTaskMemory(definition.memory);
  if (definition.cpu !== undefined && cpu === undefined) {
    throw clientError("Invalid 'cpu' setting for task.");
  }
  if (definition.memory !== undefined && memory === undefined) {
    throw clientError("Invalid 'memory' setting for task.");
  }
  const tooLarge = definition.containerDefinitions.find(
    (container) => memory !== undefined && (container.memory ?? container.memoryReservation ?? 0) > memory,
  );
  if (tooLarge) {
    throw clientError(
      `Invalid setting for container '${tooLarge.name}'. The 'memory' setting for container '${tooLarge.name}' is greater than for the task.`,
    );
  }
  const sum = definition.containerDefinitions.reduce((total, container) => total + (container.cpu ?? 0), 0);
  if (cpu !== undefined && sum > cpu) {
    throw clientError(
      "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.",
    );
  }
  const disk = definition.ephemeralStorage?.sizeInGiB;
  if (definition.ephemeralStorage !== undefined) {
    if (definition.requiresCompatibilities?.includes('FARGATE') !== true) {
      throw clientError('Tasks using the EC2 launch type do not support EphemeralStorage.');
    }
    if (disk === undefined || disk < 21) {
      throw clientError('EphemeralStorage size should be at least 21.');
    }
    if (disk > 200) {
      throw clientError('EphemeralStorage size should be at most 200.');
    }
  }
}

function checkTogether(definition: TaskDefinitionInput): void {
  const containers = definition.containerDefinitions;
  const names = containers.map(({ name }) => name);
  if (new Set(names).size < names.length) {
    throw clientError('Container names must be unique within a task definition.');
  }
  if (!containers.some(({ essential }) => essential !== false)) {
    throw clientError("Task definition doesn't have any essential container.");
  }
  const ports = new Set<string>();
  const portNames = new Set<string>();
  for (const mapping of containers.flatMap((container) => container.portMappings ?? [])) {
    const port = definition.networkMode === 'awsvpc' ? mapping.containerPort : mapping.hostPort;
    const key = `${port}/${mapping.protocol ?? 'tcp'}`;
    if (port !== undefined && port !== 0 && ports.has(key)) {
      throw clientError(`Host port ${port} is used multiple times in task.`);
    }
    ports.add(key);
    if (mapping.name !== undefined && portNames.has(mapping.name)) {
      throw clientError(`Port mapping name '${mapping.name}' must be unique within a task definition.`);
    }
    portNames.add(mapping.name ?? '');
  }
}

function checkDependencies(containers: readonly ContainerInput[]): void {
  const byName = new Map(containers.map((container) => [container.name, container]));
  for (const container of containers) {
    for (const { containerName, condition } of container.dependsOn ?? []) {
      const target = byName.get(containerName);
      if (!target) {
        throw clientError(`Cannot depend on container + '${containerName}' because it does not exist`);
      }
      if ((condition === 'SUCCESS' || condition === 'COMPLETE') && target.essential !== false) {
        throw clientError(
          'A dependency container with SUCCESS or COMPLETE condition cannot be an essential container',
        );
      }
      if (condition === 'HEALTHY' && target.healthCheck === undefined) {
        throw clientError('A dependency container with HEALTHY condition must have health check configured');
      }
    }
    for (const { sourceContainer } of container.volumesFrom ?? []) {
      if (!byName.has(sourceContainer)) {
        throw clientError(`Invalid 'volumesFrom' setting. Unknown container: '${sourceContainer}'`);
      }
    }
  }
  if (containers.some((container) => reaches(container, container.name, byName, new Set()))) {
    throw clientError('Container dependencies have a cycle.');
  }
}

function reaches(
  from: ContainerInput,
  goal: string | undefined,
  byName: ReadonlyMap<string | undefined, ContainerInput>,
  seen: Set<string | undefined>,
): boolean {
  return (from.dependsOn ?? []).some(({ containerName }) => {
    const next = byName.get(containerName);
    if (containerName === goal) {
      return true;
    }
    if (next === undefined || seen.has(containerName)) {
      return false;
    }
    seen.add(containerName);
    return reaches(next, goal, byName, seen);
  });
}

function checkVolumes(definition: TaskDefinitionInput): void {
  const volumes = definition.volumes ?? [];
  const names = new Set<string>();
  for (const volume of volumes) {
    const name = volume.name ?? '';
    if (!FAMILY.test(name)) {
      throw clientError(`Invalid volume name: ${name}`);
    }
    if (names.has(name)) {
      throw clientError('Volume names must be unique within a task definition.');
    }
    names.add(name);
    checkVolume(volume);
  }
  if (volumes.filter(({ configuredAtLaunch }) => configuredAtLaunch === true).length > 1) {
    throw clientError('Only one volume can be configured at launch.');
  }
  for (const { sourceVolume } of definition.containerDefinitions.flatMap((c) => c.mountPoints ?? [])) {
    if (!names.has(sourceVolume ?? '')) {
      throw clientError(`Unknown volume '${sourceVolume}'.`);
    }
  }
}

function checkVolume(volume: VolumeInput): void {
  const kinds = [
    volume.host?.sourcePath,
    volume.dockerVolumeConfiguration,
    volume.efsVolumeConfiguration,
    volume.fsxWindowsFileServerVolumeConfiguration,
    volume.configuredAtLaunch === true || undefined,
  ].filter((kind) => kind !== undefined);
  if (kinds.length > 1) {
    throw clientError(`When configuring volume '${volume.name}', only one volume type can be specified.`);
  }
  const efs = volume.efsVolumeConfiguration;
  if (efs === undefined) {
    return;
  }
  requireOneOf(efs.transitEncryption, SWITCH, 'transitEncryption', clientError);
  requireOneOf(efs.authorizationConfig?.iam, SWITCH, 'authorizationConfig.iam', clientError);
  const encrypted = efs.transitEncryption === 'ENABLED';
  const accessPoint = efs.authorizationConfig?.accessPointId;
  if (efs.authorizationConfig?.iam === 'ENABLED' && !encrypted) {
    throw clientError('EFS IAM authorization requires TransitEncryption to be enabled.');
  }
  if (accessPoint !== undefined && !encrypted) {
    throw clientError('EFS access point requires TransitEncryption to be enabled.');
  }
  if (efs.transitEncryptionPort !== undefined && !encrypted) {
    throw clientError('EFS TransitEncryptionPort requires TransitEncryption to be enabled.');
  }
  if (accessPoint !== undefined && (efs.rootDirectory ?? '/') !== '/') {
    throw clientError(
      'When using an EFS access point, the root directory must either be set to "/" or be omitted.',
    );
  }
}

function checkProxy(definition: TaskDefinitionInput): void {
  if (definition.networkMode !== 'awsvpc') {
    throw clientError('APPMESH proxy configuration is only supported in networkMode=awsvpc.');
  }
  const name = definition.proxyConfiguration?.containerName;
  if (!definition.containerDefinitions.some((container) => container.name === name)) {
    throw clientError(`Proxy container [${name}] does not exist.`);
  }
}
