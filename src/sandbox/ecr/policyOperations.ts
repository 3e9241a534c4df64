import type { OperationHandler, RequestScope } from '../operation';
import { ServiceError } from '../protocol/serviceError';
import type { RegistryContent } from '../registry/registryContent';
import { refuse, type ImageIdentifier } from './ecrRefusal';
import { evaluateLifecyclePolicy, parseLifecyclePolicy, type LifecycleMatch } from './lifecyclePolicy';
import { paginate } from './page';
import type { RepositoryRecord } from './repositoryCatalog';

interface PolicyInput {
  readonly registryId?: string;
  readonly repositoryName: string;
}

interface PreviewInput extends PolicyInput {
  readonly imageIds?: readonly ImageIdentifier[];
  readonly nextToken?: string;
  readonly maxResults?: number;
  readonly filter?: { readonly tagStatus?: string };
}

/**
 * Lifecycle and repository policies. They are kept, checked and previewed, but not acted on: in the sandbox
 * nothing expires, and everybody may do everything.
 */
export function createPolicyOperations(content: RegistryContent): Record<string, OperationHandler> {
  const { repositories, images, accountId } = content;

  const locate = (input: PolicyInput, { region }: RequestScope): RepositoryRecord =>
    repositories.require(region, input.repositoryName, input.registryId);

  const nothing = (code: string, what: string, { name }: RepositoryRecord): ServiceError =>
    new ServiceError(
      code,
      `${what} does not exist for the repository with name '${name}' in the registry with id '${accountId}'`,
    );

  const lifecycleOf = (repository: RepositoryRecord): string => {
    if (repository.lifecyclePolicy === undefined) {
      throw nothing('LifecyclePolicyNotFoundException', 'Lifecycle policy', repository);
    }
    return repository.lifecyclePolicy;
  };

  const policyOf = (repository: RepositoryRecord): string => {
    if (repository.policy === undefined) {
      throw nothing('RepositoryPolicyNotFoundException', 'Repository policy', repository);
    }
    return repository.policy;
  };

  const lifecycleAnswer = (repository: RepositoryRecord, lifecyclePolicyText: string) => ({
    registryId: accountId,
    repositoryName: repository.name,
    lifecyclePolicyText,
  });

  const policyAnswer = (repository: RepositoryRecord, policyText: string) => ({
    registryId: accountId,
    repositoryName: repository.name,
    policyText,
  });

  return {
    PutLifecyclePolicy: (input: PolicyInput & { readonly lifecyclePolicyText: string }, scope) => {
      const repository = locate(input, scope);
      parseLifecyclePolicy(input.lifecyclePolicyText);
      repositories.put(scope.region, { ...repository, lifecyclePolicy: input.lifecyclePolicyText });
      return lifecycleAnswer(repository, input.lifecyclePolicyText);
    },

    GetLifecyclePolicy: (input: PolicyInput, scope) => {
      const repository = locate(input, scope);
      return lifecycleAnswer(repository, lifecycleOf(repository));
    },

    DeleteLifecyclePolicy: (input: PolicyInput, scope) => {
      const { lifecyclePolicy: _, ...rest } = locate(input, scope);
      const text = lifecycleOf(locate(input, scope));
      repositories.put(scope.region, rest);
      return lifecycleAnswer(rest, text);
    },

    StartLifecyclePolicyPreview: (input: PolicyInput & { readonly lifecyclePolicyText?: string }, scope) => {
      const repository = locate(input, scope);
      const previewedPolicy = input.lifecyclePolicyText ?? lifecycleOf(repository);
      parseLifecyclePolicy(previewedPolicy);
      repositories.put(scope.region, { ...repository, previewedPolicy });
      return { ...lifecycleAnswer(repository, previewedPolicy), status: 'IN_PROGRESS' };
    },

    GetLifecyclePolicyPreview: (input: PreviewInput, scope) => {
      const repository = locate(input, scope);
      const { name, previewedPolicy } = repository;
      if (previewedPolicy === undefined) {
        throw nothing('LifecyclePolicyPreviewNotFoundException', 'Lifecycle policy preview', repository);
      }
      const tags = images.tagsByDigest(scope.region, name);
      const present = images
        .list(scope.region, name)
        .map((image) => ({ ...image, tags: tags.get(image.digest) ?? [] }));
      const matches = evaluateLifecyclePolicy(parseLifecyclePolicy(previewedPolicy), present, Date.now());
      const wanted = matches
        .filter(({ image }) => isWanted(input, image.digest, image.tags))
        .sort((left, right) => (left.image.digest < right.image.digest ? -1 : 1));
      const { items, nextToken } = paginate(wanted, ({ image }) => image.digest, input);
      return {
        ...lifecycleAnswer(repository, previewedPolicy),
        status: 'COMPLETE',
        nextToken,
        previewResults: items.map(describeMatch),
        summary: {
          expiringImageTotalCount: matches.filter(({ rule }) => rule.action === 'EXPIRE').length,
          transitioningImageTotalCounts: [
            {
              targetStorageClass: 'ARCHIVE',
              imageTotalCount: matches.filter(({ rule }) => rule.action === 'TRANSITION').length,
            },
          ],
        },
      };
    },

    SetRepositoryPolicy: (input: PolicyInput & { readonly policyText: string }, scope) => {
      const repository = locate(input, scope);
      checkPolicyText(input.policyText);
      repositories.put(scope.region, { ...repository, policy: input.policyText });
      return policyAnswer(repository, input.policyText);
    },

    GetRepositoryPolicy: (input: PolicyInput, scope) => {
      const repository = locate(input, scope);
      return policyAnswer(repository, policyOf(repository));
    },

    DeleteRepositoryPolicy: (input: PolicyInput, scope) => {
      const { policy: _, ...rest } = locate(input, scope);
      const text = policyOf(locate(input, scope));
      repositories.put(scope.region, rest);
      return policyAnswer(rest, text);
    },
  };
}

/** A LifecyclePolicyPreviewResult of the ECR API. */
function describeMatch({
  image,
  rule,
}: LifecycleMatch<{
  readonly digest: string;
  readonly tags: readonly string[];
  readonly pushedAt: number;
}>): object {
  return {
    ...(image.tags.length === 0 ? {} : { imageTags: image.tags }),
    imageDigest: image.digest,
    imagePushedAt: image.pushedAt / 1000,
    action:
      rule.action === 'EXPIRE' ? { type: 'EXPIRE' } : { type: 'TRANSITION', targetStorageClass: 'ARCHIVE' },
    appliedRulePriority: rule.priority,
    storageClass: 'STANDARD',
  };
}

function isWanted(input: PreviewInput, digest: string, tags: readonly string[]): boolean {
  const { imageIds = [], filter } = input;
  const tagStatus = filter?.tagStatus ?? 'ANY';
  const named = imageIds.some(
    ({ imageDigest, imageTag }) =>
      (imageDigest === undefined || imageDigest === digest) &&
      (imageTag === undefined || tags.includes(imageTag)),
  );
  return (
    (imageIds.length === 0 || named) && (tagStatus === 'ANY' || (tagStatus === 'TAGGED') === tags.length > 0)
  );
}

/**
 * What a policy allows is for AWS to judge; here its form is: statements with an effect, whom it concerns and
 * actions. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
function checkPolicyText(text: string): void {
  try {
    const { Statement: statements } = asObject(JSON.parse(text));
    const list: unknown[] = Array.isArray(statements) ? statements : [statements];
    if (list.length > 0 && list.every(isStatement)) {
      return;
    }
  } catch {
    // Refused below.
  }
  throw refuse.invalidParameter('PolicyText', 'Invalid repository policy provided');
}

function isStatement(value: unknown): boolean {
  const { Effect, ...rest } = asObject(value);
  const hasOneOf = (...names: string[]) => names.filter((name) => rest[name] !== undefined).length === 1;
  return (
    (Effect === 'Allow' || Effect === 'Deny') &&
    hasOneOf('Principal', 'NotPrincipal') &&
    hasOneOf('Action', 'NotAction')
  );
}

/** Nothing is in what is no object. */
function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
