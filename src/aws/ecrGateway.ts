import type {
  CreateRepositoryCommandInput,
  Image,
  ImageDetail,
  ImageFailure,
  ImageIdentifier,
  Repository,
} from '@aws-sdk/client-ecr';
import { UserError } from '../base/errors';
import { connectEcr, orUndefined } from './ecrConnection';
import type { AwsContext } from './context';
import { unguarded } from './contextAccess';
import { createEcrPolicies, type EcrPolicies } from './ecrPolicies';
import { createEcrScans, type EcrScans } from './ecrScans';
import { createEcrPlatforms, type EcrPlatforms } from './ecrPlatforms';
import { chunk, pages } from './page';

/** What an engine signs in to a registry with. The password must go nowhere but to standard input. */
export interface RegistryAuthorization {
  readonly username: string;
  readonly password: string;
  /** Host and port of the registry, as it starts an image's URI. */
  readonly registry: string;
}

export interface ImageDeletion {
  readonly deleted: readonly ImageIdentifier[];
  readonly failures: readonly ImageFailure[];
}

/** A manifest as it was pushed, to be put under a tag. */
export interface TaggedManifest {
  readonly manifest: string;
  readonly mediaType: string | undefined;
  /** What ECR must find the manifest's digest to be. */
  readonly digest: string;
  readonly tag: string;
}

/** Repositories of this prefix are made and filled from another registry when they are pulled from. */
export interface PullThroughRule {
  /** Without the slash that follows it; "ROOT" for repositories of any name. */
  readonly prefix: string;
  /** As "registry-1.docker.io". */
  readonly upstream: string;
}

/** ECR of one context. Every method throws `UserError`. */
export interface EcrGateway extends EcrPolicies, EcrScans, EcrPlatforms {
  readonly context: AwsContext;
  /** All repositories, up to 1,000 a page, in the service's order. */
  repositories(signal?: AbortSignal): AsyncGenerator<readonly Repository[], void, void>;
  repository(name: string, signal?: AbortSignal): Promise<Repository>;
  createRepository(input: CreateRepositoryCommandInput, signal?: AbortSignal): Promise<Repository>;
  /** @param force also deletes the images in it */
  deleteRepository(name: string, force: boolean, signal?: AbortSignal): Promise<void>;
  /** All images of a repository, up to 1,000 a page, in the service's order, which is none. */
  images(repository: string, signal?: AbortSignal): AsyncGenerator<readonly ImageDetail[], void, void>;
  /** One image by tag or digest; `undefined` when the repository has none such. */
  image(repository: string, id: ImageIdentifier, signal?: AbortSignal): Promise<ImageDetail | undefined>;
  /** The manifests of images, as they were pushed; what the repository no longer has is left out. */
  manifests(repository: string, digests: readonly string[], signal?: AbortSignal): Promise<readonly Image[]>;
  /** The pull through cache rules: what they bring is not there before it is first pulled. */
  pullThroughRules(signal?: AbortSignal): Promise<readonly PullThroughRule[]>;
  /**
   * Puts a manifest that the repository has under a tag; when it is there already, nothing changes.
   * @throws UserError('tagImmutable') when the tag is on another image and has to stay there
   */
  putManifest(repository: string, manifest: TaggedManifest, signal?: AbortSignal): Promise<void>;
  /** Deletes tags or whole images, and reports each that the service would not delete. */
  deleteImages(
    repository: string,
    ids: readonly ImageIdentifier[],
    signal?: AbortSignal,
  ): Promise<ImageDeletion>;
  authorization(signal?: AbortSignal): Promise<RegistryAuthorization>;
  dispose(): void;
}

/** ImageIdentifiers a BatchGetImage or BatchDeleteImage call, by the API reference. */
const IMAGE_BATCH = 100;

export function createEcrGateway(context: AwsContext, access = unguarded(context)): EcrGateway {
  const connection = connectEcr(access);
  const ecr: EcrGateway = {
    context,
    ...createEcrPolicies(connection),
    ...createEcrScans(connection),
    ...createEcrPlatforms(connection),

    repositories: (signal) =>
      pages(async (nextToken) => {
        const page = await connection.call('list the ECR repositories', (client, sdk) =>
          client.send(new sdk.DescribeRepositoriesCommand({ maxResults: 1000, nextToken }), {
            abortSignal: signal,
          }),
        );
        return { items: page.repositories ?? [], next: page.nextToken };
      }),

    async repository(name, signal) {
      const answer = await connection.call(`describe the repository ${name}`, (client, sdk) =>
        client.send(new sdk.DescribeRepositoriesCommand({ repositoryNames: [name] }), {
          abortSignal: signal,
        }),
      );
      return connection.present(answer.repositories?.[0], `the repository ${name}`);
    },

    async createRepository(input, signal) {
      const answer = await connection.call(`create the repository ${input.repositoryName}`, (client, sdk) =>
        client.send(new sdk.CreateRepositoryCommand(input), { abortSignal: signal }),
      );
      return connection.present(answer.repository, `the new repository ${input.repositoryName}`);
    },

    async deleteRepository(name, force, signal) {
      await connection.call(`delete the repository ${name}`, (client, sdk) =>
        client.send(new sdk.DeleteRepositoryCommand({ repositoryName: name, force }), {
          abortSignal: signal,
        }),
      );
    },

    images: (repositoryName, signal) =>
      pages(async (nextToken) => {
        const page = await connection.call(`list the images of ${repositoryName}`, (client, sdk) =>
          client.send(new sdk.DescribeImagesCommand({ repositoryName, maxResults: 1000, nextToken }), {
            abortSignal: signal,
          }),
        );
        return { items: page.imageDetails ?? [], next: page.nextToken };
      }),

    image: (repositoryName, id, signal) =>
      connection.call(
        `describe the image ${id.imageDigest ?? id.imageTag ?? ''} of ${repositoryName}`,
        (client, sdk) =>
          orUndefined(sdk.ImageNotFoundException, async () => {
            const input = new sdk.DescribeImagesCommand({ repositoryName, imageIds: [id] });
            return (await client.send(input, { abortSignal: signal })).imageDetails?.[0];
          }),
      ),

    async manifests(repositoryName, digests, signal) {
      const images: Image[] = [];
      for (const part of chunk(digests, IMAGE_BATCH)) {
        const imageIds = part.map((imageDigest) => ({ imageDigest }));
        const answer = await connection.call(`read image manifests of ${repositoryName}`, (client, sdk) =>
          client.send(new sdk.BatchGetImageCommand({ repositoryName, imageIds }), { abortSignal: signal }),
        );
        images.push(...(answer.images ?? []));
      }
      return images;
    },

    async pullThroughRules(signal) {
      // An account has at most 50 of them: one page.
      const answer = await connection.call('list the pull through cache rules', (client, sdk) =>
        client.send(new sdk.DescribePullThroughCacheRulesCommand({ maxResults: 1000 }), {
          abortSignal: signal,
        }),
      );
      return (answer.pullThroughCacheRules ?? []).map(({ ecrRepositoryPrefix, upstreamRegistryUrl }) => ({
        prefix: ecrRepositoryPrefix ?? '',
        upstream: upstreamRegistryUrl ?? '',
      }));
    },

    async putManifest(repositoryName, { manifest, mediaType, digest, tag }, signal) {
      const input = {
        repositoryName,
        imageManifest: manifest,
        imageManifestMediaType: mediaType,
        imageDigest: digest,
        imageTag: tag,
      };
      await connection.call(`put the tag ${tag} on an image of ${repositoryName}`, async (client, sdk) => {
        try {
          await client.send(new sdk.PutImageCommand(input), { abortSignal: signal });
        } catch (error) {
          if (error instanceof sdk.ImageTagAlreadyExistsException) {
            throw new UserError(
              'tagImmutable',
              `The tag stays on the image that has it: ${repositoryName} does not let it be moved. Choose another ` +
                `tag, or change the repository's tag mutability. Tag: ${tag}`,
              { cause: error },
            );
          }
          if (!(error instanceof sdk.ImageAlreadyExistsException)) {
            throw error;
          }
        }
      });
    },

    async deleteImages(repositoryName, ids, signal) {
      const deleted: ImageIdentifier[] = [];
      const failures: ImageFailure[] = [];
      for (const imageIds of chunk(ids, IMAGE_BATCH)) {
        const answer = await connection.call(`delete images of ${repositoryName}`, (client, sdk) =>
          client.send(new sdk.BatchDeleteImageCommand({ repositoryName, imageIds }), { abortSignal: signal }),
        );
        deleted.push(...(answer.imageIds ?? []));
        failures.push(...(answer.failures ?? []));
      }
      return { deleted, failures };
    },

    async authorization(signal) {
      const answer = await connection.call('get a registry sign-in from ECR', (client, sdk) =>
        client.send(new sdk.GetAuthorizationTokenCommand({}), { abortSignal: signal }),
      );
      const data = connection.present(answer.authorizationData?.[0], 'a registry sign-in');
      const pair = Buffer.from(data.authorizationToken ?? '', 'base64').toString('utf8');
      const colon = pair.indexOf(':');
      if (colon < 1 || !data.proxyEndpoint) {
        throw new UserError('signInRefused', 'ECR gave a registry sign-in that cannot be read. Retry.', {
          action: 'retry',
        });
      }
      return {
        username: pair.slice(0, colon),
        password: pair.slice(colon + 1),
        registry: new URL(data.proxyEndpoint).host,
      };
    },

    dispose: () => connection.dispose(),
  };
  return ecr;
}
