import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { getNodeValue, parseTree, type ParseError } from 'jsonc-parser';
import { UserError } from '../base/errors';
import { positionOf, syntaxInWords } from './document/syntaxError';
import { memberOf } from './document/taskDefinitionDocument';

/** Members that ECS adds to a task definition and that cannot be registered. */
export const READ_ONLY_MEMBERS: ReadonlySet<string> = new Set([
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
]);

/**
 * Reads what people keep in a task definition file: RegisterTaskDefinition's input, or the answer of
 * DescribeTaskDefinition, whose wrapper, read-only members and nulls are taken off. Comments and a byte order
 * mark are allowed.
 *
 * @param fileName what the error calls the file
 * @throws UserError('invalidInput') with line and column when it is not a task definition
 */
export function readTaskDefinition(text: string, fileName: string): RegisterTaskDefinitionCommandInput {
  const content = text.replace(/^\uFEFF/, '');
  const fail = (why: string, offset: number): never => {
    throw new UserError('invalidInput', `${why}: ${fileName}:${positionOf(content, offset)}`);
  };
  const errors: ParseError[] = [];
  const root = parseTree(content, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first) {
    return fail(`The task definition is not JSON (${syntaxInWords(first)})`, first.offset);
  }
  if (root?.type === 'array') {
    return fail(
      'This is a list of container definitions without a family. Put it into {"family": "…", "containerDefinitions": […]}',
      root.offset,
    );
  }
  if (root?.type !== 'object') {
    return fail('A task definition is a JSON object', root?.offset ?? 0);
  }
  const wrapped = memberOf(root, 'taskDefinition');
  const definition = wrapped?.type === 'object' ? wrapped : root;
  const family = memberOf(definition, 'family');
  if (family?.type !== 'string' || family.value === '') {
    return fail('The task definition has no family', (family ?? definition).offset);
  }
  const containers = memberOf(definition, 'containerDefinitions');
  if (containers?.type !== 'array' || !containers.children?.length) {
    return fail('The task definition has no containerDefinitions', (containers ?? definition).offset);
  }
  for (const container of containers.children) {
    if (memberOf(container, 'name')?.type !== 'string') {
      return fail('A container definition has no name', container.offset);
    }
  }
  const tags = definition === root ? undefined : memberOf(root, 'tags');
  return withoutExtras({
    ...(tags?.type === 'array' && tags.children?.length ? { tags: getNodeValue(tags) as unknown } : {}),
    ...(getNodeValue(definition) as object),
  }) as unknown as RegisterTaskDefinitionCommandInput;
}

function withoutExtras(definition: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept = Object.entries(definition).filter(
    ([name]) => !READ_ONLY_MEMBERS.has(name) && name !== '$schema',
  );
  return withoutNulls(Object.fromEntries(kept)) as Record<string, unknown>;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.filter((item) => item !== null).map(withoutNulls);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}
