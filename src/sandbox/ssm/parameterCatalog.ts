import type { Tag } from '../protocol/tag';
import { listByKey } from '../state/listByKey';
import type { Store } from '../state/store';

export interface ParameterRecord {
  readonly name: string;
  /** "String", "StringList" or "SecureString". */
  readonly type: string;
  readonly value: string;
  readonly version: number;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
  readonly description?: string;
  readonly keyId?: string;
  readonly allowedPattern?: string;
  readonly tier: string;
  readonly dataType: string;
  readonly tags: readonly Tag[];
}

/** The parameters of each region. */
export interface ParameterCatalog {
  find(region: string, name: string): ParameterRecord | undefined;
  /** In the order of their names. */
  list(region: string): ParameterRecord[];
  put(region: string, parameter: ParameterRecord): void;
  /** False when there was none. */
  delete(region: string, name: string): boolean;
}

export function openParameterCatalog(store: Store): ParameterCatalog {
  const parameters = store.collection<ParameterRecord>('parameters');
  return {
    find: (region, name) => parameters.get(`${region}/${name}`),
    list: (region) => listByKey(parameters, `${region}/`, ({ name }) => name),
    put: (region, parameter) => parameters.put(`${region}/${parameter.name}`, parameter),
    delete: (region, name) => parameters.delete(`${region}/${name}`),
  };
}
