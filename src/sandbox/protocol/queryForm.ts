import type { ServiceShapes, TypeRef } from './shapes';

/** A posted form as a tree: "Tags.member.1.Key=a" is a value three names below "Tags". */
interface FormNode {
  value?: string;
  readonly children: Map<string, FormNode>;
}

/** Deeper than any input of these services. */
const MAX_DEPTH = 64;

/**
 * Reads an operation's input from the parameters of a Query request. A value that is not of its member's type
 * stays text, for the validation to refuse.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#request-serialization
 */
export function readQueryForm(
  parameters: URLSearchParams,
  operation: string,
  shapes: ServiceShapes,
): unknown {
  const root: FormNode = { children: new Map() };
  for (const [path, value] of parameters) {
    const names = path.split('.');
    if (names.length <= MAX_DEPTH) {
      nodeAt(root, names).value = value;
    }
  }
  return readStructure(root, shapes.operations[operation] ?? '', shapes);
}

function nodeAt(root: FormNode, names: readonly string[]): FormNode {
  let node = root;
  for (const name of names) {
    let child = node.children.get(name);
    if (child === undefined) {
      child = { children: new Map() };
      node.children.set(name, child);
    }
    node = child;
  }
  return node;
}

function readStructure(node: FormNode, structure: string, shapes: ServiceShapes): object {
  const input: Record<string, unknown> = {};
  for (const [member, type] of Object.entries(shapes.structures[structure]?.members ?? {})) {
    const child = node.children.get(member);
    if (child !== undefined) {
      input[member] = readValue(child, type, shapes);
    }
  }
  return input;
}

function readValue(node: FormNode, type: TypeRef, shapes: ServiceShapes): unknown {
  if (typeof type !== 'string') {
    if ('structure' in type) {
      return readStructure(node, type.structure, shapes);
    }
    return 'list' in type ? readList(node, type.list, shapes) : {};
  }
  const { value = '' } = node;
  switch (type) {
    case 'number':
      return value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
    case 'boolean':
      return value === 'true' || value === 'false' ? value === 'true' : value;
    default:
      return value;
  }
}

/** Items are numbered from 1, and may come in any order. */
function readList(node: FormNode, item: TypeRef, shapes: ServiceShapes): unknown[] {
  const items = [...(node.children.get('member')?.children ?? [])];
  return items.sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => readValue(child, item, shapes));
}
