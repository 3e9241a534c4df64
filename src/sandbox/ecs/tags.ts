import type { RequestScope } from '../operation';
import { ServiceError } from '../protocol/serviceError';
import { parseEcsArn } from './arns';
import type { EcsState } from './ecsState';
import type { Tag } from './records';
import { clusterNotFound, invalidParameter } from './refusals';

const MAX_TAGS = 50;

/**
 * Checks tags before a resource is made with them.
 * Source: SDK documentation of Tag.
 * @throws ServiceError InvalidParameterException
 */
export function checkTags(tags: readonly Tag[]): void {
  if (tags.length > MAX_TAGS) {
    throw invalidParameter('Too many tags: a resource can have at most 50 tags.');
  }
  for (const { key = '', value = '' } of tags) {
    if (key.length < 1 || key.length > 128) {
      throw invalidParameter('Tag keys must have between 1 and 128 characters.');
    }
    if (value.length > 256) {
      throw invalidParameter('Tag values can have at most 256 characters.');
    }
    if (/^aws:/i.test(key)) {
      throw invalidParameter('Tag keys cannot begin with aws:.');
    }
    if (/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/u.test(key + value)) {
      throw invalidParameter('Tag keys and values have invalid characters.');
    }
  }
  if (new Set(tags.map(({ key }) => key)).size < tags.length) {
    throw invalidParameter('Duplicate tag keys found. Please note that Tag keys are case sensitive.');
  }
}

export function readTags(state: EcsState, region: string, arn: string): readonly Tag[] {
  return state.tags.get(`${region}/${arn}`) ?? [];
}

/** Replaces the tags of a resource; none at all leaves nothing behind. */
export function writeTags(state: EcsState, region: string, arn: string, tags: readonly Tag[]): void {
  if (tags.length === 0) {
    state.tags.delete(`${region}/${arn}`);
  } else {
    state.tags.put(`${region}/${arn}`, tags);
  }
}

interface TagResourceInput {
  readonly resourceArn: string;
  readonly tags: readonly Tag[];
}

/** TagResource, UntagResource and ListTagsForResource. */
export function createTagOperations(state: EcsState) {
  return {
    TagResource: ({ resourceArn, tags }: TagResourceInput, scope: RequestScope): object => {
      requireResource(state, resourceArn, scope.region);
      checkTags(tags);
      const merged = new Map(readTags(state, scope.region, resourceArn).map((tag) => [tag.key, tag]));
      for (const tag of tags) {
        merged.set(tag.key, tag);
      }
      if (merged.size > MAX_TAGS) {
        throw new ServiceError('LimitExceededException', 'The number of tags exceeds the limit of 50.');
      }
      writeTags(state, scope.region, resourceArn, [...merged.values()]);
      return {};
    },

    UntagResource: (
      { resourceArn, tagKeys }: { resourceArn: string; tagKeys: readonly string[] },
      scope: RequestScope,
    ): object => {
      requireResource(state, resourceArn, scope.region);
      const left = readTags(state, scope.region, resourceArn).filter(
        (tag) => !tagKeys.includes(tag.key ?? ''),
      );
      writeTags(state, scope.region, resourceArn, left);
      return {};
    },

    ListTagsForResource: ({ resourceArn }: { resourceArn: string }, scope: RequestScope): object => {
      requireResource(state, resourceArn, scope.region);
      return { tags: readTags(state, scope.region, resourceArn) };
    },
  };
}

/** A resource that does not exist has another exception for each type, as the service has. */
function requireResource(state: EcsState, arn: string, region: string): void {
  const parsed = parseEcsArn(arn);
  if (parsed?.region !== region) {
    throw invalidParameter('Invalid arn syntax.');
  }
  const key = `${region}/${parsed.path.join('/')}`;
  switch (parsed.type) {
    case 'cluster':
      if (state.clusters.get(key)?.status !== 'ACTIVE') {
        throw clusterNotFound();
      }
      return;
    case 'service':
      if ((state.services.get(key)?.status ?? 'INACTIVE') === 'INACTIVE') {
        throw invalidParameter('The specified service is inactive. Specify an active service and try again.');
      }
      return;
    case 'task':
      if (!state.tasks.get(key)) {
        throw invalidParameter('The specified task is inactive. Specify an active task and try again.');
      }
      return;
    case 'task-definition':
      if (!state.taskDefinitions.get(key)) {
        throw invalidParameter(
          'The specified task definition is inactive. Specify an active task definition and try again.',
        );
      }
      return;
    default:
      throw new ServiceError('ResourceNotFoundException', 'The specified resource was not found.');
  }
}
