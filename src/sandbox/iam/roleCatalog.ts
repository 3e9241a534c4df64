import { ACCOUNT_ID } from '../protocol/account';
import { ServiceError } from '../protocol/serviceError';
import type { Tag } from '../protocol/tag';
import { listByKey } from '../state/listByKey';
import type { Store } from '../state/store';

export interface RoleRecord {
  readonly name: string;
  readonly id: string;
  /** "/" or "/a/b/" */
  readonly path: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** The trust policy, as it was given. */
  readonly trustPolicy: string;
  readonly description?: string;
  /** Seconds. */
  readonly maxSessionDuration: number;
  readonly permissionsBoundary?: string;
  readonly tags: readonly Tag[];
  /** Inline policy documents by name, as they were given. */
  readonly policies: Readonly<Record<string, string>>;
}

/** The account's roles: the same in all regions. Names differ by more than case. */
export interface RoleCatalog {
  find(name: string): RoleRecord | undefined;
  /** @throws ServiceError NoSuchEntity */
  require(name: string): RoleRecord;
  /** In the order of their names. */
  list(): RoleRecord[];
  put(role: RoleRecord): void;
  delete(name: string): void;
}

const PREFIX = 'global/';

export function openRoleCatalog(store: Store): RoleCatalog {
  const roles = store.collection<RoleRecord>('iam-roles');
  const keyOf = (name: string): string => PREFIX + name.toLowerCase();
  return {
    find: (name) => roles.get(keyOf(name)),
    require: (name) => {
      const role = roles.get(keyOf(name));
      if (role === undefined) {
        throw noSuchRole(name);
      }
      return role;
    },
    list: () => listByKey(roles, PREFIX, pageKey),
    put: (role) => roles.put(keyOf(role.name), role),
    delete: (name) => void roles.delete(keyOf(name)),
  };
}

/** What pages of roles are ordered by. */
export function pageKey({ name }: RoleRecord): string {
  return name.toLowerCase();
}

export function roleArn({ path, name }: Pick<RoleRecord, 'path' | 'name'>): string {
  return `arn:aws:iam::${ACCOUNT_ID}:role${path}${name}`;
}

export function noSuchRole(name: string): ServiceError {
  return new ServiceError('NoSuchEntity', `The role with name ${name} cannot be found.`, {}, 404);
}
