import type { Node } from 'jsonc-parser';
import { parseTaskDefinition } from '../../../src/taskdef/document/taskDefinitionDocument';

/** The names that an object of a document has more than once, which JSON.parse passes over. */
export function repeatedMembers(text: string): string[] {
  return repeatedIn(parseTaskDefinition(text).root);
}

function repeatedIn(node: Node | undefined): string[] {
  const children = node?.children ?? [];
  const names = node?.type === 'object' ? children.map((each) => String(each.children?.[0]?.value)) : [];
  return [...names.filter((name, index) => names.indexOf(name) < index), ...children.flatMap(repeatedIn)];
}
