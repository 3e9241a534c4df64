import type { Repository } from '@aws-sdk/client-ecr';
import { matchesWildcard } from '../base/wildcard';

/**
 * Whether ECR lets a tag that is on one image be put on another: by the repository's tag mutability, and the
 * filters of the tags that are excluded from it.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
 */
export function mayMoveTag(
  {
    imageTagMutability = 'MUTABLE',
    imageTagMutabilityExclusionFilters = [],
  }: Pick<Repository, 'imageTagMutability' | 'imageTagMutabilityExclusionFilters'>,
  tag: string,
): boolean {
  const excluded = imageTagMutabilityExclusionFilters.some(({ filter = '' }) => matchesWildcard(filter, tag));
  switch (imageTagMutability) {
    case 'IMMUTABLE':
      return false;
    case 'IMMUTABLE_WITH_EXCLUSION':
      return excluded;
    case 'MUTABLE_WITH_EXCLUSION':
      return !excluded;
    default:
      return true;
  }
}
