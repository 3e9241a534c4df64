import { PLACEHOLDER } from '../document/placeholders';
import { READ_ONLY_MEMBERS } from '../readTaskDefinition';
import { describeInMarkdown } from './describeInMarkdown';
import type { EditorSchema, GeneratedSchema } from './editorSchema';
import { LIMITS } from './limits';

/**
 * The SDK's run-time schemas by exported name, as `ContainerDefinition$`. A structure is
 * `[3, namespace, name, traits, memberNames, memberTypes, requiredCount]`, required members first; a numeric
 * type is 1.
 */
export type SdkStructures = Readonly<Record<string, unknown>>;

export interface TaskDefinitionSchemas {
  readonly 'task-definition': EditorSchema;
  readonly 'container-definitions': EditorSchema;
}

/** Required by the service's answers, though by no model: "Container.name should not be null or empty." */
const REQUIRED_BY_SERVICE: Readonly<Record<string, readonly string[]>> = {
  ContainerDefinition: ['name', 'image'],
};

/**
 * Enums of which only some values are valid beside the rest of a definition. The schema checks them by a pattern:
 * what it lists as an enum, the editor offers, and the completion of this extension offers those that are valid.
 */
const CHECKED_ENUMS: ReadonlySet<string> = new Set([
  'ContainerCondition',
  'CPUArchitecture',
  'LogDriver',
  'NetworkMode',
  'OSFamily',
  'PidMode',
  'UlimitName',
]);

/**
 * Turns what the type generator made of `RegisterTaskDefinitionCommandInput` into what an editor needs:
 * required members, whole numbers, Markdown, and tolerance of what people's files hold until a pipeline has
 * filled them in (placeholders, nulls, the members that a describe call adds, a wrapper).
 */
export function buildSchemas(generated: GeneratedSchema, sdk: SdkStructures): TaskDefinitionSchemas {
  const definitions: Record<string, EditorSchema> = {};
  for (const [name, definition] of Object.entries(generated.definitions)) {
    if (!name.includes('$UnknownMember')) {
      definitions[name] =
        definition.enum && CHECKED_ENUMS.has(name)
          ? checkOnly(definition.enum)
          : limit(convert(definition, structureOf(sdk, name), REQUIRED_BY_SERVICE[name]), name);
    }
  }
  const taskDefinition = convert(
    { type: 'object', additionalProperties: false, properties: generated.properties },
    structureOf(sdk, 'RegisterTaskDefinitionRequest'),
  );
  definitions.TaskDefinition = limit(
    { ...taskDefinition, properties: { ...taskDefinition.properties, ...readOnlyMembers() } },
    'TaskDefinition',
  );
  // Not yet, or not at all, a task definition: members are offered, nothing is demanded or refused.
  definitions.Draft = { type: 'object', properties: definitions.TaskDefinition.properties };
  definitions.ContainerDefinitions = { type: 'array', items: { $ref: '#/definitions/ContainerDefinition' } };
  definitions.Wrapper = {
    type: 'object',
    properties: { taskDefinition: { $ref: '#/definitions/TaskDefinition' }, tags: {} },
  };
  const $schema = 'http://json-schema.org/draft-07/schema#';
  return {
    'task-definition': {
      $schema,
      title: 'Amazon ECS task definition',
      definitions,
      if: { type: 'array' },
      then: { $ref: '#/definitions/ContainerDefinitions' },
      else: {
        if: { required: ['containerDefinitions'] },
        then: { $ref: '#/definitions/TaskDefinition' },
        else: {
          if: { required: ['taskDefinition'] },
          // The file of a service or of a run names its definition: there is nothing to say about it.
          then: {
            if: { properties: { taskDefinition: { type: 'object' } } },
            then: { $ref: '#/definitions/Wrapper' },
          },
          else: { $ref: '#/definitions/Draft' },
        },
      },
    },
    'container-definitions': {
      $schema,
      title: 'Amazon ECS container definitions',
      definitions,
      ...definitions.ContainerDefinitions,
    },
  };
}

interface Structure {
  readonly required: readonly string[];
  readonly numeric: ReadonlySet<string>;
}

function structureOf(sdk: SdkStructures, name: string): Structure {
  const schema = sdk[`${name}$`];
  if (!Array.isArray(schema)) {
    return { required: [], numeric: new Set() };
  }
  const [, , , , names = [], types = [], count = 0] = schema as [
    unknown,
    unknown,
    unknown,
    unknown,
    string[]?,
    unknown[]?,
    number?,
  ];
  return {
    required: names.slice(0, count),
    numeric: new Set(names.filter((_, index) => types[index] === 1)),
  };
}

function convert(schema: EditorSchema, structure: Structure, extra: readonly string[] = []): EditorSchema {
  if (schema.enum) {
    return { anyOf: [{ type: 'string', enum: schema.enum }, placeholder()] };
  }
  if (schema.anyOf) {
    const known = schema.anyOf.filter((member) => !member.$ref?.includes('UnknownMember'));
    return { anyOf: known.map((member) => convert(member, structure)) };
  }
  if (!schema.properties) {
    return schema;
  }
  const required = [...new Set([...structure.required, ...extra])];
  const properties: Record<string, EditorSchema> = {};
  for (const [name, member] of Object.entries(schema.properties)) {
    properties[name] = convertMember(member, structure.numeric.has(name), required.includes(name));
  }
  return {
    type: 'object',
    additionalProperties: false,
    properties,
    ...(required.length > 0 ? { required } : {}),
  };
}

/** @throws Error when a limit is of a member that the SDK does not have any more */
function limit(schema: EditorSchema, name: string): EditorSchema {
  const properties = { ...schema.properties };
  for (const [member, range] of Object.entries(LIMITS[name] ?? {})) {
    const limited = properties[member];
    if (!limited) {
      throw new Error(`${name} has no member ${member} to be limited`);
    }
    properties[member] = { ...limited, ...range };
  }
  return schema.properties ? { ...schema, properties } : schema;
}

function convertMember(member: EditorSchema, numeric: boolean, required: boolean): EditorSchema {
  const { description, deprecated, ...rest } = member;
  const about: EditorSchema = {
    ...(description === undefined ? {} : { markdownDescription: describeInMarkdown(description) }),
    ...(typeof deprecated === 'string'
      ? { deprecationMessage: describeInMarkdown(deprecated) || 'Deprecated.' }
      : {}),
  };
  return { ...tolerate(rest, numeric, !required), ...about };
}

/** Lets a placeholder stand for what is not text, and `null` for what is left out. */
function tolerate(schema: EditorSchema, numeric: boolean, optional: boolean): EditorSchema {
  const orNull = optional ? (['null'] as const) : [];
  if (schema.enum) {
    return {
      anyOf: [
        { type: 'string', enum: schema.enum },
        placeholder(),
        ...(optional ? [{ type: 'null' as const }] : []),
      ],
    };
  }
  if (schema.$ref) {
    return optional ? { anyOf: [schema, { type: 'null' }] } : schema;
  }
  if (numeric || schema.type === 'boolean') {
    const type = numeric ? 'integer' : 'boolean';
    const what = numeric ? 'a whole number' : 'true or false';
    return {
      ...schema,
      type: [type, 'string', ...orNull],
      pattern: PLACEHOLDER,
      patternErrorMessage: `Expected ${what}, without quotes.`,
    };
  }
  if (schema.type === 'array') {
    const items = schema.items ?? {};
    return {
      ...schema,
      items: items.$ref ? items : tolerate(items, false, false),
      type: ['array', ...orNull],
    };
  }
  return typeof schema.type === 'string' ? { ...schema, type: [schema.type, ...orNull] } : schema;
}

function checkOnly(values: readonly unknown[]): EditorSchema {
  return {
    type: 'string',
    pattern: `^(?:${values.join('|')})$|${PLACEHOLDER}`,
    patternErrorMessage: `Value is not accepted. Valid values: ${values.map((value) => JSON.stringify(value)).join(', ')}.`,
  };
}

function placeholder(): EditorSchema {
  return { type: 'string', pattern: PLACEHOLDER };
}

function readOnlyMembers(): Record<string, EditorSchema> {
  const members: Record<string, EditorSchema> = { $schema: { type: 'string' } };
  for (const name of READ_ONLY_MEMBERS) {
    members[name] = {
      deprecationMessage:
        'ECS adds this member when it describes a revision. It is left out when the file is registered.',
    };
  }
  return members;
}
