/**
 * A build step (`npm run generate:shapes`), not a part of the sandbox: writes the input shapes of the
 * services' operations, as the installed SDK clients declare them at run time, to shapes.generated.json.
 * That is why this one file of the sandbox imports the SDK.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as ecr from '@aws-sdk/client-ecr';
import * as ecs from '@aws-sdk/client-ecs';
import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticOperationSchema } from '@smithy/types';
import type { ServiceShapes, StructureShape, TypeRef } from './shapes';

/** Number of leading members of a structure that are required: schema[6]. */
const REQUIRED_COUNT = 6;

function isOperation(value: unknown): value is StaticOperationSchema {
  return Array.isArray(value) && value[0] === 9;
}

function readService(module: object, signingName: string): ServiceShapes {
  const operations: Record<string, string> = {};
  const structures: Record<string, StructureShape> = {};

  const typeOf = (schema: NormalizedSchema): TypeRef => {
    if (schema.isStructSchema()) {
      return { structure: addStructure(schema) };
    }
    if (schema.isListSchema()) {
      return { list: typeOf(schema.getValueSchema()) };
    }
    if (schema.isMapSchema()) {
      return { map: typeOf(schema.getValueSchema()) };
    }
    if (schema.isBlobSchema()) {
      return 'blob';
    }
    if (schema.isTimestampSchema()) {
      return 'timestamp';
    }
    if (schema.isBooleanSchema()) {
      return 'boolean';
    }
    if (schema.isNumericSchema()) {
      return 'number';
    }
    return schema.isStringSchema() ? 'string' : 'document';
  };

  const addStructure = (schema: NormalizedSchema): string => {
    const [, name = ''] = schema.getName(true)?.split('#') ?? [];
    if (!(name in structures)) {
      const members: Record<string, TypeRef> = {};
      const required = requiredMembers(schema);
      structures[name] = {
        members,
        ...(required.length > 0 && { required }),
        ...(schema.isUnionSchema() && { union: true as const }),
      };
      for (const [member, memberSchema] of schema.structIterator()) {
        members[member] = typeOf(memberSchema);
      }
    }
    return name;
  };

  for (const operation of Object.values(module).filter(isOperation)) {
    const input = NormalizedSchema.of(operation[4]);
    operations[operation[2]] = input.isUnitSchema() ? '' : addStructure(input);
  }
  return { signingName, operations, structures };
}

function requiredMembers(schema: NormalizedSchema): string[] {
  const raw = schema.getSchema() as unknown as unknown[];
  const count = typeof raw[REQUIRED_COUNT] === 'number' ? raw[REQUIRED_COUNT] : 0;
  return (raw[4] as string[]).slice(0, count);
}

function targetPrefix(client: { config: { protocol: unknown } }): string {
  return (client.config.protocol as { serviceTarget: string }).serviceTarget;
}

function generate(): void {
  const settings = { region: 'us-east-1' };
  const services = {
    [targetPrefix(new ecs.ECSClient(settings))]: readService(ecs, 'ecs'),
    [targetPrefix(new ecr.ECRClient(settings))]: readService(ecr, 'ecr'),
    [targetPrefix(new logs.CloudWatchLogsClient(settings))]: readService(logs, 'logs'),
  };
  writeFileSync(join(__dirname, 'shapes.generated.json'), JSON.stringify(services));
}

generate();
