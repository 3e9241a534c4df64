import { randomBytes } from 'node:crypto';
import { ServiceError } from '../protocol/serviceError';
import { listByKey } from '../state/listByKey';
import type { Store } from '../state/store';

export interface Tag {
  readonly Key?: string;
  readonly Value?: string;
}

export interface SecretRecord {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  readonly kmsKeyId?: string;
  readonly tags: readonly Tag[];
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly changedAt: number;
  readonly version?: SecretVersion;
  /** When it was marked for deletion, and when it is to go. Epoch milliseconds. */
  readonly deletion?: { readonly markedAt: number; readonly dueAt: number };
}

export interface SecretVersion {
  readonly id: string;
  /** Absent for a binary secret. */
  readonly text?: string;
  /** Base64. */
  readonly binary?: string;
}

/** The secrets of each region. One whose time of recovery is over is not there any more. */
export interface SecretCatalog {
  /** @param id a name, an ARN, or an ARN without its random end */
  find(region: string, id: string): SecretRecord | undefined;
  /** @throws ServiceError ResourceNotFoundException */
  require(region: string, id: string): SecretRecord;
  /** In the order of their names. */
  list(region: string): SecretRecord[];
  put(region: string, secret: SecretRecord): void;
  delete(region: string, name: string): void;
}

export function openSecretCatalog(store: Store): SecretCatalog {
  const secrets = store.collection<SecretRecord>('secrets');
  const isOver = ({ deletion }: SecretRecord): boolean =>
    deletion !== undefined && deletion.dueAt <= Date.now();
  const byName = (region: string, name: string): SecretRecord | undefined => {
    const secret = secrets.get(`${region}/${name}`);
    return secret === undefined || isOver(secret) ? undefined : secret;
  };
  const find = (region: string, id: string): SecretRecord | undefined => {
    const name = /^arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:(.+)$/.exec(id)?.[1];
    if (name === undefined) {
      return byName(region, id);
    }
    const whole = byName(region, name.replace(/-[A-Za-z0-9]{6}$/, ''));
    const partial = byName(region, name);
    return [whole, partial].find(
      (secret) => secret !== undefined && (secret.arn === id || secret.arn.slice(0, -7) === id),
    );
  };
  return {
    find,
    require: (region, id) => {
      const secret = find(region, id);
      if (secret === undefined) {
        throw secretNotFound();
      }
      return secret;
    },
    list: (region) =>
      listByKey(secrets, `${region}/`, ({ name }) => name).filter((secret) => !isOver(secret)),
    put: (region, secret) => secrets.put(`${region}/${secret.name}`, secret),
    delete: (region, name) => void secrets.delete(`${region}/${name}`),
  };
}

/** A new ARN: the name with a hyphen and six random characters. */
export function newSecretArn(region: string, accountId: string, name: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  const end = [...randomBytes(6)].map((byte) => letters[byte % letters.length]).join('');
  return `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-${end}`;
}

export function secretNotFound(): ServiceError {
  return new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
}
