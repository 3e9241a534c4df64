import { messageOf, UserError } from '../base/errors';
import { isObject } from '../base/isObject';
import type { RequestScope, ServiceDefinition } from './operation';
import { ACCOUNT_ID } from './protocol/account';
import { invoke } from './protocol/invoke';
import { ServiceError } from './protocol/serviceError';

type OperationInput = Readonly<Record<string, unknown>>;

const LISTS = [
  'logGroups',
  'repositories',
  'roles',
  'secrets',
  'parameters',
  'fileSystems',
  'targetGroups',
  'clusters',
  'taskDefinitions',
  'services',
] as const;

type SeedList = (typeof LISTS)[number];

/**
 * Resources to begin with: each list holds inputs of the operation that makes one. `${registry}` in a text
 * stands for what the URIs of the sandbox's repositories begin with. A role may have `Policies`, which are
 * inputs of PutRolePolicy without its name, and a file system `AccessPoints`, which are inputs of
 * CreateAccessPoint without its id; policy documents may be objects. A file system must have a `CreationToken`,
 * by which the next start knows it again.
 */
export type Seed = { readonly region: string } & Readonly<Record<SeedList, readonly OperationInput[]>>;

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
  const unknown = Object.keys(parsed).find(
    (name) => name !== 'region' && !(LISTS as readonly string[]).includes(name),
  );
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
  const lists = Object.fromEntries(LISTS.map((name) => [name, list(name)])) as Record<
    SeedList,
    OperationInput[]
  >;
  return { region, ...lists };
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
      await unlessRefusedAs(['ResourceAlreadyExistsException'], call('CreateLogGroup', input));
      return;
    case 'repositories':
      await unlessRefusedAs(['RepositoryAlreadyExistsException'], call('CreateRepository', input));
      return;
    case 'roles':
      return makeRole(input, call);
    case 'secrets':
      // One that is marked for deletion is there still.
      await unlessRefusedAs(
        ['ResourceExistsException', 'InvalidRequestException'],
        call('CreateSecret', input),
      );
      return;
    case 'parameters':
      await unlessRefusedAs(['ParameterAlreadyExists'], call('PutParameter', input));
      return;
    case 'fileSystems':
      return makeFileSystem(input, call);
    case 'targetGroups':
      await call('CreateTargetGroup', input);
      return;
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

async function makeRole({ Policies = [], ...role }: OperationInput, call: Call): Promise<void> {
  const made = await unlessRefusedAs(['EntityAlreadyExists'], call('CreateRole', withTextDocuments(role)));
  for (const policy of made === undefined ? [] : readParts(Policies, 'Policies')) {
    await call('PutRolePolicy', withTextDocuments({ ...policy, RoleName: role['RoleName'] }));
  }
}

async function makeFileSystem({ AccessPoints = [], ...input }: OperationInput, call: Call): Promise<void> {
  if (typeof input['CreationToken'] !== 'string') {
    throw new UserError(
      'invalidInput',
      'A file system of the seed needs a CreationToken: by it the next start knows it again.',
    );
  }
  const made = await unlessRefusedAs(['FileSystemAlreadyExists'], call('CreateFileSystem', input));
  for (const accessPoint of made === undefined ? [] : readParts(AccessPoints, 'AccessPoints')) {
    const { FileSystemId } = made as { readonly FileSystemId: string };
    await call('CreateAccessPoint', { ...accessPoint, FileSystemId });
  }
}

function readParts(value: unknown, name: string): readonly OperationInput[] {
  if (!Array.isArray(value) || !value.every(isObject)) {
    throw new UserError('invalidInput', `In the seed, "${name}" is not a list of objects.`);
  }
  return value;
}

/** The operations take policy documents as text. */
function withTextDocuments(input: OperationInput): OperationInput {
  const members = Object.entries(input).map(([name, value]) => [
    name,
    name.endsWith('Document') && typeof value === 'object' ? JSON.stringify(value) : value,
  ]);
  return Object.fromEntries(members) as OperationInput;
}

/**
 * What was answered; `undefined` when it was refused because it is there already.
 * @param codes what such a refusal is called
 */
async function unlessRefusedAs(codes: readonly string[], made: Promise<object>): Promise<object | undefined> {
  try {
    return await made;
  } catch (error) {
    if (!(error instanceof ServiceError) || !codes.includes(error.code)) {
      throw error;
    }
    return undefined;
  }
}

function withRegistry(input: OperationInput, registry: string): OperationInput {
  return JSON.parse(JSON.stringify(input).replaceAll('${registry}', registry)) as OperationInput;
}
