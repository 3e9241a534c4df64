import type { OperationHandler, RequestScope } from '../operation';
import { CALLER_ARN } from '../protocol/account';
import { createConstraints } from '../protocol/constraints';
import { cutKeyPage } from '../protocol/keyPage';
import { ServiceError } from '../protocol/serviceError';
import type { Tag } from '../protocol/tag';
import type { ParameterCatalog, ParameterRecord } from './parameterCatalog';
import { type LegacyFilter, type ParameterFilter, readFilter, readLegacyFilter } from './parameterFilter';
import { checkParameterName, parameterArn } from './parameterName';

interface PutParameterInput {
  readonly Name: string;
  readonly Value: string;
  readonly Type?: string;
  readonly Description?: string;
  readonly KeyId?: string;
  readonly Overwrite?: boolean;
  readonly AllowedPattern?: string;
  readonly Tags?: readonly Tag[];
  readonly Tier?: string;
  readonly DataType?: string;
}

interface DescribeParametersInput {
  readonly Filters?: readonly LegacyFilter[];
  readonly ParameterFilters?: readonly ParameterFilter[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
  readonly Shared?: boolean;
}

const TYPES = ['String', 'StringList', 'SecureString'];
const TIERS = ['Standard', 'Advanced', 'Intelligent-Tiering'];

const check = createConstraints('ValidationException');

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html and its neighbours */
export function createParameterOperations(parameters: ParameterCatalog): Record<string, OperationHandler> {
  return {
    PutParameter: (input: PutParameterInput, { region }: RequestScope) => {
      const name = input.Name.trim();
      checkParameterName(name);
      const present = parameters.find(region, name);
      checkPut(input, present);
      const tier = tierOf(input, present);
      const type = input.Type ?? present?.type ?? '';
      const parameter: ParameterRecord = {
        name,
        type,
        value: input.Value,
        version: (present?.version ?? 0) + 1,
        modifiedAt: Date.now(),
        description: input.Description ?? present?.description,
        ...(type === 'SecureString' && { keyId: input.KeyId ?? present?.keyId ?? 'alias/aws/ssm' }),
        allowedPattern: input.AllowedPattern ?? present?.allowedPattern,
        tier,
        dataType: input.DataType ?? present?.dataType ?? 'text',
        tags: input.Tags ?? present?.tags ?? [],
      };
      parameters.put(region, parameter);
      return { Version: parameter.version, Tier: tier };
    },

    DescribeParameters: (input: DescribeParametersInput, { region, accountId }: RequestScope) => {
      const { Filters = [], ParameterFilters = [], MaxResults = 50, NextToken, Shared = false } = input;
      check.range('maxResults', MaxResults, 1, 50);
      if (Filters.length > 0 && ParameterFilters.length > 0) {
        throw new ServiceError(
          'ValidationException',
          'You can use either Filters or ParameterFilters in a single request.',
        );
      }
      const wanted = [...Filters.map(readLegacyFilter), ...ParameterFilters.map(readFilter)];
      const found = parameters
        .list(region)
        .filter((parameter) => !Shared && wanted.every((isMet) => isMet(parameter)));
      const { items, next } = cutKeyPage(
        found,
        ({ name }) => name,
        MaxResults,
        NextToken,
        () => new ServiceError('InvalidNextToken', 'The specified token is not valid.'),
      );
      return {
        Parameters: items.map((parameter) => describeParameter(parameter, region, accountId)),
        NextToken: next,
      };
    },

    DeleteParameter: ({ Name }: { readonly Name: string }, { region }: RequestScope) => {
      check.length('name', Name, 1, 2048);
      if (!parameters.delete(region, Name)) {
        throw new ServiceError('ParameterNotFound', `Parameter ${Name} not found.`);
      }
      return {};
    },
  };
}

function checkPut(input: PutParameterInput, present: ParameterRecord | undefined): void {
  const { Type, Value, Overwrite = false, Description = '', Tags = [] } = input;
  if (Type !== undefined) {
    check.oneOf('type', Type, TYPES);
  }
  if (input.Tier !== undefined) {
    check.oneOf('tier', input.Tier, TIERS);
  }
  check.length('description', Description, 0, 1024);
  check.length('value', Value, 1, Infinity);
  if (Overwrite && Tags.length > 0) {
    throw new ServiceError(
      'ValidationException',
      "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please " +
        'remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or ' +
        'RemoveTagsFromResource.',
    );
  }
  if (present !== undefined && !Overwrite) {
    throw new ServiceError(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  }
  if (present === undefined && Type === undefined) {
    throw new ServiceError(
      'ValidationException',
      'A parameter type is required when you create a parameter.',
    );
  }
  if (input.KeyId !== undefined && (Type ?? present?.type) !== 'SecureString') {
    throw new ServiceError('ValidationException', 'KeyId is required for SecureString type parameter only.');
  }
}

/** @throws ServiceError ValidationException for a value that the tier does not hold */
function tierOf({ Tier, Value }: PutParameterInput, present: ParameterRecord | undefined): string {
  const long = Value.length > 4096;
  const tier =
    Tier === 'Intelligent-Tiering' ? (long ? 'Advanced' : 'Standard') : (Tier ?? present?.tier ?? 'Standard');
  if (tier === 'Standard' && long) {
    throw new ServiceError(
      'ValidationException',
      'Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger ' +
        'parameter value, upgrade the parameter to use the advanced-parameter tier.',
    );
  }
  if (Value.length > 8192) {
    throw new ServiceError(
      'ValidationException',
      'Advanced tier parameters support a maximum parameter value of 8192 characters.',
    );
  }
  return tier;
}

function describeParameter(parameter: ParameterRecord, region: string, accountId: string): object {
  return {
    Name: parameter.name,
    ARN: parameterArn(region, accountId, parameter.name),
    Type: parameter.type,
    KeyId: parameter.keyId,
    LastModifiedDate: parameter.modifiedAt / 1000,
    LastModifiedUser: CALLER_ARN,
    Description: parameter.description,
    AllowedPattern: parameter.allowedPattern,
    Version: parameter.version,
    Tier: parameter.tier,
    Policies: [],
    DataType: parameter.dataType,
  };
}
