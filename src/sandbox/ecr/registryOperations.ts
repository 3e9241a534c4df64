import type { OperationHandler, RequestScope } from '../operation';
import { ServiceError } from '../protocol/serviceError';
import type { Tag } from '../protocol/tag';
import type { RegistryContent } from '../registry/registryContent';
import { TOKEN_MILLISECONDS } from '../registry/registryToken';
import { refuse } from './ecrRefusal';
import { listTags, mergeTags, parseRepositoryArn } from './resourceTags';
import type { RepositoryRecord } from './repositoryCatalog';

/** GetAuthorizationToken, DescribeRegistry, and the tags of resources. */
export function createRegistryOperations(content: RegistryContent): Record<string, OperationHandler> {
  const { repositories, tokens, accountId } = content;

  const requireResource = (arn: string, region: string): RepositoryRecord => {
    const named = parseRepositoryArn(arn, accountId);
    if (named?.region !== region) {
      throw new ServiceError(
        'InvalidParameterException',
        `Invalid parameter at 'resourceArn' failed to satisfy constraint: 'Invalid ARN'`,
      );
    }
    return repositories.require(region, named.name);
  };

  return {
    GetAuthorizationToken: (
      input: { readonly registryIds?: readonly string[] },
      { region }: RequestScope,
    ) => {
      if (input.registryIds?.some((id) => !/^\d{12}$/.test(id))) {
        throw refuse.invalidParameter(
          'registryIds',
          "Member must satisfy regular expression pattern: '[0-9]{12}'",
        );
      }
      const expiresAt = Date.now() + TOKEN_MILLISECONDS;
      const password = tokens.issue({ region, expiresAt });
      return {
        authorizationData: [
          {
            authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'),
            expiresAt: expiresAt / 1000,
            proxyEndpoint: `http://${content.registryHost()}`,
          },
        ],
      };
    },

    DescribeRegistry: () => ({ registryId: accountId, replicationConfiguration: { rules: [] } }),

    TagResource: (
      input: { readonly resourceArn: string; readonly tags: readonly Tag[] },
      { region }: RequestScope,
    ) => {
      const repository = requireResource(input.resourceArn, region);
      repositories.put(region, { ...repository, tags: mergeTags(repository.tags, input.tags) });
      return {};
    },

    UntagResource: (
      input: { readonly resourceArn: string; readonly tagKeys: readonly string[] },
      { region }: RequestScope,
    ) => {
      const repository = requireResource(input.resourceArn, region);
      const kept = Object.entries(repository.tags).filter(([key]) => !input.tagKeys.includes(key));
      repositories.put(region, { ...repository, tags: Object.fromEntries(kept) });
      return {};
    },

    ListTagsForResource: (input: { readonly resourceArn: string }, { region }: RequestScope) => ({
      tags: listTags(requireResource(input.resourceArn, region).tags),
    }),
  };
}
