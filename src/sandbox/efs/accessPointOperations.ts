import { randomUUID } from 'node:crypto';
import type { OperationHandler, RequestScope } from '../operation';
import { createConstraints } from '../protocol/constraints';
import { cutKeyPage } from '../protocol/keyPage';
import { ServiceError } from '../protocol/serviceError';
import type { Tag } from '../protocol/tag';
import {
  accessPointArn,
  type AccessPointRecord,
  badRequest,
  type FileSystemCatalog,
  nameOf,
  newId,
} from './fileSystemCatalog';

interface CreateAccessPointInput {
  /** Clients make one up where their caller does not. */
  readonly ClientToken?: string;
  readonly FileSystemId: string;
  readonly Tags?: readonly Tag[];
  readonly PosixUser?: object;
  readonly RootDirectory?: { readonly Path?: string; readonly CreationInfo?: object };
}

interface DescribeAccessPointsInput {
  readonly MaxResults?: number;
  readonly NextToken?: string;
  readonly AccessPointId?: string;
  readonly FileSystemId?: string;
}

const check = createConstraints('ValidationException');

/** https://docs.aws.amazon.com/efs/latest/ug/API_CreateAccessPoint.html and its neighbours */
export function createAccessPointOperations({
  fileSystems,
  accessPoints,
}: FileSystemCatalog): Record<string, OperationHandler> {
  return {
    CreateAccessPoint: (input: CreateAccessPointInput, { region, accountId }: RequestScope) => {
      const { ClientToken: clientToken = randomUUID(), RootDirectory: { Path = '/', CreationInfo } = {} } =
        input;
      check.length('clientToken', clientToken, 1, 64);
      check.length('rootDirectory.path', Path, 1, 100);
      check.pattern('rootDirectory.path', Path, /^(\/|(\/(?!\.)[^$#<>;`|&?{}^*/\n]+){1,4})$/);
      const fileSystem = fileSystems.require(region, input.FileSystemId);
      const present = accessPoints.list(region).find((other) => other.clientToken === clientToken);
      if (present !== undefined) {
        throw new ServiceError(
          'AccessPointAlreadyExists',
          `Access point already exists with client token '${clientToken}'`,
          { AccessPointId: present.id },
          409,
        );
      }
      const accessPoint: AccessPointRecord = {
        id: newId('fsap'),
        fileSystemId: fileSystem.id,
        clientToken,
        posixUser: input.PosixUser,
        rootDirectory: { Path, ...(CreationInfo && { CreationInfo }) },
        tags: input.Tags ?? [],
      };
      accessPoints.put(region, accessPoint);
      return { ...describeAccessPoint(accessPoint, region, accountId), LifeCycleState: 'creating' };
    },

    DescribeAccessPoints: (input: DescribeAccessPointsInput, { region, accountId }: RequestScope) => {
      const { MaxResults = 100, NextToken, AccessPointId, FileSystemId } = input;
      check.range('maxResults', MaxResults, 1, Infinity);
      if (AccessPointId !== undefined && FileSystemId !== undefined) {
        throw badRequest('Specify either an access point ID or a file system ID, not both.');
      }
      let found = accessPoints.list(region);
      if (AccessPointId !== undefined) {
        found = [accessPoints.require(region, AccessPointId)];
      } else if (FileSystemId !== undefined) {
        const { id } = fileSystems.require(region, FileSystemId);
        found = found.filter(({ fileSystemId }) => fileSystemId === id);
      }
      const { items, next } = cutKeyPage(
        found,
        ({ id }) => id,
        Math.min(MaxResults, 100),
        NextToken,
        () => badRequest('Invalid NextToken.'),
      );
      return {
        AccessPoints: items.map((accessPoint) => describeAccessPoint(accessPoint, region, accountId)),
        NextToken: next,
      };
    },

    DeleteAccessPoint: ({ AccessPointId }: { readonly AccessPointId: string }, { region }: RequestScope) => {
      accessPoints.delete(region, accessPoints.require(region, AccessPointId).id);
      return {};
    },
  };
}

function describeAccessPoint(accessPoint: AccessPointRecord, region: string, accountId: string): object {
  const { id, tags, posixUser } = accessPoint;
  const name = nameOf(tags);
  return {
    ClientToken: accessPoint.clientToken,
    ...(name !== undefined && { Name: name }),
    Tags: tags,
    AccessPointId: id,
    AccessPointArn: accessPointArn(region, accountId, id),
    FileSystemId: accessPoint.fileSystemId,
    ...(posixUser && { PosixUser: posixUser }),
    RootDirectory: accessPoint.rootDirectory,
    OwnerId: accountId,
    LifeCycleState: 'available',
  };
}
