import { matchesWildcard } from '../../base/wildcard';
import { refuse } from './ecrRefusal';

export const TAG_MUTABILITIES = [
  'MUTABLE',
  'IMMUTABLE',
  'MUTABLE_WITH_EXCLUSION',
  'IMMUTABLE_WITH_EXCLUSION',
] as const;

/** ImageTagMutability of the ECR API. */
export type TagMutability = (typeof TAG_MUTABILITIES)[number];

/** ImageTagMutabilityExclusionFilter of the ECR API. */
export interface ExclusionFilter {
  readonly filterType: string;
  readonly filter: string;
}

export interface MutabilitySetting {
  readonly tagMutability: TagMutability;
  readonly exclusionFilters?: readonly ExclusionFilter[];
}

/**
 * Reads the setting of CreateRepository and PutImageTagMutability.
 * @throws ServiceError InvalidParameterException
 */
export function readMutability(
  value: string | undefined,
  filters: readonly ExclusionFilter[] | undefined,
): MutabilitySetting {
  const tagMutability = TAG_MUTABILITIES.find((known) => known === (value ?? 'MUTABLE'));
  if (tagMutability === undefined) {
    throw refuse.invalidParameter(
      'imageTagMutability',
      `Member must satisfy enum value set: [${TAG_MUTABILITIES.join(', ')}]`,
    );
  }
  if (!tagMutability.endsWith('_WITH_EXCLUSION')) {
    if (filters !== undefined && filters.length > 0) {
      throw refuse.invalidParameter(
        'imageTagMutabilityExclusionFilters',
        `must not be given with imageTagMutability ${tagMutability}`,
      );
    }
    return { tagMutability };
  }
  if (filters === undefined || filters.length < 1 || filters.length > 5) {
    throw refuse.invalidParameter(
      'imageTagMutabilityExclusionFilters',
      `must have between 1 and 5 members with imageTagMutability ${tagMutability}`,
    );
  }
  filters.forEach(checkFilter);
  return { tagMutability, exclusionFilters: filters };
}

/** Whether a tag that is there may not be given to another image. */
export function isImmutable(setting: MutabilitySetting, tag: string): boolean {
  const excluded = (setting.exclusionFilters ?? []).some(({ filter }) => matchesWildcard(filter, tag));
  switch (setting.tagMutability) {
    case 'MUTABLE':
      return false;
    case 'IMMUTABLE':
      return true;
    case 'MUTABLE_WITH_EXCLUSION':
      return excluded;
    case 'IMMUTABLE_WITH_EXCLUSION':
      return !excluded;
  }
}

/** The form that ImageTagMutabilityExclusionFilter states: up to 128 characters of a tag, two wildcards at most. */
function checkFilter({ filter, filterType }: ExclusionFilter): void {
  if (filterType !== 'WILDCARD') {
    throw refuse.invalidParameter('filterType', 'Member must satisfy enum value set: [WILDCARD]');
  }
  if (!/^[0-9a-zA-Z._*-]{1,128}$/.test(filter) || filter.split('*').length > 3) {
    throw refuse.invalidParameter(
      'filter',
      "must satisfy regular expression '[0-9a-zA-Z._*-]{1,128}' with at most two wildcards",
    );
  }
}
