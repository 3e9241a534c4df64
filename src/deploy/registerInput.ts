import type {
  ContainerDefinition,
  PortMapping,
  RegisterTaskDefinitionCommandInput,
} from '@aws-sdk/client-ecs';
import type { DescribedTaskDefinition } from '../aws/ecsGateway';
import { READ_ONLY_MEMBERS } from '../taskdef/readTaskDefinition';

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
 * Takes away what makes no difference: the order of members and of named lists, empty lists, and the
 * defaults that ECS fills in when it registers, by the RegisterTaskDefinition API reference.
 */
export function normalise(input: RegisterTaskDefinitionCommandInput): Normalised {
  const hostPortIsContainerPort = input.networkMode === 'awsvpc' || input.networkMode === 'host';
  return tidy({
    ...input,
    requiresCompatibilities: [...(input.requiresCompatibilities ?? [])].sort(),
    tags: byKey(input.tags ?? [], ({ key }) => key),
    containerDefinitions: (input.containerDefinitions ?? []).map((container) =>
      normaliseContainer(container, hostPortIsContainerPort),
    ),
  }) as Normalised;
}

function normaliseContainer(container: ContainerDefinition, hostPortIsContainerPort: boolean): object {
  return {
    ...container,
    essential: container.essential ?? true,
    cpu: container.cpu === 0 ? undefined : container.cpu,
    environment: byKey(container.environment ?? [], ({ name }) => name),
    secrets: byKey(container.secrets ?? [], ({ name }) => name),
    portMappings: (container.portMappings ?? []).map((mapping): PortMapping => {
      const { hostPort, containerPort } = mapping;
      const isDefault = hostPort === 0 || (hostPortIsContainerPort && hostPort === containerPort);
      return { ...mapping, protocol: mapping.protocol ?? 'tcp', hostPort: isDefault ? undefined : hostPort };
    }),
  };
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
