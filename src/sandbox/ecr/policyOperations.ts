import type { OperationHandler, RequestScope } from '../operation';
import { ServiceError } from '../protocol/serviceError';
import type { RegistryContent } from '../registry/registryContent';
import { refuse, type ImageIdentifier } from './ecrRefusal';
import {
  evaluateLifecyclePolicy,
  parseLifecyclePolicy,
  type LifecycleMatch,
  type LifecycleRule,
} from './lifecyclePolicy';
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

/** Characters of a lifecycle policy (PutLifecyclePolicy), and of a repository policy (SetRepositoryPolicy). */
const LIFECYCLE_LENGTH = { least: 100, most: 30_720 };
const POLICY_LENGTH = { least: 0, most: 10_240 };

/** For so long a preview is in progress, as AWS's is for some seconds. */
const PREVIEW_MILLISECONDS = 400;

/** Results a page of a preview at most (GetLifecyclePolicyPreview). */
const MAX_PREVIEW_RESULTS = 100;

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
      checkLength('lifecyclePolicyText', input.lifecyclePolicyText, LIFECYCLE_LENGTH);
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
      checkLength('lifecyclePolicyText', previewedPolicy, LIFECYCLE_LENGTH);
      parseLifecyclePolicy(previewedPolicy);
      if (isPreviewing(repository)) {
        throw new ServiceError(
          'LifecyclePolicyPreviewInProgressException',
          `The previous lifecycle policy preview for the repository with name '${repository.name}' in the registry with id '${accountId}' has not completed`,
        );
      }
      repositories.put(scope.region, { ...repository, previewedPolicy, previewedAt: Date.now() });
      return { ...lifecycleAnswer(repository, previewedPolicy), status: 'IN_PROGRESS' };
    },

    GetLifecyclePolicyPreview: (input: PreviewInput, scope) => {
      const repository = locate(input, scope);
      const { name, previewedPolicy } = repository;
      if (previewedPolicy === undefined) {
        throw nothing('LifecyclePolicyPreviewNotFoundException', 'Lifecycle policy preview', repository);
      }
      if (isPreviewing(repository)) {
        return { ...lifecycleAnswer(repository, previewedPolicy), status: 'IN_PROGRESS' };
      }
      if ((input.maxResults ?? 0) > MAX_PREVIEW_RESULTS) {
        throw refuse.invalidParameter(
          'maxResults',
          `Member must have value less than or equal to ${MAX_PREVIEW_RESULTS}`,
        );
      }
      const tags = images.tagsByDigest(scope.region, name);
      const present = images
        .list(scope.region, name)
        .map((image) => ({ ...image, tags: tags.get(image.digest) ?? [] }));
      const matches = withoutMembers(
        evaluateLifecyclePolicy(parseLifecyclePolicy(previewedPolicy), present, Date.now()),
        present,
      );
      const wanted = matches
        .filter(({ image }) => isWanted(input, image.digest, image.tags))
        .sort((left, right) => (left.image.digest < right.image.digest ? -1 : 1));
      const { items, nextToken } = paginate(wanted, ({ image }) => image.digest, input);
      return {
        ...lifecycleAnswer(repository, previewedPolicy),
        status: 'COMPLETE',
        nextToken,
        previewResults: items.map(describeMatch),
        summary: summarize(matches),
      };
    },

    SetRepositoryPolicy: (input: PolicyInput & { readonly policyText: string }, scope) => {
      const repository = locate(input, scope);
      checkLength('policyText', input.policyText, POLICY_LENGTH);
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

function checkLength(
  member: string,
  { length }: string,
  { least, most }: { readonly least: number; readonly most: number },
): void {
  if (length < least || length > most) {
    const bound = length < least ? `greater than or equal to ${least}` : `less than or equal to ${most}`;
    throw refuse.invalidParameter(member, `Member must have length ${bound}`);
  }
}

function isPreviewing({ previewedAt = 0 }: RepositoryRecord): boolean {
  return Date.now() - previewedAt < PREVIEW_MILLISECONDS;
}

/** What an index refers to stays as long as the index does ("Lifecycle policy evaluation rules"). */
function withoutMembers<T extends { readonly digest: string; readonly children: readonly string[] }>(
  matches: readonly { readonly image: T; readonly rule: LifecycleRule }[],
  present: readonly T[],
): { readonly image: T; readonly rule: LifecycleRule }[] {
  const going = new Set(matches.map(({ image }) => image.digest));
  const needed = new Set(
    present.filter(({ digest }) => !going.has(digest)).flatMap(({ children }) => children),
  );
  return matches.filter(({ image }) => !needed.has(image.digest));
}

/** A LifecyclePolicyPreviewSummary of the ECR API, which names only storage classes that get images. */
function summarize(matches: readonly { readonly rule: LifecycleRule }[]): object {
  const transitioning = matches.filter(({ rule }) => rule.action === 'TRANSITION').length;
  return {
    expiringImageTotalCount: matches.length - transitioning,
    ...(transitioning === 0
      ? {}
      : {
          transitioningImageTotalCounts: [{ targetStorageClass: 'ARCHIVE', imageTotalCount: transitioning }],
        }),
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
