import type { AccessPointDescription, FileSystemDescription } from '@aws-sdk/client-efs';
import { Connection } from './connection';
import type { AwsContext } from './context';
import { unguarded } from './contextAccess';
import { pages } from './page';

export interface FileSystemFacts {
  /** "fs-0123456789abcdef0" */
  readonly id: string;
  readonly arn?: string;
  readonly name?: string;
  /** "available", or what it is on its way to or from. */
  readonly state?: string;
  readonly encrypted?: boolean;
  /** As last metered; not a snapshot. */
  readonly sizeBytes?: number;
}

export interface AccessPointFacts {
  /** "fsap-0123456789abcdef0" */
  readonly id: string;
  readonly fileSystemId: string;
  readonly name?: string;
  /** The directory that clients of the access point see as "/". */
  readonly rootDirectory?: string;
  readonly state?: string;
}

/** EFS of one context. Every method throws `UserError`. */
export interface FileSystemsGateway {
  readonly context: AwsContext;
  /** All file systems, up to 100 a page, in the service's order. */
  fileSystems(signal?: AbortSignal): AsyncGenerator<readonly FileSystemFacts[], void, void>;
  /** @throws UserError('notFound') */
  fileSystem(id: string, signal?: AbortSignal): Promise<FileSystemFacts>;
  /**
   * All access points of a file system, up to 100 a page, in the service's order.
   * @throws UserError('notFound') when there is no such file system
   */
  accessPoints(
    fileSystemId: string,
    signal?: AbortSignal,
  ): AsyncGenerator<readonly AccessPointFacts[], void, void>;
  /** @throws UserError('notFound') */
  accessPoint(id: string, signal?: AbortSignal): Promise<AccessPointFacts>;
  dispose(): void;
}

export function createFileSystemsGateway(
  context: AwsContext,
  access = unguarded(context),
): FileSystemsGateway {
  const connection = new Connection(
    access,
    'EFS',
    () => import('@aws-sdk/client-efs'),
    (sdk, configuration) => new sdk.EFSClient(configuration),
  );
  return {
    context,

    fileSystems: (signal) =>
      pages(async (marker) => {
        const page = await connection.call('list the EFS file systems', (client, sdk) =>
          client.send(new sdk.DescribeFileSystemsCommand({ MaxItems: 100, Marker: marker }), {
            abortSignal: signal,
          }),
        );
        return { items: (page.FileSystems ?? []).map(readFileSystem), next: page.NextMarker };
      }),

    fileSystem: (id, signal) =>
      connection.call(`look up the file system ${id}`, async (client, sdk) => {
        const answer = await client.send(new sdk.DescribeFileSystemsCommand({ FileSystemId: id }), {
          abortSignal: signal,
        });
        return readFileSystem(present(answer.FileSystems?.[0], 'file system'));
      }),

    accessPoints: (fileSystemId, signal) =>
      pages(async (token) => {
        const page = await connection.call(`list the access points of ${fileSystemId}`, (client, sdk) =>
          client.send(
            new sdk.DescribeAccessPointsCommand({
              FileSystemId: fileSystemId,
              MaxResults: 100,
              NextToken: token,
            }),
            { abortSignal: signal },
          ),
        );
        return { items: (page.AccessPoints ?? []).map(readAccessPoint), next: page.NextToken };
      }),

    accessPoint: (id, signal) =>
      connection.call(`look up the access point ${id}`, async (client, sdk) => {
        const answer = await client.send(new sdk.DescribeAccessPointsCommand({ AccessPointId: id }), {
          abortSignal: signal,
        });
        return readAccessPoint(present(answer.AccessPoints?.[0], 'access point'));
      }),

    dispose: () => connection.dispose(),
  };
}

function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) {
    throw new Error(`EFS answered without the ${what}.`);
  }
  return value;
}

function readFileSystem(fileSystem: FileSystemDescription): FileSystemFacts {
  return {
    id: fileSystem.FileSystemId ?? '',
    arn: fileSystem.FileSystemArn,
    name: fileSystem.Name,
    state: fileSystem.LifeCycleState,
    encrypted: fileSystem.Encrypted,
    sizeBytes: fileSystem.SizeInBytes?.Value,
  };
}

function readAccessPoint(accessPoint: AccessPointDescription): AccessPointFacts {
  return {
    id: accessPoint.AccessPointId ?? '',
    fileSystemId: accessPoint.FileSystemId ?? '',
    name: accessPoint.Name,
    rootDirectory: accessPoint.RootDirectory?.Path,
    state: accessPoint.LifeCycleState,
  };
}
