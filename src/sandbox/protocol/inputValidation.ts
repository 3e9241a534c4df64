import { isObject } from '../../base/isObject';
import { ServiceError } from './serviceError';
import type { ServiceShapes, StructureShape, TypeRef } from './shapes';

/** Deeper than any real input; keeps a hostile one from exhausting the stack. */
const MAX_DEPTH = 64;

interface Validation {
  readonly shapes: ServiceShapes;
  /** "'logGroupName' failed to satisfy constraint: …", collected as AWS does, one for each member. */
  readonly missing: string[];
}

/**
 * Checks an operation's input against its declared shape, and gives a copy that has only declared members:
 * others are ignored, and a null is an absent member, as AWS takes them.
 * @param missingCode the exception that the service gives for a required member that is absent
 * @throws ServiceError SerializationException for a value of the wrong type
 */
export function validateInput(
  body: unknown,
  operation: string,
  shapes: ServiceShapes,
  missingCode: string,
): Record<string, unknown> {
  const shape = shapes.structures[shapes.operations[operation] ?? ''];
  if (!isObject(body)) {
    throw serialization(
      Array.isArray(body) ? 'Start of list found where not expected' : 'Unexpected field type',
    );
  }
  const validation: Validation = { shapes, missing: [] };
  const input = shape === undefined ? {} : readStructure(body, shape, '', validation, 0);
  const { missing } = validation;
  if (missing.length > 0) {
    const count = `${missing.length} validation error${missing.length === 1 ? '' : 's'} detected`;
    throw new ServiceError(missingCode, `${count}: ${missing.join('; ')}`);
  }
  return input;
}

function readStructure(
  value: Readonly<Record<string, unknown>>,
  shape: StructureShape,
  path: string,
  validation: Validation,
  depth: number,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(shape.members)) {
    const member = Object.hasOwn(value, name) ? value[name] : undefined;
    if (member !== undefined && member !== null) {
      result[name] = readValue(member, type, path === '' ? name : `${path}.${name}`, validation, depth + 1);
    } else if (shape.required?.includes(name)) {
      noteMissing(path === '' ? name : `${path}.${name}`, validation);
    }
  }
  if (shape.union && Object.keys(result).length > 1) {
    throw serialization('Unions can contain only one non-null member');
  }
  return result;
}

function readValue(
  value: unknown,
  type: TypeRef,
  path: string,
  validation: Validation,
  depth: number,
): unknown {
  if (depth > MAX_DEPTH) {
    throw serialization('The input is nested too deeply');
  }
  if (typeof type === 'string') {
    return readSimple(value, type);
  }
  if ('list' in type) {
    return readList(value, type.list, path, validation, depth);
  }
  if (!isObject(value)) {
    throw serialization(
      Array.isArray(value)
        ? 'Start of list found where not expected'
        : `Expected map or null, found ${tokenOf(value)}`,
    );
  }
  if ('structure' in type) {
    const shape = validation.shapes.structures[type.structure];
    return shape === undefined ? {} : readStructure(value, shape, path, validation, depth);
  }
  return readMap(value, type.map, path, validation, depth);
}

function readList(
  value: unknown,
  item: TypeRef,
  path: string,
  validation: Validation,
  depth: number,
): unknown[] {
  if (!Array.isArray(value)) {
    throw serialization(
      isObject(value)
        ? 'Start of structure or map found where not expected.'
        : `Expected list or null, found ${tokenOf(value)}`,
    );
  }
  const result: unknown[] = [];
  value.forEach((element: unknown, index) => {
    const elementPath = `${path}.${index + 1}.member`;
    if (element === null) {
      noteMissing(elementPath, validation);
    } else {
      result.push(readValue(element, item, elementPath, validation, depth + 1));
    }
  });
  return result;
}

function readMap(
  value: Readonly<Record<string, unknown>>,
  type: TypeRef,
  path: string,
  validation: Validation,
  depth: number,
): Record<string, unknown> {
  const entries = Object.entries(value)
    .filter(([, element]) => element !== null)
    .map(([key, element]) => [key, readValue(element, type, `${path}.${key}`, validation, depth + 1)]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

const SIMPLE_NAMES = {
  string: 'a String',
  number: 'a Number',
  boolean: 'a Boolean',
  timestamp: 'a Timestamp',
  blob: 'a Blob',
} as const;

function readSimple(value: unknown, type: keyof typeof SIMPLE_NAMES | 'document'): unknown {
  switch (type) {
    case 'document':
      return value;
    case 'string':
    case 'boolean':
      return typeof value === type ? value : refuse(value, type);
    case 'number':
      return Number.isFinite(value) ? value : refuse(value, type);
    case 'timestamp':
      return readTimestamp(value);
    case 'blob':
      return typeof value === 'string' && isBase64(value) ? value : refuse(value, type);
  }
}

/** AWS JSON sends epoch seconds; the services take an ISO 8601 date, too. */
function readTimestamp(value: unknown): number {
  if (typeof value === 'number') {
    return value;
  }
  const milliseconds = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(milliseconds) ? refuse(value, 'timestamp') : milliseconds / 1000;
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function refuse(value: unknown, type: keyof typeof SIMPLE_NAMES): never {
  if (isObject(value)) {
    throw serialization('Start of structure or map found where not expected.');
  }
  if (Array.isArray(value)) {
    throw serialization('Start of list found where not expected');
  }
  throw serialization(`${tokenOf(value)} can not be converted to ${SIMPLE_NAMES[type]}`);
}

function tokenOf(value: unknown): string {
  return typeof value === 'boolean'
    ? value
      ? 'TRUE_VALUE'
      : 'FALSE_VALUE'
    : `${typeof value}_VALUE`.toUpperCase();
}

/** AWS names members in camel case here, also those of services that write them otherwise. */
function noteMissing(path: string, validation: Validation): void {
  const member = path.charAt(0).toLowerCase() + path.slice(1);
  validation.missing.push(`Value null at '${member}' failed to satisfy constraint: Member must not be null`);
}

function serialization(message: string): ServiceError {
  return new ServiceError('SerializationException', message);
}
