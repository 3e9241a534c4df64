import type {
  GetLifecyclePolicyPreviewCommandOutput,
  LifecyclePolicyPreviewResult,
} from '@aws-sdk/client-ecr';
import { orUndefined, type EcrConnection } from './ecrConnection';

/** What ECR says of a preview, a page of it. */
export interface LifecyclePreviewPage {
  /** "IN_PROGRESS", "COMPLETE", "EXPIRED" or "FAILED". */
  readonly status: string;
  /** The policy that is previewed. */
  readonly policy: string;
  readonly results: readonly LifecyclePolicyPreviewResult[];
}

/** Lifecycle and repository policies, as ECR keeps them: texts. */
export interface EcrPolicies {
  /** The lifecycle policy of a repository; `undefined` when it has none. */
  lifecyclePolicy(repository: string, signal?: AbortSignal): Promise<string | undefined>;
  putLifecyclePolicy(repository: string, text: string, signal?: AbortSignal): Promise<void>;
  /** @returns false when there was none */
  deleteLifecyclePolicy(repository: string, signal?: AbortSignal): Promise<boolean>;
  /**
   * Has ECR find out what a policy would do.
   * @returns false while ECR is still at the preview before
   */
  startLifecyclePreview(repository: string, text: string, signal?: AbortSignal): Promise<boolean>;
  /** The preview that was started last: one page without results until it is complete, then all pages. */
  lifecyclePreview(
    repository: string,
    signal?: AbortSignal,
  ): AsyncGenerator<LifecyclePreviewPage, void, void>;
  /** Who else may use a repository; `undefined` when it has no policy. */
  repositoryPolicy(repository: string, signal?: AbortSignal): Promise<string | undefined>;
  setRepositoryPolicy(repository: string, text: string, signal?: AbortSignal): Promise<void>;
  /** @returns false when there was none */
  deleteRepositoryPolicy(repository: string, signal?: AbortSignal): Promise<boolean>;
}

/** Results a page of GetLifecyclePolicyPreview, by the API reference. */
const PREVIEW_PAGE = 100;

export function createEcrPolicies(connection: EcrConnection): EcrPolicies {
  return {
    async lifecyclePolicy(repositoryName, signal) {
      return connection.call(`read the lifecycle policy of ${repositoryName}`, (client, sdk) =>
        orUndefined(sdk.LifecyclePolicyNotFoundException, async () => {
          const input = new sdk.GetLifecyclePolicyCommand({ repositoryName });
          return (await client.send(input, { abortSignal: signal })).lifecyclePolicyText;
        }),
      );
    },

    async putLifecyclePolicy(repositoryName, lifecyclePolicyText, signal) {
      await connection.call(`save the lifecycle policy of ${repositoryName}`, (client, sdk) =>
        client.send(new sdk.PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }), {
          abortSignal: signal,
        }),
      );
    },

    async deleteLifecyclePolicy(repositoryName, signal) {
      const deleted = await connection.call(
        `delete the lifecycle policy of ${repositoryName}`,
        (client, sdk) =>
          orUndefined(sdk.LifecyclePolicyNotFoundException, () =>
            client.send(new sdk.DeleteLifecyclePolicyCommand({ repositoryName }), { abortSignal: signal }),
          ),
      );
      return deleted !== undefined;
    },

    async startLifecyclePreview(repositoryName, lifecyclePolicyText, signal) {
      const started = await connection.call(
        `preview the lifecycle policy of ${repositoryName}`,
        (client, sdk) =>
          orUndefined(sdk.LifecyclePolicyPreviewInProgressException, () =>
            client.send(new sdk.StartLifecyclePolicyPreviewCommand({ repositoryName, lifecyclePolicyText }), {
              abortSignal: signal,
            }),
          ),
      );
      return started !== undefined;
    },

    async *lifecyclePreview(repositoryName, signal) {
      let nextToken: string | undefined;
      do {
        const page: GetLifecyclePolicyPreviewCommandOutput = await connection.call(
          `read the preview of the lifecycle policy of ${repositoryName}`,
          (client, sdk) =>
            client.send(
              new sdk.GetLifecyclePolicyPreviewCommand({
                repositoryName,
                maxResults: PREVIEW_PAGE,
                nextToken,
              }),
              { abortSignal: signal },
            ),
        );
        const { status = '', lifecyclePolicyText = '', previewResults = [] } = page;
        yield { status, policy: lifecyclePolicyText, results: previewResults };
        nextToken = page.nextToken;
      } while (nextToken);
    },

    async repositoryPolicy(repositoryName, signal) {
      return connection.call(`read the policy of the repository ${repositoryName}`, (client, sdk) =>
        orUndefined(sdk.RepositoryPolicyNotFoundException, async () => {
          const input = new sdk.GetRepositoryPolicyCommand({ repositoryName });
          return (await client.send(input, { abortSignal: signal })).policyText;
        }),
      );
    },

    async setRepositoryPolicy(repositoryName, policyText, signal) {
      await connection.call(`save the policy of the repository ${repositoryName}`, (client, sdk) =>
        client.send(new sdk.SetRepositoryPolicyCommand({ repositoryName, policyText }), {
          abortSignal: signal,
        }),
      );
    },

    async deleteRepositoryPolicy(repositoryName, signal) {
      const deleted = await connection.call(
        `delete the policy of the repository ${repositoryName}`,
        (client, sdk) =>
          orUndefined(sdk.RepositoryPolicyNotFoundException, () =>
            client.send(new sdk.DeleteRepositoryPolicyCommand({ repositoryName }), { abortSignal: signal }),
          ),
      );
      return deleted !== undefined;
    },
  };
}
