import type {
  ContainerDefinition,
  PortMapping,
  RegisterTaskDefinitionCommandInput,
  Volume,
} from '@aws-sdk/client-ecs';
import type { DescribedTaskDefinition } from '../aws/ecsTaskDefinitions';
import { formatTaskDefinition } from '../taskdef/formatTaskDefinition';
import { READ_ONLY_MEMBERS } from '../taskdef/readTaskDefinition';
import { cpuUnits, memoryMib } from '../taskdef/rules/taskSize';

/** What registers the same task definition again: all its members but those that ECS adds. */
export function toRegisterInput({
  taskDefinition,
  tags,
}: DescribedTaskDefinition): RegisterTaskDefinitionCommandInput {
  const members = Object.entries(taskDefinition).filter(
    ([name, value]) => !READ_ONLY_MEMBERS.has(name) && value !== undefined,
  );
  // Members that this SDK does not know yet are kept as well; those that it declares have the same types.
  const input = Object.fromEntries(members) as unknown as RegisterTaskDefinitionCommandInput;
  return tags.length > 0 ? { ...input, tags: [...tags] } : input;
}

/** A task definition in the one form that is equal exactly when ECS would do the same with it. */
export type Normalised = Readonly<Record<string, unknown>>;

/**
 * Takes away what makes no difference: the order of members, empty lists and objects, and the defaults that ECS fills
 * in when it registers, by the RegisterTaskDefinition API reference. Of lists only those are sorted that ECS reads as
 * sets: environment, secrets, tags and requiresCompatibilities. Others keep their order, since it may mean something:
 * of port mappings the first is the one that a service takes, and containers are shown and started in theirs.
 */
export function normalise(input: RegisterTaskDefinitionCommandInput): Normalised {
  const { networkMode } = input;
  const hostPortIsContainerPort = networkMode === 'awsvpc' || networkMode === 'host';
  return tidy({
    ...input,
    // The default on Linux; on Windows it is not among the modes that there are.
    networkMode: networkMode === 'bridge' ? undefined : networkMode,
    cpu: inUnits(input.cpu, cpuUnits),
    memory: inUnits(input.memory, memoryMib),
    enableFaultInjection: input.enableFaultInjection === false ? undefined : input.enableFaultInjection,
    requiresCompatibilities: [...(input.requiresCompatibilities ?? [])].sort(),
    tags: byKey(input.tags ?? [], ({ key }) => key),
    volumes: (input.volumes ?? []).map(normaliseVolume),
    containerDefinitions: (input.containerDefinitions ?? []).map((container) =>
      normaliseContainer(container, hostPortIsContainerPort),
    ),
  }) as Normalised;
}

/** The normalised form as text for people, in the order of the API. */
export function toComparableText(input: RegisterTaskDefinitionCommandInput): string {
  return formatTaskDefinition(normalise(input));
}

function normaliseContainer(container: ContainerDefinition, hostPortIsContainerPort: boolean): object {
  const { healthCheck } = container;
  return {
    ...container,
    essential: container.essential ?? true,
    cpu: container.cpu === 0 ? undefined : container.cpu,
    environment: byKey(container.environment ?? [], ({ name }) => name),
    secrets: byKey(container.secrets ?? [], ({ name }) => name),
    healthCheck: healthCheck && { interval: 30, timeout: 5, retries: 3, ...healthCheck },
    portMappings: (container.portMappings ?? []).map((mapping): PortMapping => {
      const { hostPort, containerPort } = mapping;
      const isDefault = hostPort === 0 || (hostPortIsContainerPort && hostPort === containerPort);
      return { ...mapping, protocol: mapping.protocol ?? 'tcp', hostPort: isDefault ? undefined : hostPort };
    }),
  };
}

function normaliseVolume(volume: Volume): object {
  const { efsVolumeConfiguration: efs } = volume;
  return efs
    ? { ...volume, efsVolumeConfiguration: { ...efs, rootDirectory: efs.rootDirectory ?? '/' } }
    : volume;
}

/** ECS answers with units and MiB, however the size was written. */
function inUnits(size: string | undefined, read: typeof cpuUnits): string | undefined {
  const amount = typeof size === 'string' ? read(size) : undefined;
  return amount === undefined ? size : String(amount);
}

function byKey<T>(items: readonly T[], key: (item: T) => string | undefined): T[] {
  return [...items].sort((a, b) => (key(a) ?? '').localeCompare(key(b) ?? '', 'en'));
}

function tidy(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.length === 0 ? undefined : value.map(tidy);
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) {
    return value ?? undefined;
  }
  const members = Object.entries(value)
    .map(([name, member]) => [name, tidy(member)] as const)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return members.length === 0 ? undefined : Object.fromEntries(members);
}
