import type { ImageIdentifier } from '@aws-sdk/client-ecr';
import { UserError } from '../base/errors';
import type { EcrConnection } from './ecrConnection';
import { readConfigPlatform, readManifestPlatforms, type ImagePlatform } from './imagePlatforms';

/** What images run on. */
export interface EcrPlatforms {
  /**
   * What an image runs on: one platform, or all of an index; none when it is no image that runs.
   * @throws UserError('notFound') when the repository has no such image
   */
  platforms(repository: string, id: ImageIdentifier, signal?: AbortSignal): Promise<readonly ImagePlatform[]>;
}

/** The configuration of a real image is a few kilobytes. */
const MAX_CONFIG_BYTES = 1024 * 1024;

const DOWNLOAD_TIMEOUT_MS = 20_000;

export function createEcrPlatforms(connection: EcrConnection): EcrPlatforms {
  return {
    async platforms(repositoryName, id, signal) {
      const name = id.imageDigest ?? id.imageTag ?? '';
      const operation = `read the platform of the image ${name} of ${repositoryName}`;
      const answer = await connection.call(operation, (client, sdk) =>
        client.send(new sdk.BatchGetImageCommand({ repositoryName, imageIds: [id] }), {
          abortSignal: signal,
        }),
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
      const { downloadUrl = '' } = await connection.call(operation, (client, sdk) =>
        client.send(new sdk.GetDownloadUrlForLayerCommand({ repositoryName, layerDigest: configDigest }), {
          abortSignal: signal,
        }),
      );
      const platform = readConfigPlatform(await download(downloadUrl, operation, signal));
      return platform ? [platform] : [];
    },
  };
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
