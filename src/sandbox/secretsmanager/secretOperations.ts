import { randomUUID } from 'node:crypto';
import type { OperationHandler, RequestScope } from '../operation';
import { createConstraints } from '../protocol/constraints';
import { cutKeyPage } from '../protocol/keyPage';
import { ServiceError } from '../protocol/serviceError';
import {
  newSecretArn,
  type SecretCatalog,
  secretNotFound,
  type SecretRecord,
  type SecretVersion,
  type Tag,
} from './secretCatalog';
import { checkFilters, meetsFilters, type SecretFilter } from './secretFilter';

interface CreateSecretInput {
  readonly Name: string;
  readonly ClientRequestToken?: string;
  readonly Description?: string;
  readonly KmsKeyId?: string;
  readonly SecretString?: string;
  /** Base64, as the protocol has blobs. */
  readonly SecretBinary?: string;
  readonly Tags?: readonly Tag[];
}

interface DeleteSecretInput {
  readonly SecretId: string;
  readonly RecoveryWindowInDays?: number;
  readonly ForceDeleteWithoutRecovery?: boolean;
}

interface ListSecretsInput {
  readonly IncludePlannedDeletion?: boolean;
  readonly MaxResults?: number;
  readonly NextToken?: string;
  readonly Filters?: readonly SecretFilter[];
}

const MAX_VALUE_BYTES = 65_536;
const DAY = 24 * 3600 * 1000;

const check = createConstraints('ValidationException');

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html and its neighbours */
export function createSecretOperations(secrets: SecretCatalog): Record<string, OperationHandler> {
  return {
    CreateSecret: (input: CreateSecretInput, { region, accountId }: RequestScope) => {
      const { Name: name } = input;
      checkNewSecret(input);
      const present = secrets.find(region, name);
      if (present?.deletion !== undefined) {
        throw new ServiceError(
          'InvalidRequestException',
          "You can't create this secret because a secret with this name is already scheduled for deletion.",
        );
      }
      const version = readVersion(input);
      if (present !== undefined) {
        // The same request once more, as a client sends it that has had no answer.
        if (version !== undefined && JSON.stringify(present.version) === JSON.stringify(version)) {
          return { ARN: present.arn, Name: name, VersionId: version.id };
        }
        throw new ServiceError(
          'ResourceExistsException',
          `The operation failed because the secret ${name} already exists.`,
        );
      }
      const now = Date.now();
      const secret: SecretRecord = {
        arn: newSecretArn(region, accountId, name),
        name,
        description: input.Description,
        kmsKeyId: input.KmsKeyId,
        tags: input.Tags ?? [],
        createdAt: now,
        changedAt: now,
        version,
      };
      secrets.put(region, secret);
      return { ARN: secret.arn, Name: name, VersionId: version?.id };
    },

    DescribeSecret: ({ SecretId }: { readonly SecretId: string }, { region }: RequestScope) => {
      check.length('secretId', SecretId, 1, 2048);
      const secret = secrets.require(region, SecretId);
      return { ...describeSecret(secret), VersionIdsToStages: stagesOf(secret) };
    },

    ListSecrets: (input: ListSecretsInput, { region }: RequestScope) => {
      const { MaxResults = 100, NextToken, Filters = [], IncludePlannedDeletion = false } = input;
      check.range('maxResults', MaxResults, 1, 100);
      checkFilters(Filters);
      const found = secrets
        .list(region)
        .filter(({ deletion }) => IncludePlannedDeletion || deletion === undefined)
        .filter((secret) => meetsFilters(secret, Filters));
      const { items, next } = cutKeyPage(
        found,
        ({ name }) => name,
        MaxResults,
        NextToken,
        () => new ServiceError('InvalidNextTokenException', 'Invalid NextToken.'),
      );
      return {
        SecretList: items.map((secret) => ({
          ...describeSecret(secret),
          SecretVersionsToStages: stagesOf(secret),
        })),
        NextToken: next,
      };
    },

    DeleteSecret: (input: DeleteSecretInput, { region, accountId }: RequestScope) => {
      const { SecretId: id, RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: force = false } = input;
      check.length('secretId', id, 1, 2048);
      if (force && days !== undefined) {
        throw new ServiceError(
          'InvalidParameterException',
          "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
        );
      }
      if (days !== undefined && !(days >= 7 && days <= 30)) {
        throw new ServiceError(
          'InvalidParameterException',
          'RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
        );
      }
      const now = Date.now();
      const secret = secrets.find(region, id);
      if (secret === undefined && !force) {
        throw secretNotFound();
      }
      if (secret === undefined || force) {
        const { name = id, arn = newSecretArn(region, accountId, id) } = secret ?? {};
        secrets.delete(region, name);
        return { ARN: arn, Name: name, DeletionDate: now / 1000 };
      }
      if (secret.deletion !== undefined) {
        throw new ServiceError(
          'InvalidRequestException',
          "You tried to perform the operation on a secret that's currently marked deleted.",
        );
      }
      const dueAt = now + (days ?? 30) * DAY;
      secrets.put(region, { ...secret, deletion: { markedAt: now, dueAt } });
      return { ARN: secret.arn, Name: secret.name, DeletionDate: dueAt / 1000 };
    },
  };
}

function checkNewSecret({ Name, Description = '', SecretString, SecretBinary }: CreateSecretInput): void {
  check.length('name', Name, 1, 512);
  if (!/^[A-Za-z0-9/_+=.@!-]+$/.test(Name)) {
    throw new ServiceError(
      'ValidationException',
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    );
  }
  check.length('description', Description, 0, 2048);
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw new ServiceError(
      'InvalidParameterException',
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
  const bytes =
    SecretString === undefined
      ? Buffer.byteLength(SecretBinary ?? '', 'base64')
      : Buffer.byteLength(SecretString);
  if (bytes > MAX_VALUE_BYTES) {
    throw new ServiceError(
      'ValidationException',
      `The secret value is larger than ${MAX_VALUE_BYTES} bytes.`,
    );
  }
}

function readVersion(input: CreateSecretInput): SecretVersion | undefined {
  const { SecretString: text, SecretBinary: binary, ClientRequestToken: id = randomUUID() } = input;
  if (text === undefined && binary === undefined) {
    return undefined;
  }
  check.length('clientRequestToken', id, 32, 64);
  return { id, ...(text !== undefined && { text }), ...(binary !== undefined && { binary }) };
}

function describeSecret(secret: SecretRecord): object {
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    LastChangedDate: secret.changedAt / 1000,
    CreatedDate: secret.createdAt / 1000,
    ...(secret.deletion && { DeletedDate: secret.deletion.markedAt / 1000 }),
    ...(secret.tags.length > 0 && { Tags: secret.tags }),
  };
}

function stagesOf({ version }: SecretRecord): Record<string, string[]> | undefined {
  return version && { [version.id]: ['AWSCURRENT'] };
}
