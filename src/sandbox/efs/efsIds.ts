import { createConstraints } from '../protocol/constraints';

const check = createConstraints('ValidationException');

const FILE_SYSTEM =
  /^(arn:aws[-a-z]*:elasticfilesystem:[0-9a-z-:]+:file-system\/fs-[0-9a-f]{8,40}|fs-[0-9a-f]{8,40})$/;
const ACCESS_POINT =
  /^(arn:aws[-a-z]*:elasticfilesystem:[0-9a-z-:]+:access-point\/fsap-[0-9a-f]{8,40}|fsap-[0-9a-f]{8,40})$/;

/**
 * The id in an id or ARN.
 * @throws ServiceError ValidationException
 */
export function readFileSystemId(idOrArn: string): string {
  check.pattern('fileSystemId', idOrArn, FILE_SYSTEM);
  return idOrArn.slice(idOrArn.lastIndexOf('/') + 1);
}

/**
 * The id in an id or ARN.
 * @throws ServiceError ValidationException
 */
export function readAccessPointId(idOrArn: string): string {
  check.pattern('accessPointId', idOrArn, ACCESS_POINT);
  return idOrArn.slice(idOrArn.lastIndexOf('/') + 1);
}
