import type {
  ContainerDefinition,
  DependencyCondition,
  NameAndValue,
  PortMapping,
  TaskOverride,
  VolumeDefinition,
} from './containerDefinition';
import type { TaskLaunch } from './taskRuntime';
import { resolveSecrets, type SecretLookup } from './taskSecrets';

/** What to run: a task definition with its overrides applied and its defaults filled in. */
export interface TaskPlan {
  readonly networkMode: NetworkMode;
  /** Registered for Fargate, where a volume of the host means nothing. */
  readonly fargate: boolean;
  /** Limits of the whole task: CPU units (1024 are one CPU) and MiB. */
  readonly cpu?: number;
  readonly memory?: number;
  readonly pidMode?: 'task' | 'host';
  readonly ipcMode?: 'task' | 'host' | 'none';
  readonly containers: readonly PlannedContainer[];
  readonly volumes: readonly VolumeDefinition[];
}

export type NetworkMode = 'awsvpc' | 'bridge' | 'host' | 'none';

export interface PlannedContainer {
  readonly name: string;
  readonly essential: boolean;
  readonly definition: ContainerDefinition;
  readonly environment: Readonly<Record<string, string>>;
  /** Further variables, whose values must not be written anywhere. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Without ranges: each port on its own. */
  readonly ports: readonly PlannedPort[];
  /** Declared ones, and those that links and shared volumes imply. */
  readonly dependencies: readonly Dependency[];
}

export interface PlannedPort {
  readonly containerPort: number;
  readonly hostPort?: number;
  readonly protocol: 'tcp' | 'udp';
}

export interface Dependency {
  readonly container: string;
  readonly condition: DependencyCondition;
}

/** @param lookup finds the values of secrets; without it, placeholders stand for all of them */
export function planTask(launch: TaskLaunch, lookup: SecretLookup = () => undefined): TaskPlan {
  const definition = launch.taskDefinition;
  const overrides = (launch.overrides ?? {}) as TaskOverride;
  const cpu = parseCpu(overrides.cpu ?? definition['cpu']);
  const memory = parseMemory(overrides.memory ?? definition['memory']);
  const pidMode = definition['pidMode'] as TaskPlan['pidMode'];
  const ipcMode = definition['ipcMode'] as TaskPlan['ipcMode'];
  const compatibilities = definition['requiresCompatibilities'] as readonly string[] | undefined;
  return {
    networkMode: (definition['networkMode'] as NetworkMode | undefined) ?? 'bridge',
    fargate: compatibilities?.includes('FARGATE') === true,
    ...(cpu !== undefined && { cpu }),
    ...(memory !== undefined && { memory }),
    ...(pidMode !== undefined && { pidMode }),
    ...(ipcMode !== undefined && { ipcMode }),
    containers: definition.containerDefinitions.map((container) =>
      planContainer(container as unknown as ContainerDefinition, overrides, launch.region, lookup),
    ),
    volumes: (definition['volumes'] as readonly VolumeDefinition[] | undefined) ?? [],
  };
}

function planContainer(
  registered: ContainerDefinition,
  overrides: TaskOverride,
  region: string,
  lookup: SecretLookup,
): PlannedContainer {
  const override = overrides.containerOverrides?.find(({ name }) => name === registered.name);
  const definition: ContainerDefinition = {
    ...registered,
    ...(override?.command && { command: override.command }),
    ...(override?.cpu !== undefined && { cpu: override.cpu }),
    ...(override?.memory !== undefined && { memory: override.memory }),
    ...(override?.memoryReservation !== undefined && { memoryReservation: override.memoryReservation }),
  };
  const secrets = resolveSecrets(definition, region, lookup);
  const overridden = toRecord(override?.environment);
  return {
    name: definition.name,
    essential: definition.essential !== false,
    definition,
    environment: {
      ...toRecord(definition.environment),
      ...secrets.placeholders,
      ...overridden,
    },
    secrets: Object.fromEntries(
      Object.entries(secrets.values).filter(([name]) => !Object.hasOwn(overridden, name)),
    ),
    ports: (definition.portMappings ?? []).flatMap(expandPorts),
    dependencies: listDependencies(definition),
  };
}

/** A link and a shared volume need the other container to be there first, as `dependsOn` START does. */
function listDependencies(definition: ContainerDefinition): Dependency[] {
  const declared = (definition.dependsOn ?? []).map(({ containerName, condition }) => ({
    container: containerName,
    condition,
  }));
  const implied = [
    ...(definition.links ?? []).map((link) => link.split(':')[0] ?? ''),
    ...(definition.volumesFrom ?? []).map(({ sourceContainer }) => sourceContainer ?? ''),
  ].filter((name) => name !== '' && !declared.some(({ container }) => container === name));
  return [
    ...declared,
    ...[...new Set(implied)].map((container) => ({ container, condition: 'START' as const })),
  ];
}

function expandPorts(mapping: PortMapping): PlannedPort[] {
  const protocol = mapping.protocol ?? 'tcp';
  if (mapping.containerPortRange !== undefined) {
    const [first = 0, last = first] = mapping.containerPortRange.split('-').map(Number);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => ({
      containerPort: first + index,
      protocol,
    }));
  }
  if (mapping.containerPort === undefined) {
    return [];
  }
  return [
    {
      containerPort: mapping.containerPort,
      // 0 is the API's way to ask for any free port.
      ...(mapping.hostPort ? { hostPort: mapping.hostPort } : {}),
      protocol,
    },
  ];
}

function toRecord(pairs: readonly NameAndValue[] | undefined): Record<string, string> {
  return Object.fromEntries((pairs ?? []).map(({ name, value }) => [name ?? '', value ?? '']));
}

/** "256", ".25 vCPU" and "1 vcpu" are all CPU units in the end. */
function parseCpu(text: unknown): number | undefined {
  const match = /^\s*([\d.]+)\s*(vcpu)?\s*$/i.exec(typeof text === 'string' ? text : '');
  return match ? Math.round(Number(match[1]) * (match[2] ? 1024 : 1)) : undefined;
}

/** "512" and "0.5 GB" are both MiB. */
function parseMemory(text: unknown): number | undefined {
  const match = /^\s*([\d.]+)\s*(gb)?\s*$/i.exec(typeof text === 'string' ? text : '');
  return match ? Math.round(Number(match[1]) * (match[2] ? 1024 : 1)) : undefined;
}
