import { randomBytes } from 'node:crypto';
import { ServiceError } from '../protocol/serviceError';
import type { Tag } from '../protocol/tag';
import { listByKey } from '../state/listByKey';
import type { Store } from '../state/store';
import { readAccessPointId, readFileSystemId } from './efsIds';

export interface FileSystemRecord {
  readonly id: string;
  readonly creationToken: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly performanceMode: string;
  readonly throughputMode: string;
  readonly provisionedThroughput?: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly availabilityZone?: string;
  readonly tags: readonly Tag[];
}

export interface AccessPointRecord {
  readonly id: string;
  readonly fileSystemId: string;
  readonly clientToken: string;
  readonly posixUser?: object;
  readonly rootDirectory: { readonly Path: string; readonly CreationInfo?: object };
  readonly tags: readonly Tag[];
}

/** What each region has of one kind. */
export interface RegionalRecords<T> {
  /** @throws ServiceError ValidationException for what is no id; FileSystemNotFound or AccessPointNotFound */
  require(region: string, idOrArn: string): T;
  /** In the order of their ids. */
  list(region: string): T[];
  put(region: string, record: T): void;
  delete(region: string, id: string): void;
}

export interface FileSystemCatalog {
  readonly fileSystems: RegionalRecords<FileSystemRecord>;
  readonly accessPoints: RegionalRecords<AccessPointRecord>;
}

export function openFileSystemCatalog(store: Store): FileSystemCatalog {
  return {
    fileSystems: openRecords<FileSystemRecord>(store, 'file-systems', readFileSystemId, fileSystemNotFound),
    accessPoints: openRecords<AccessPointRecord>(
      store,
      'access-points',
      readAccessPointId,
      accessPointNotFound,
    ),
  };
}

function openRecords<T extends { readonly id: string }>(
  store: Store,
  name: string,
  readId: (idOrArn: string) => string,
  notFound: (id: string) => ServiceError,
): RegionalRecords<T> {
  const records = store.collection<T>(name);
  return {
    require: (region, idOrArn) => {
      const id = readId(idOrArn);
      const record = records.get(`${region}/${id}`);
      if (record === undefined) {
        throw notFound(id);
      }
      return record;
    },
    list: (region) => listByKey(records, `${region}/`, ({ id }) => id),
    put: (region, record) => records.put(`${region}/${record.id}`, record),
    delete: (region, id) => void records.delete(`${region}/${id}`),
  };
}

/** @param prefix "fs" or "fsap" */
export function newId(prefix: string): string {
  return `${prefix}-0${randomBytes(8).toString('hex')}`;
}

export function fileSystemArn(region: string, accountId: string, id: string): string {
  return `arn:aws:elasticfilesystem:${region}:${accountId}:file-system/${id}`;
}

export function accessPointArn(region: string, accountId: string, id: string): string {
  return `arn:aws:elasticfilesystem:${region}:${accountId}:access-point/${id}`;
}

/** The value of the tag that EFS shows as the name. */
export function nameOf(tags: readonly Tag[]): string | undefined {
  return tags.find(({ Key }) => Key === 'Name')?.Value;
}

function fileSystemNotFound(id: string): ServiceError {
  return new ServiceError('FileSystemNotFound', `File system '${id}' does not exist.`, {}, 404);
}

function accessPointNotFound(id: string): ServiceError {
  return new ServiceError('AccessPointNotFound', `Access Point ${id} does not exist.`, {}, 404);
}

export function badRequest(message: string): ServiceError {
  return new ServiceError('BadRequest', message);
}
