import type { OperationHandler, RequestScope } from '../operation';
import { ServiceError } from '../protocol/serviceError';
import type { Tag } from '../protocol/tag';
import type { RegistryContent } from '../registry/registryContent';
import { refuse } from './ecrRefusal';
import { checkRepositoryName } from './nameRules';
import { paginate } from './page';
import type { RepositoryRecord } from './repositoryCatalog';
import { arnOf, mergeTags } from './resourceTags';
import { readMutability, type ExclusionFilter } from './tagMutability';

interface RepositoryInput {
  readonly registryId?: string;
  readonly repositoryName: string;
}

interface CreateRepositoryInput extends RepositoryInput {
  readonly tags?: readonly Tag[];
  readonly imageTagMutability?: string;
  readonly imageTagMutabilityExclusionFilters?: readonly ExclusionFilter[];
  readonly imageScanningConfiguration?: { readonly scanOnPush?: boolean };
  readonly encryptionConfiguration?: { readonly encryptionType: string; readonly kmsKey?: string };
}

interface DescribeRepositoriesInput {
  readonly registryId?: string;
  readonly repositoryNames?: readonly string[];
  readonly nextToken?: string;
  readonly maxResults?: number;
}

/** Stands for the key that AWS keeps for ECR in each account and region, which ECR takes where none is named. */
const MANAGED_KEY = '00000000-0000-4000-8000-000000000000';

const ENCRYPTION_TYPES = ['AES256', 'KMS', 'KMS_DSSE'];

/** CreateRepository, DescribeRepositories, DeleteRepository and what changes a repository's settings. */
export function createRepositoryOperations(content: RegistryContent): Record<string, OperationHandler> {
  const { repositories, images, uploads, accountId } = content;

  const describe = (region: string, repository: RepositoryRecord): object => ({
    repositoryArn: arnOf(region, accountId, repository.name),
    registryId: accountId,
    repositoryName: repository.name,
    repositoryUri: `${content.registryHost()}/${repository.name}`,
    createdAt: repository.createdAt / 1000,
    imageTagMutability: repository.tagMutability,
    ...(repository.exclusionFilters === undefined
      ? {}
      : { imageTagMutabilityExclusionFilters: repository.exclusionFilters }),
    imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
    encryptionConfiguration: repository.encryption,
  });

  return {
    CreateRepository: (input: CreateRepositoryInput, { region }: RequestScope) => {
      const name = input.repositoryName;
      checkRepositoryName(name);
      if (repositories.find(region, name) !== undefined) {
        throw refuse.repositoryAlreadyExists(name, accountId);
      }
      const repository: RepositoryRecord = {
        name,
        createdAt: Date.now(),
        ...readMutability(input.imageTagMutability, input.imageTagMutabilityExclusionFilters),
        scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false,
        encryption: readEncryption(region, accountId, input.encryptionConfiguration),
        tags: mergeTags({}, input.tags ?? []),
      };
      repositories.put(region, repository);
      return { repository: describe(region, repository) };
    },

    DescribeRepositories: (input: DescribeRepositoriesInput, { region }: RequestScope) => {
      const names = input.repositoryNames ?? [];
      if (names.length === 0) {
        const all =
          input.registryId === undefined || input.registryId === accountId ? repositories.list(region) : [];
        const { items, nextToken } = paginate(all, ({ name }) => name, input);
        return { repositories: items.map((repository) => describe(region, repository)), nextToken };
      }
      if (input.maxResults !== undefined || input.nextToken !== undefined) {
        const parameter = input.maxResults === undefined ? 'nextToken' : 'maxResults';
        throw refuse.invalidParameter(parameter, 'must not be given with repositoryNames');
      }
      if (names.length > 100) {
        throw refuse.invalidParameter('repositoryNames', 'Member must have length less than or equal to 100');
      }
      const found = names.map((name) => repositories.require(region, name, input.registryId));
      return { repositories: found.map((repository) => describe(region, repository)) };
    },

    DeleteRepository: (input: RepositoryInput & { readonly force?: boolean }, { region }: RequestScope) => {
      const repository = repositories.require(region, input.repositoryName, input.registryId);
      if (input.force !== true && images.list(region, repository.name).length > 0) {
        throw refuse.repositoryNotEmpty(repository.name, accountId);
      }
      // The repository last: a new one of the same name must find nothing of what this one held.
      uploads.endAll(region, repository.name);
      images.deleteAll(region, repository.name);
      repositories.delete(region, repository.name);
      return { repository: describe(region, repository) };
    },

    PutImageTagMutability: (
      input: RepositoryInput & {
        readonly imageTagMutability: string;
        readonly imageTagMutabilityExclusionFilters?: readonly ExclusionFilter[];
      },
      { region }: RequestScope,
    ) => {
      const { exclusionFilters: _, ...repository } = repositories.require(
        region,
        input.repositoryName,
        input.registryId,
      );
      const setting = readMutability(input.imageTagMutability, input.imageTagMutabilityExclusionFilters);
      repositories.put(region, { ...repository, ...setting });
      return {
        registryId: accountId,
        repositoryName: repository.name,
        imageTagMutability: setting.tagMutability,
        ...(setting.exclusionFilters === undefined
          ? {}
          : { imageTagMutabilityExclusionFilters: setting.exclusionFilters }),
      };
    },

    PutImageScanningConfiguration: (
      input: RepositoryInput & { readonly imageScanningConfiguration: { readonly scanOnPush?: boolean } },
      { region }: RequestScope,
    ) => {
      const repository = repositories.require(region, input.repositoryName, input.registryId);
      const scanOnPush = input.imageScanningConfiguration.scanOnPush ?? false;
      repositories.put(region, { ...repository, scanOnPush });
      return {
        registryId: accountId,
        repositoryName: repository.name,
        imageScanningConfiguration: { scanOnPush },
      };
    },
  };
}

function readEncryption(
  region: string,
  accountId: string,
  input: CreateRepositoryInput['encryptionConfiguration'],
): RepositoryRecord['encryption'] {
  const { encryptionType, kmsKey } = input ?? { encryptionType: 'AES256' };
  if (!ENCRYPTION_TYPES.includes(encryptionType)) {
    throw refuse.invalidParameter(
      'encryptionType',
      `Member must satisfy enum value set: [${ENCRYPTION_TYPES.join(', ')}]`,
    );
  }
  if (encryptionType === 'AES256') {
    if (kmsKey !== undefined) {
      throw new ServiceError(
        'InvalidParameterException',
        "kmsKey cannot be specified with encryptionType 'AES256'",
      );
    }
    return { encryptionType };
  }
  return { encryptionType, kmsKey: kmsKey ?? `arn:aws:kms:${region}:${accountId}:key/${MANAGED_KEY}` };
}
