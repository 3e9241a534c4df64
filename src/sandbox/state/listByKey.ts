import { sortByKey } from '../protocol/keyPage';
import type { Collection } from './store';

/**
 * The records whose key in the collection starts with `prefix`.
 * @param keyOf what they are ordered by, and pages of them are cut by
 */
export function listByKey<T>(records: Collection<T>, prefix: string, keyOf: (record: T) => string): T[] {
  return sortByKey(
    Array.from(records.entries(prefix), ([, record]) => record),
    keyOf,
  );
}
