import { messageOf, UserError } from '../base/errors';
import type { RequestScope, ServiceDefinition } from './operation';
import { ACCOUNT_ID } from './protocol/account';
import { invoke } from './protocol/invoke';
import { ServiceError } from './protocol/serviceError';

type OperationInput = Readonly<Record<string, unknown>>;

/**
 * Resources to begin with: each list holds inputs of the operation that makes one. `${registry}` in a text
 * stands for what the URIs of the sandbox's repositories begin with.
 */
export interface Seed {
  readonly region: string;
  /** CreateLogGroup */
  readonly logGroups: readonly OperationInput[];
  /** CreateRepository */
  readonly repositories: readonly OperationInput[];
  /** CreateCluster */
  readonly clusters: readonly OperationInput[];
  /** RegisterTaskDefinition */
  readonly taskDefinitions: readonly OperationInput[];
  /** CreateService */
  readonly services: readonly OperationInput[];
}

type SeedList = Exclude<keyof Seed, 'region'>;

const LISTS: readonly SeedList[] = ['logGroups', 'repositories', 'clusters', 'taskDefinitions', 'services'];

/**
 * Reads a seed file; a list that is not in it is empty, and the region is us-east-1.
 * @throws UserError('invalidInput')
 */
export function parseSeed(text: string, file: string): Seed {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new UserError('invalidInput', `The seed is not valid JSON (${messageOf(error)}): ${file}`);
  }
  if (!isObject(parsed)) {
    throw new UserError('invalidInput', `The seed is not a JSON object: ${file}`);
  }
  const unknown = Object.keys(parsed).find((name) => name !== 'region' && !LISTS.includes(name as SeedList));
  if (unknown !== undefined) {
    throw new UserError('invalidInput', `The seed has a member that is not known, "${unknown}": ${file}`);
  }
  const { region = 'us-east-1' } = parsed;
  if (typeof region !== 'string') {
    throw new UserError('invalidInput', `The seed's region is not a text: ${file}`);
  }
  const list = (name: SeedList): OperationInput[] => {
    const items = parsed[name] ?? [];
    if (!Array.isArray(items) || !items.every(isObject)) {
      throw new UserError('invalidInput', `The seed's "${name}" is not a list of objects: ${file}`);
    }
    return items;
  };
  return {
    region,
    logGroups: list('logGroups'),
    repositories: list('repositories'),
    clusters: list('clusters'),
    taskDefinitions: list('taskDefinitions'),
    services: list('services'),
  };
}

/**
 * Makes what is not there yet, by the operations that a client would call.
 * @throws UserError('invalidInput') with the service's words, when it refuses one
 */
export async function applySeed(
  seed: Seed,
  services: readonly ServiceDefinition[],
  registry: string,
): Promise<void> {
  const scope: RequestScope = {
    region: seed.region,
    accountId: ACCOUNT_ID,
    signal: new AbortController().signal,
  };
  const call = (operation: string, input: OperationInput): Promise<object> => {
    const service = services.find(({ operations }) => Object.hasOwn(operations, operation));
    if (service === undefined) {
      throw new Error(`No service has ${operation}.`);
    }
    return invoke(service, operation, input, scope);
  };
  for (const name of LISTS) {
    for (const item of seed[name]) {
      const input = withRegistry(item, registry);
      try {
        await make(name, input, call);
      } catch (error) {
        throw error instanceof ServiceError
          ? new UserError('invalidInput', `The seed's ${name} were refused: ${error.message}`, {
              cause: error,
            })
          : error;
      }
    }
  }
}

type Call = (operation: string, input: OperationInput) => Promise<object>;

async function make(list: SeedList, input: OperationInput, call: Call): Promise<void> {
  switch (list) {
    case 'logGroups':
      return unlessRefusedAs('ResourceAlreadyExistsException', call('CreateLogGroup', input));
    case 'repositories':
      return unlessRefusedAs('RepositoryAlreadyExistsException', call('CreateRepository', input));
    case 'clusters':
      await call('CreateCluster', input);
      return;
    case 'taskDefinitions': {
      const found = (await call('ListTaskDefinitions', { familyPrefix: input['family'] })) as {
        taskDefinitionArns: readonly string[];
      };
      if (found.taskDefinitionArns.length === 0) {
        await call('RegisterTaskDefinition', input);
      }
      return;
    }
    case 'services': {
      const found = (await call('DescribeServices', {
        cluster: input['cluster'],
        services: [input['serviceName']],
      })) as { services: readonly { status: string }[] };
      if (!found.services.some(({ status }) => status === 'ACTIVE')) {
        await call('CreateService', input);
      }
    }
  }
}

async function unlessRefusedAs(code: string, made: Promise<object>): Promise<void> {
  try {
    await made;
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== code) {
      throw error;
    }
  }
}

function withRegistry(input: OperationInput, registry: string): OperationInput {
  return JSON.parse(JSON.stringify(input).replaceAll('${registry}', registry)) as OperationInput;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
