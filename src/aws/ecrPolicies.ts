import type {
  ECRClient,
  GetLifecyclePolicyPreviewCommandOutput,
  LifecyclePolicyPreviewResult,
} from '@aws-sdk/client-ecr';
import type { Connection } from './connection';

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

export function createEcrPolicies(connection: Connection<ECRClient>): EcrPolicies {
  const load = () => import('@aws-sdk/client-ecr');
  return {
    async lifecyclePolicy(repositoryName, signal) {
      const { GetLifecyclePolicyCommand, LifecyclePolicyNotFoundException } = await load();
      return connection.call(`read the lifecycle policy of ${repositoryName}`, (client) =>
        orUndefined(LifecyclePolicyNotFoundException, async () => {
          const input = new GetLifecyclePolicyCommand({ repositoryName });
          return (await client.send(input, { abortSignal: signal })).lifecyclePolicyText;
        }),
      );
    },

    async putLifecyclePolicy(repositoryName, lifecyclePolicyText, signal) {
      const { PutLifecyclePolicyCommand } = await load();
      await connection.call(`save the lifecycle policy of ${repositoryName}`, (client) =>
        client.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }), {
          abortSignal: signal,
        }),
      );
    },

    async deleteLifecyclePolicy(repositoryName, signal) {
      const { DeleteLifecyclePolicyCommand, LifecyclePolicyNotFoundException } = await load();
      const deleted = await connection.call(`delete the lifecycle policy of ${repositoryName}`, (client) =>
        orUndefined(LifecyclePolicyNotFoundException, () =>
          client.send(new DeleteLifecyclePolicyCommand({ repositoryName }), { abortSignal: signal }),
        ),
      );
      return deleted !== undefined;
    },

    async startLifecyclePreview(repositoryName, lifecyclePolicyText, signal) {
      const { StartLifecyclePolicyPreviewCommand, LifecyclePolicyPreviewInProgressException } = await load();
      const started = await connection.call(`preview the lifecycle policy of ${repositoryName}`, (client) =>
        orUndefined(LifecyclePolicyPreviewInProgressException, () =>
          client.send(new StartLifecyclePolicyPreviewCommand({ repositoryName, lifecyclePolicyText }), {
            abortSignal: signal,
          }),
        ),
      );
      return started !== undefined;
    },

    async *lifecyclePreview(repositoryName, signal) {
      const { GetLifecyclePolicyPreviewCommand } = await load();
      let nextToken: string | undefined;
      do {
        const page: GetLifecyclePolicyPreviewCommandOutput = await connection.call(
          `read the preview of the lifecycle policy of ${repositoryName}`,
          (client) =>
            client.send(
              new GetLifecyclePolicyPreviewCommand({ repositoryName, maxResults: PREVIEW_PAGE, nextToken }),
              { abortSignal: signal },
            ),
        );
        const { status = '', lifecyclePolicyText = '', previewResults = [] } = page;
        yield { status, policy: lifecyclePolicyText, results: previewResults };
        nextToken = page.nextToken;
      } while (nextToken);
    },

    async repositoryPolicy(repositoryName, signal) {
      const { GetRepositoryPolicyCommand, RepositoryPolicyNotFoundException } = await load();
      return connection.call(`read the policy of the repository ${repositoryName}`, (client) =>
        orUndefined(RepositoryPolicyNotFoundException, async () => {
          const input = new GetRepositoryPolicyCommand({ repositoryName });
          return (await client.send(input, { abortSignal: signal })).policyText;
        }),
      );
    },

    async setRepositoryPolicy(repositoryName, policyText, signal) {
      const { SetRepositoryPolicyCommand } = await load();
      await connection.call(`save the policy of the repository ${repositoryName}`, (client) =>
        client.send(new SetRepositoryPolicyCommand({ repositoryName, policyText }), { abortSignal: signal }),
      );
    },

    async deleteRepositoryPolicy(repositoryName, signal) {
      const { DeleteRepositoryPolicyCommand, RepositoryPolicyNotFoundException } = await load();
      const deleted = await connection.call(
        `delete the policy of the repository ${repositoryName}`,
        (client) =>
          orUndefined(RepositoryPolicyNotFoundException, () =>
            client.send(new DeleteRepositoryPolicyCommand({ repositoryName }), { abortSignal: signal }),
          ),
      );
      return deleted !== undefined;
    },
  };
}

type ExceptionClass = abstract new (...args: never[]) => Error;

/** What was answered; `undefined` where the service refuses with this exception. */
async function orUndefined<T>(exception: ExceptionClass, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof exception) {
      return undefined;
    }
    throw error;
  }
}
