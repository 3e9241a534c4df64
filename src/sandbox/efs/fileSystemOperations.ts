import { randomUUID } from 'node:crypto';
import type { OperationHandler, RequestScope } from '../operation';
import { createConstraints } from '../protocol/constraints';
import { cutKeyPage } from '../protocol/keyPage';
import { ServiceError } from '../protocol/serviceError';
import type { Tag } from '../protocol/tag';
import {
  badRequest,
  fileSystemArn,
  type FileSystemCatalog,
  type FileSystemRecord,
  nameOf,
  newId,
} from './fileSystemCatalog';

interface CreateFileSystemInput {
  /** Clients make one up where their caller does not. */
  readonly CreationToken?: string;
  readonly PerformanceMode?: string;
  readonly Encrypted?: boolean;
  readonly KmsKeyId?: string;
  readonly ThroughputMode?: string;
  readonly ProvisionedThroughputInMibps?: number;
  readonly AvailabilityZoneName?: string;
  readonly Tags?: readonly Tag[];
}

interface DescribeFileSystemsInput {
  readonly MaxItems?: number;
  readonly Marker?: string;
  readonly CreationToken?: string;
  readonly FileSystemId?: string;
}

/** What a new file system is metered as: it holds a directory and nothing else. */
const EMPTY_BYTES = 6144;

const check = createConstraints('ValidationException');

/** https://docs.aws.amazon.com/efs/latest/ug/API_CreateFileSystem.html and its neighbours */
export function createFileSystemOperations({
  fileSystems,
  accessPoints,
}: FileSystemCatalog): Record<string, OperationHandler> {
  return {
    CreateFileSystem: (input: CreateFileSystemInput, { region, accountId }: RequestScope) => {
      const { CreationToken: creationToken = randomUUID(), Encrypted: encrypted = false } = input;
      check.length('creationToken', creationToken, 1, 64);
      checkNewFileSystem(input);
      const present = fileSystems.list(region).find((other) => other.creationToken === creationToken);
      if (present !== undefined) {
        throw new ServiceError(
          'FileSystemAlreadyExists',
          `File system '${present.id}' already exists with creation token '${creationToken}'`,
          { FileSystemId: present.id },
          409,
        );
      }
      const fileSystem: FileSystemRecord = {
        id: newId('fs'),
        creationToken,
        createdAt: Date.now(),
        performanceMode: input.PerformanceMode ?? 'generalPurpose',
        throughputMode: input.ThroughputMode ?? 'bursting',
        provisionedThroughput: input.ProvisionedThroughputInMibps,
        encrypted,
        kmsKeyId: input.KmsKeyId,
        availabilityZone: input.AvailabilityZoneName,
        tags: input.Tags ?? [],
      };
      fileSystems.put(region, fileSystem);
      return { ...describeFileSystem(fileSystem, region, accountId), LifeCycleState: 'creating' };
    },

    DescribeFileSystems: (input: DescribeFileSystemsInput, { region, accountId }: RequestScope) => {
      const { MaxItems = 100, Marker, CreationToken, FileSystemId } = input;
      check.range('maxItems', MaxItems, 1, Infinity);
      if (CreationToken !== undefined && FileSystemId !== undefined) {
        throw badRequest('Specify either a file system ID or a creation token, not both.');
      }
      const found =
        FileSystemId === undefined
          ? fileSystems
              .list(region)
              .filter(({ creationToken }) => CreationToken === undefined || creationToken === CreationToken)
          : [fileSystems.require(region, FileSystemId)];
      const { items, next } = cutKeyPage(
        found,
        ({ id }) => id,
        Math.min(MaxItems, 100),
        Marker,
        () => badRequest('Invalid Marker.'),
      );
      return {
        FileSystems: items.map((fileSystem) => describeFileSystem(fileSystem, region, accountId)),
        Marker,
        NextMarker: next,
      };
    },

    DeleteFileSystem: ({ FileSystemId }: { readonly FileSystemId: string }, { region }: RequestScope) => {
      const { id } = fileSystems.require(region, FileSystemId);
      for (const accessPoint of accessPoints.list(region)) {
        if (accessPoint.fileSystemId === id) {
          accessPoints.delete(region, accessPoint.id);
        }
      }
      fileSystems.delete(region, id);
      return {};
    },
  };
}

function checkNewFileSystem(input: CreateFileSystemInput): void {
  const { ThroughputMode = 'bursting', ProvisionedThroughputInMibps: throughput } = input;
  check.oneOf('performanceMode', input.PerformanceMode ?? 'generalPurpose', ['generalPurpose', 'maxIO']);
  check.oneOf('throughputMode', ThroughputMode, ['bursting', 'provisioned', 'elastic']);
  if ((ThroughputMode === 'provisioned') !== (throughput !== undefined)) {
    throw badRequest('Provisioned throughput goes with the throughput mode "provisioned", and only with it.');
  }
  if (throughput !== undefined) {
    check.range('provisionedThroughputInMibps', throughput, 1, Infinity);
  }
  if (input.KmsKeyId !== undefined && input.Encrypted !== true) {
    throw badRequest('KmsKeyId is only for an encrypted file system.');
  }
}

function describeFileSystem(fileSystem: FileSystemRecord, region: string, accountId: string): object {
  const { id, tags, availabilityZone, provisionedThroughput, kmsKeyId } = fileSystem;
  const name = nameOf(tags);
  return {
    OwnerId: accountId,
    CreationToken: fileSystem.creationToken,
    FileSystemId: id,
    FileSystemArn: fileSystemArn(region, accountId, id),
    CreationTime: fileSystem.createdAt / 1000,
    LifeCycleState: 'available',
    ...(name !== undefined && { Name: name }),
    NumberOfMountTargets: 0,
    SizeInBytes: {
      Value: EMPTY_BYTES,
      Timestamp: fileSystem.createdAt / 1000,
      ValueInIA: 0,
      ValueInStandard: EMPTY_BYTES,
      ValueInArchive: 0,
    },
    PerformanceMode: fileSystem.performanceMode,
    Encrypted: fileSystem.encrypted,
    ...(kmsKeyId !== undefined && { KmsKeyId: kmsKeyId }),
    ThroughputMode: fileSystem.throughputMode,
    ...(provisionedThroughput !== undefined && { ProvisionedThroughputInMibps: provisionedThroughput }),
    ...(availabilityZone !== undefined && { AvailabilityZoneName: availabilityZone }),
    Tags: tags,
    FileSystemProtection: { ReplicationOverwriteProtection: 'ENABLED' },
  };
}
