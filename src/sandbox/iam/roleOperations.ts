import { randomBytes } from 'node:crypto';
import type { OperationHandler } from '../operation';
import { createConstraints } from '../protocol/constraints';
import { cutKeyPage } from '../protocol/keyPage';
import { ServiceError } from '../protocol/serviceError';
import type { Tag } from '../protocol/tag';
import { checkTrustPolicy } from './policyDocument';
import { pageKey, roleArn, type RoleCatalog, type RoleRecord } from './roleCatalog';

interface CreateRoleInput {
  readonly RoleName: string;
  readonly AssumeRolePolicyDocument: string;
  readonly Path?: string;
  readonly Description?: string;
  readonly MaxSessionDuration?: number;
  readonly PermissionsBoundary?: string;
  readonly Tags?: readonly Tag[];
}

interface ListRolesInput {
  readonly PathPrefix?: string;
  readonly Marker?: string;
  readonly MaxItems?: number;
}

const check = createConstraints('ValidationError');

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html and its neighbours */
export function createRoleOperations(roles: RoleCatalog): Record<string, OperationHandler> {
  return {
    CreateRole: (input: CreateRoleInput) => {
      const { RoleName: name, Path: path = '/', MaxSessionDuration: maxSessionDuration = 3600 } = input;
      checkRoleName(name);
      check.length('path', path, 1, 512);
      check.pattern('path', path, /^(\/|\/[\u0021-\u007e]+\/)$/);
      check.range('maxSessionDuration', maxSessionDuration, 3600, 43_200);
      check.length('description', input.Description ?? '', 0, 1000);
      checkTrustPolicy(input.AssumeRolePolicyDocument);
      if (roles.find(name) !== undefined) {
        throw new ServiceError('EntityAlreadyExists', `Role with name ${name} already exists.`, {}, 409);
      }
      const role: RoleRecord = {
        name,
        id: newRoleId(),
        path,
        createdAt: Date.now(),
        trustPolicy: input.AssumeRolePolicyDocument,
        description: input.Description,
        maxSessionDuration,
        permissionsBoundary: input.PermissionsBoundary,
        tags: input.Tags ?? [],
        policies: {},
      };
      roles.put(role);
      const { Description: _description, ...created } = describeRole(role);
      return { Role: { ...created, ...tagsOf(role) } };
    },

    GetRole: ({ RoleName }: { readonly RoleName: string }) => {
      checkRoleName(RoleName);
      const role = roles.require(RoleName);
      const boundary = role.permissionsBoundary;
      return {
        Role: {
          ...describeRole(role),
          MaxSessionDuration: role.maxSessionDuration,
          ...tagsOf(role),
          ...(boundary !== undefined && {
            PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: boundary },
          }),
          RoleLastUsed: {},
        },
      };
    },

    ListRoles: ({ PathPrefix = '/', Marker, MaxItems = 100 }: ListRolesInput) => {
      check.range('maxItems', MaxItems, 1, 1000);
      check.pattern('pathPrefix', PathPrefix, /^\/[\u0021-\u007f]*$/);
      const found = roles.list().filter(({ path }) => path.startsWith(PathPrefix));
      const { items, next } = cutKeyPage(
        found,
        pageKey,
        MaxItems,
        Marker,
        () => new ServiceError('ValidationError', 'Invalid Marker.'),
      );
      return {
        IsTruncated: next !== undefined,
        Roles: items.map((role) => ({
          ...describeRole(role),
          MaxSessionDuration: role.maxSessionDuration,
        })),
        Marker: next,
      };
    },

    DeleteRole: ({ RoleName }: { readonly RoleName: string }) => {
      checkRoleName(RoleName);
      if (Object.keys(roles.require(RoleName).policies).length > 0) {
        throw new ServiceError(
          'DeleteConflict',
          'Cannot delete entity, must delete policies first.',
          {},
          409,
        );
      }
      roles.delete(RoleName);
      return {};
    },
  };
}

/** @throws ServiceError ValidationError */
export function checkRoleName(name: string): void {
  check.length('roleName', name, 1, 64);
  if (!/^[\w+=,.@-]+$/.test(name)) {
    throw new ServiceError(
      'ValidationError',
      'The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
    );
  }
}

/** What all operations give of a role. Timestamps have no fraction, and the policy is URL-encoded. */
function describeRole(role: RoleRecord): Record<string, unknown> {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: roleArn(role),
    CreateDate: new Date(role.createdAt).toISOString().replace(/\.\d+Z$/, 'Z'),
    AssumeRolePolicyDocument: encodePolicy(role.trustPolicy),
    Description: role.description,
  };
}

function tagsOf({ tags }: RoleRecord): { Tags?: readonly Tag[] } {
  return tags.length > 0 ? { Tags: tags } : {};
}

/** RFC 3986 reserves more than `encodeURIComponent` encodes. */
function encodePolicy(document: string): string {
  return encodeURIComponent(document).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const ID_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function newRoleId(): string {
  return `AROA${[...randomBytes(17)].map((byte) => ID_LETTERS[byte % 32]).join('')}`;
}
