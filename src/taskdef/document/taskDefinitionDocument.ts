import { parseTree, type Node, type ParseError } from 'jsonc-parser';
import { fillPlaceholders } from './placeholders';

/**
 * What a text turned out to be:
 * - `taskDefinition`: the input of RegisterTaskDefinition;
 * - `wrapper`: an answer of DescribeTaskDefinition, `{"taskDefinition": {…}}`;
 * - `containers`: a bare list of container definitions, as Terraform takes it;
 * - `pascalCase`: the members of CloudFormation outside a template;
 * - `skeleton`: the unfilled output of `--generate-cli-skeleton`;
 * - `invalid`: not JSON, even with its placeholders filled in;
 * - `other`: something else altogether, about which there is nothing to say.
 */
export type DocumentKind =
  'taskDefinition' | 'wrapper' | 'containers' | 'pascalCase' | 'skeleton' | 'invalid' | 'other';

export interface TaskDefinitionDocument {
  readonly text: string;
  readonly kind: DocumentKind;
  readonly root: Node | undefined;
  /** The object with the `containerDefinitions`; of a bare list there is none. */
  readonly definition: Node | undefined;
  /** Offsets of values that are unquoted placeholders. */
  readonly fillers: ReadonlySet<number>;
}

/** The name of a schema of task definitions, as far as a name can tell. A document's own `$schema` says what it is. */
const OF_TASK_DEFINITIONS = /task[-_]?def|container[-_]?definitions|\becs\b/i;

/** Deeper than any definition can be, and far from where a recursive parser ends. */
const DEEPEST = 100;

/** Reads a text, whatever it is: comments, a byte order mark, trailing commas and placeholders are allowed. */
export function parseTaskDefinition(text: string): TaskDefinitionDocument {
  const plain = { text, fillers: new Set<number>() };
  let root = parse(text);
  // What is JSON holds no unquoted placeholder.
  const filled = root ? plain : fillPlaceholders(text);
  root ??= filled.fillers.size > 0 ? parse(filled.text) : undefined;
  const shape = root ? classify(root, filled.fillers) : { kind: 'invalid' as const };
  return { text, root, fillers: filled.fillers, definition: undefined, ...shape };
}

function parse(text: string): Node | undefined {
  // The mark becomes a space, so that offsets stay.
  const content = text.replace(/^\uFEFF/, ' ');
  if (nestsTooDeep(content)) {
    return undefined;
  }
  const errors: ParseError[] = [];
  const root = parseTree(content, errors, { allowTrailingComma: true });
  return errors.length === 0 ? root : undefined;
}

/** The value of a member; of duplicates the last, as JSON parsers take it. */
export function memberOf(object: Node | undefined, name: string): Node | undefined {
  return object?.type === 'object'
    ? object.children?.findLast(({ children }) => children?.[0]?.value === name)?.children?.[1]
    : undefined;
}

function classify(
  root: Node,
  fillers: ReadonlySet<number>,
): Pick<TaskDefinitionDocument, 'kind'> & { definition?: Node } {
  if (root.type === 'array') {
    return { kind: isContainerList(root) ? 'containers' : 'other' };
  }
  const schema = memberOf(root, '$schema')?.value as unknown;
  if (typeof schema === 'string' && schema !== '' && !OF_TASK_DEFINITIONS.test(schema)) {
    return { kind: 'other' };
  }
  const wrapped = memberOf(root, 'taskDefinition');
  const holdsContainers = (object: Node | undefined): boolean => {
    const containers = memberOf(object, 'containerDefinitions');
    return containers?.type === 'array' || (containers !== undefined && fillers.has(containers.offset));
  };
  if (holdsContainers(root)) {
    return { kind: isSkeleton(root) ? 'skeleton' : 'taskDefinition', definition: root };
  }
  if (holdsContainers(wrapped)) {
    return { kind: 'wrapper', definition: wrapped };
  }
  const pascal = memberOf(root, 'ContainerDefinitions');
  return { kind: pascal?.type === 'array' ? 'pascalCase' : 'other' };
}

function isContainerList(root: Node): boolean {
  const items = root.children ?? [];
  const hasText = (item: Node, name: string): boolean => memberOf(item, name)?.type === 'string';
  return (
    items.length > 0 &&
    items.every(({ type }) => type === 'object') &&
    items.some((item) => hasText(item, 'image') && hasText(item, 'name'))
  );
}

/** The skeleton has every member, each with an empty value. */
function isSkeleton(root: Node): boolean {
  const containers = memberOf(root, 'containerDefinitions')?.children ?? [];
  return (
    memberOf(root, 'family')?.value === '' &&
    containers.length > 0 &&
    containers.every((one) => memberOf(one, 'name')?.value === '' && memberOf(one, 'image')?.value === '')
  );
}

/** True of a text that a recursive parser might not survive. */
export function nestsTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length && depth <= DEEPEST; at += 1) {
    const character = text[at];
    if (inString) {
      // A string that is not closed ends with its line.
      at += character === '\\' ? 1 : 0;
      inString = character !== '"' && character !== '\n' && character !== '\r';
    } else if (character === '"') {
      inString = true;
    } else if (character === '/') {
      at = commentEnd(text, at);
    } else if (character === '{' || character === '[') {
      depth += 1;
    } else if (character === '}' || character === ']') {
      depth -= 1;
    }
  }
  return depth > DEEPEST;
}

/** The last character of the comment that begins here, or the same place where none does. */
function commentEnd(text: string, at: number): number {
  if (text.startsWith('/*', at)) {
    const end = text.indexOf('*/', at + 2);
    return end < 0 ? text.length : end + 1;
  }
  return text.startsWith('//', at) ? at + text.slice(at).search(/[\r\n]|$/) : at;
}
