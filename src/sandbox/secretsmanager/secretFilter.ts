import { createConstraints } from '../protocol/constraints';
import type { SecretRecord } from './secretCatalog';

export interface SecretFilter {
  readonly Key?: string;
  readonly Values?: readonly string[];
}

const KEYS = ['description', 'name', 'tag-key', 'tag-value', 'primary-region', 'owning-service', 'all'];

const check = createConstraints('ValidationException');

/**
 * Whether a secret meets all filters; a filter is met by one of its values, which stand for beginnings. A value
 * with "!" before it is met by what does not begin so.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Filter.html
 */
export function meetsFilters(secret: SecretRecord, filters: readonly SecretFilter[]): boolean {
  return filters.every(({ Key = '', Values = [] }) =>
    Values.some((value) =>
      value.startsWith('!') ? !meets(secret, Key, value.slice(1)) : meets(secret, Key, value),
    ),
  );
}

/** @throws ServiceError ValidationException */
export function checkFilters(filters: readonly SecretFilter[]): void {
  for (const { Key = '' } of filters) {
    check.oneOf('filters.key', Key, KEYS);
  }
}

function meets(secret: SecretRecord, key: string, value: string): boolean {
  const wanted = value.toLowerCase();
  const begins = (text: string | undefined): boolean => (text ?? '').toLowerCase().startsWith(wanted);
  const { name, description = '', tags } = secret;
  switch (key) {
    case 'name':
      // The only one that minds case.
      return name.startsWith(value);
    case 'description':
      return wordsOf(description).some(begins);
    case 'tag-key':
      return tags.some(({ Key }) => begins(Key));
    case 'tag-value':
      return tags.some(({ Value }) => begins(Value));
    case 'all':
      return [
        ...wordsOf(name),
        ...wordsOf(description),
        ...tags.flatMap(({ Key, Value }) => [Key, Value]),
      ].some(begins);
    default:
      // No secret of the sandbox is a replica, or belongs to another service.
      return false;
  }
}

function wordsOf(text: string): string[] {
  return text.split(/[\s/_\-.=@]+/).concat(text);
}
