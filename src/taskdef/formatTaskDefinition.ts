import generated from './memberOrder.generated.json';
import type { MemberOrder } from './schema/memberOrder';

const ORDER: MemberOrder = generated;

/**
 * A task definition as people read it: members in the order of the RegisterTaskDefinition API, two blanks of
 * indentation, and nothing that says nothing: nulls, empty lists, and the empty `host` that ECS gives to a volume
 * without configuration. Members that this version of the API does not know come last, as they were.
 *
 * @param definition what registers it; it is not changed
 */
export function formatTaskDefinition(definition: object): string {
  return `${JSON.stringify(arrange(definition, 'TaskDefinition') ?? {}, undefined, 2)}\n`;
}

function arrange(value: unknown, structure: string): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => arrange(item, structure)).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (typeof value !== 'object' || value === null) {
    return value ?? undefined;
  }
  const members = new Map(Object.entries(value));
  if (structure === 'HostVolumeProperties' && members.size === 0) {
    return undefined;
  }
  const structures = new Map(Object.entries(ORDER[structure] ?? {}));
  const names = new Set([...[...structures.keys()].filter((name) => members.has(name)), ...members.keys()]);
  return Object.fromEntries(
    [...names]
      .map((name) => [name, arrange(members.get(name), structures.get(name) ?? '')] as const)
      .filter(([, member]) => member !== undefined),
  );
}
