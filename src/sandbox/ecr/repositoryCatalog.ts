import { listByKey } from '../state/listByKey';
import type { Collection, Store } from '../state/store';
import { refuse } from './ecrRefusal';
import type { ExclusionFilter, TagMutability } from './tagMutability';

export interface RepositoryRecord {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly tagMutability: TagMutability;
  readonly exclusionFilters?: readonly ExclusionFilter[];
  readonly scanOnPush: boolean;
  readonly encryption: { readonly encryptionType: string; readonly kmsKey?: string };
  readonly tags: Readonly<Record<string, string>>;
  readonly lifecyclePolicy?: string;
  /** The policy of the last StartLifecyclePolicyPreview. */
  readonly previewedPolicy?: string;
  /** When that was, in epoch milliseconds. */
  readonly previewedAt?: number;
  readonly policy?: string;
}

/** Repositories by region and name. */
export class RepositoryCatalog {
  private readonly records: Collection<RepositoryRecord>;

  constructor(
    store: Store,
    readonly accountId: string,
  ) {
    this.records = store.collection<RepositoryRecord>('ecr.repositories');
  }

  find(region: string, name: string): RepositoryRecord | undefined {
    return this.records.get(`${region}/${name}`);
  }

  /**
   * @param registryId the account whose registry is meant; this one when absent
   * @throws ServiceError RepositoryNotFoundException
   */
  require(region: string, name: string, registryId = this.accountId): RepositoryRecord {
    const found = registryId === this.accountId ? this.find(region, name) : undefined;
    if (found === undefined) {
      throw refuse.repositoryNotFound(name, registryId);
    }
    return found;
  }

  /** Those of a region, by name. */
  list(region: string): RepositoryRecord[] {
    return listByKey(this.records, `${region}/`, ({ name }) => name);
  }

  put(region: string, record: RepositoryRecord): void {
    this.records.put(`${region}/${record.name}`, record);
  }

  delete(region: string, name: string): void {
    this.records.delete(`${region}/${name}`);
  }
}
