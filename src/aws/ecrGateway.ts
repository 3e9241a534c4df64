import type {
  CreateRepositoryCommandInput,
  ECRClient,
  Image,
  ImageDetail,
  ImageFailure,
  ImageIdentifier,
  Repository,
} from '@aws-sdk/client-ecr';
import { UserError } from '../base/errors';
import { Connection } from './connection';
import type { AwsContext } from './context';
import { unguarded } from './contextAccess';
import { createEcrPolicies, type EcrPolicies } from './ecrPolicies';
import { createEcrScans, type EcrScans } from './ecrScans';
import { readConfigPlatform, readManifestPlatforms, type ImagePlatform } from './imagePlatforms';
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

export interface ImageScan {
  /** "COMPLETE", "IN_PROGRESS", "FAILED", …: ECR's ImageScanStatus. */
  readonly status: string;
  /** Why the status is as it is, in ECR's words. */
  readonly description?: string;
  readonly completedAt?: Date;
  /** How many findings there are of each severity, as { HIGH: 2 }; severities without any are left out. */
  readonly counts: Readonly<Record<string, number>>;
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
export interface EcrGateway extends EcrPolicies, EcrScans {
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
  /**
   * What an image runs on: one platform, or all of an index; none when it is no image that runs.
   * @throws UserError('notFound') when the repository has no such image
   */
  platforms(repository: string, id: ImageIdentifier, signal?: AbortSignal): Promise<readonly ImagePlatform[]>;
  /** What the scan of an image found; `undefined` when it was not scanned. */
  scan(repository: string, id: ImageIdentifier, signal?: AbortSignal): Promise<ImageScan | undefined>;
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

/** The configuration of a real image is a few kilobytes. */
const MAX_CONFIG_BYTES = 1024 * 1024;

const DOWNLOAD_TIMEOUT_MS = 20_000;

export function createEcrGateway(context: AwsContext, access = unguarded(context)): EcrGateway {
  const load = () => import('@aws-sdk/client-ecr');
  const connection = new Connection<ECRClient>(access, 'ECR', async (configuration) => {
    const { ECRClient } = await load();
    return new ECRClient(configuration);
  });
  const ecr: EcrGateway = {
    context,
    ...createEcrPolicies(connection),
    ...createEcrScans(connection),

    repositories: (signal) =>
      pages(async (nextToken) => {
        const { DescribeRepositoriesCommand } = await load();
        const page = await connection.call('list the ECR repositories', (client) =>
          client.send(new DescribeRepositoriesCommand({ maxResults: 1000, nextToken }), {
            abortSignal: signal,
          }),
        );
        return { items: page.repositories ?? [], next: page.nextToken };
      }),

    async repository(name, signal) {
      const { DescribeRepositoriesCommand } = await load();
      const answer = await connection.call(`describe the repository ${name}`, (client) =>
        client.send(new DescribeRepositoriesCommand({ repositoryNames: [name] }), { abortSignal: signal }),
      );
      return present(answer.repositories?.[0], `the repository ${name}`);
    },

    async createRepository(input, signal) {
      const { CreateRepositoryCommand } = await load();
      const answer = await connection.call(`create the repository ${input.repositoryName}`, (client) =>
        client.send(new CreateRepositoryCommand(input), { abortSignal: signal }),
      );
      return present(answer.repository, `the new repository ${input.repositoryName}`);
    },

    async deleteRepository(name, force, signal) {
      const { DeleteRepositoryCommand } = await load();
      await connection.call(`delete the repository ${name}`, (client) =>
        client.send(new DeleteRepositoryCommand({ repositoryName: name, force }), { abortSignal: signal }),
      );
    },

    images: (repositoryName, signal) =>
      pages(async (nextToken) => {
        const { DescribeImagesCommand } = await load();
        const page = await connection.call(`list the images of ${repositoryName}`, (client) =>
          client.send(new DescribeImagesCommand({ repositoryName, maxResults: 1000, nextToken }), {
            abortSignal: signal,
          }),
        );
        return { items: page.imageDetails ?? [], next: page.nextToken };
      }),

    async image(repositoryName, id, signal) {
      const { DescribeImagesCommand, ImageNotFoundException } = await load();
      const name = id.imageDigest ?? id.imageTag ?? '';
      return connection.call(`describe the image ${name} of ${repositoryName}`, async (client) => {
        try {
          const input = new DescribeImagesCommand({ repositoryName, imageIds: [id] });
          return (await client.send(input, { abortSignal: signal })).imageDetails?.[0];
        } catch (error) {
          if (error instanceof ImageNotFoundException) {
            return undefined;
          }
          throw error;
        }
      });
    },

    async manifests(repositoryName, digests, signal) {
      const { BatchGetImageCommand } = await load();
      const images: Image[] = [];
      for (const part of chunk(digests, IMAGE_BATCH)) {
        const imageIds = part.map((imageDigest) => ({ imageDigest }));
        const answer = await connection.call(`read image manifests of ${repositoryName}`, (client) =>
          client.send(new BatchGetImageCommand({ repositoryName, imageIds }), { abortSignal: signal }),
        );
        images.push(...(answer.images ?? []));
      }
      return images;
    },

    async platforms(repositoryName, id, signal) {
      const { BatchGetImageCommand, GetDownloadUrlForLayerCommand } = await load();
      const name = id.imageDigest ?? id.imageTag ?? '';
      const operation = `read the platform of the image ${name} of ${repositoryName}`;
      const answer = await connection.call(operation, (client) =>
        client.send(new BatchGetImageCommand({ repositoryName, imageIds: [id] }), { abortSignal: signal }),
      );
      const manifest = answer.images?.[0]?.imageManifest;
      if (manifest === undefined) {
        const why = answer.failures?.[0]?.failureReason ?? 'the repository has no such image';
        throw new UserError('notFound', `Could not ${operation}: ${why}`);
      }
      const found = readManifestPlatforms(manifest);
      if (found.kind !== 'image') {
        return found.kind === 'index' ? found.platforms : [];
      }
      if (found.configSize > MAX_CONFIG_BYTES) {
        return [];
      }
      const { configDigest } = found;
      const { downloadUrl = '' } = await connection.call(operation, (client) =>
        client.send(new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest: configDigest }), {
          abortSignal: signal,
        }),
      );
      const platform = readConfigPlatform(await download(downloadUrl, operation, signal));
      return platform ? [platform] : [];
    },

    async scan(repositoryName, imageId, signal) {
      const { DescribeImageScanFindingsCommand, ScanNotFoundException } = await load();
      const name = imageId.imageDigest ?? imageId.imageTag ?? '';
      return connection.call(`read the scan of the image ${name} of ${repositoryName}`, async (client) => {
        try {
          const input = new DescribeImageScanFindingsCommand({ repositoryName, imageId, maxResults: 1 });
          const { imageScanStatus, imageScanFindings } = await client.send(input, { abortSignal: signal });
          return {
            status: imageScanStatus?.status ?? '',
            description: imageScanStatus?.description,
            completedAt: imageScanFindings?.imageScanCompletedAt,
            counts: imageScanFindings?.findingSeverityCounts ?? {},
          };
        } catch (error) {
          if (error instanceof ScanNotFoundException) {
            return undefined;
          }
          throw error;
        }
      });
    },

    async pullThroughRules(signal) {
      const { DescribePullThroughCacheRulesCommand } = await load();
      // An account has at most 50 of them: one page.
      const answer = await connection.call('list the pull through cache rules', (client) =>
        client.send(new DescribePullThroughCacheRulesCommand({ maxResults: 1000 }), { abortSignal: signal }),
      );
      return (answer.pullThroughCacheRules ?? []).map(({ ecrRepositoryPrefix, upstreamRegistryUrl }) => ({
        prefix: ecrRepositoryPrefix ?? '',
        upstream: upstreamRegistryUrl ?? '',
      }));
    },

    async putManifest(repositoryName, { manifest, mediaType, digest, tag }, signal) {
      const { ImageAlreadyExistsException, ImageTagAlreadyExistsException, PutImageCommand } = await load();
      const input = new PutImageCommand({
        repositoryName,
        imageManifest: manifest,
        imageManifestMediaType: mediaType,
        imageDigest: digest,
        imageTag: tag,
      });
      await connection.call(`put the tag ${tag} on an image of ${repositoryName}`, async (client) => {
        try {
          await client.send(input, { abortSignal: signal });
        } catch (error) {
          if (error instanceof ImageTagAlreadyExistsException) {
            throw new UserError(
              'tagImmutable',
              `The tag stays on the image that has it: ${repositoryName} does not let it be moved. Choose another ` +
                `tag, or change the repository's tag mutability. Tag: ${tag}`,
              { cause: error },
            );
          }
          if (!(error instanceof ImageAlreadyExistsException)) {
            throw error;
          }
        }
      });
    },

    async deleteImages(repositoryName, ids, signal) {
      const { BatchDeleteImageCommand } = await load();
      const deleted: ImageIdentifier[] = [];
      const failures: ImageFailure[] = [];
      for (const imageIds of chunk(ids, IMAGE_BATCH)) {
        const answer = await connection.call(`delete images of ${repositoryName}`, (client) =>
          client.send(new BatchDeleteImageCommand({ repositoryName, imageIds }), { abortSignal: signal }),
        );
        deleted.push(...(answer.imageIds ?? []));
        failures.push(...(answer.failures ?? []));
      }
      return { deleted, failures };
    },

    async authorization(signal) {
      const { GetAuthorizationTokenCommand } = await load();
      const answer = await connection.call('get a registry sign-in from ECR', (client) =>
        client.send(new GetAuthorizationTokenCommand({}), { abortSignal: signal }),
      );
      const data = present(answer.authorizationData?.[0], 'a registry sign-in');
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

/** The address is a signed one: no error may repeat it. */
async function download(url: string, operation: string, signal: AbortSignal | undefined): Promise<string> {
  const timeout = AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS);
  try {
    const response = await fetch(url, { signal: signal ? AbortSignal.any([signal, timeout]) : timeout });
    if (!response.ok) {
      throw new Error(`HTTP status ${response.status}`);
    }
    return await readAtMost(response, MAX_CONFIG_BYTES);
  } catch {
    if (signal?.aborted) {
      throw new UserError('cancelled', 'Cancelled.');
    }
    throw new UserError(
      'endpointUnreachable',
      `Could not ${operation}: where ECR keeps layers does not answer. Check the network, then retry.`,
      { action: 'retry' },
    );
  }
}

/** @throws when there is more, which is not waited for */
async function readAtMost({ body }: Response, most: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > most) {
      throw new Error(`More than ${most} bytes`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) {
    throw new UserError('internal', `ECR answered without ${what}.`, { action: 'retry' });
  }
  return value;
}
