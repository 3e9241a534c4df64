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
import * as efs from '@aws-sdk/client-efs';
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import * as iam from '@aws-sdk/client-iam';
import * as secretsManager from '@aws-sdk/client-secrets-manager';
import * as ssm from '@aws-sdk/client-ssm';
import * as sts from '@aws-sdk/client-sts';
import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticOperationSchema } from '@smithy/types';
import type { Route, ServiceShapes, StructureShape, TypeRef, WireProtocol } from './shapes';

/** Number of leading members of a structure that are required: schema[6]. */
const REQUIRED_COUNT = 6;

function isOperation(value: unknown): value is StaticOperationSchema {
  return Array.isArray(value) && value[0] === 9;
}

function readService(module: object, client: ConfiguredClient): ServiceShapes {
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
  return { protocol: readProtocol(module, client), operations, structures };
}

function requiredMembers(schema: NormalizedSchema): string[] {
  const raw = schema.getSchema() as unknown as unknown[];
  const count = typeof raw[REQUIRED_COUNT] === 'number' ? raw[REQUIRED_COUNT] : 0;
  return (raw[4] as string[]).slice(0, count);
}

/** What a client of the SDK is built with, as far as it says what goes over the wire. */
interface ConfiguredClient {
  readonly config: { readonly protocol: unknown };
}

function readProtocol(module: object, { config }: ConfiguredClient): WireProtocol {
  const { serviceTarget, options } = config.protocol as {
    readonly serviceTarget?: string;
    readonly options: { readonly xmlNamespace?: string; readonly version?: string };
  };
  if (serviceTarget !== undefined) {
    return { kind: 'json', targetPrefix: serviceTarget };
  }
  const { xmlNamespace, version } = options;
  return xmlNamespace !== undefined && version !== undefined
    ? { kind: 'query', xmlNamespace, version }
    : { kind: 'rest', routes: readRoutes(module) };
}

function readRoutes(module: object): Record<string, Route> {
  const routes: Record<string, Route> = {};
  for (const operation of Object.values(module).filter(isOperation)) {
    const { http } = operation[3] as unknown as { readonly http: [string, string, number] };
    const query: Record<string, string> = {};
    for (const [member, schema] of NormalizedSchema.of(operation[4]).structIterator()) {
      const { httpQuery } = schema.getMergedTraits();
      if (typeof httpQuery === 'string') {
        query[member] = httpQuery;
      }
    }
    routes[operation[2]] = { method: http[0], path: http[1], status: http[2], query };
  }
  return routes;
}

function generate(): void {
  const settings = { region: 'us-east-1' };
  const services: Record<string, ServiceShapes> = {
    ecs: readService(ecs, new ecs.ECSClient(settings)),
    ecr: readService(ecr, new ecr.ECRClient(settings)),
    logs: readService(logs, new logs.CloudWatchLogsClient(settings)),
    sts: readService(sts, new sts.STSClient(settings)),
    iam: readService(iam, new iam.IAMClient(settings)),
    secretsmanager: readService(secretsManager, new secretsManager.SecretsManagerClient(settings)),
    ssm: readService(ssm, new ssm.SSMClient(settings)),
    elasticfilesystem: readService(efs, new efs.EFSClient(settings)),
    elasticloadbalancing: readService(elb, new elb.ElasticLoadBalancingV2Client(settings)),
  };
  writeFileSync(join(__dirname, 'shapes.generated.json'), JSON.stringify(services));
}

generate();
