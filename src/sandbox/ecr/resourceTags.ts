import { ServiceError } from '../protocol/serviceError';
import type { Tag } from '../protocol/tag';

/** A resource has at most 50 tags (Amazon ECR user guide, "Tag restrictions"). */
const MAX_TAGS = 50;

export function arnOf(region: string, accountId: string, repositoryName: string): string {
  return `arn:aws:ecr:${region}:${accountId}:repository/${repositoryName}`;
}

/** The repository that an ARN names, with its region; `undefined` for other ARNs and other accounts. */
export function parseRepositoryArn(
  arn: string,
  accountId: string,
): { readonly region: string; readonly name: string } | undefined {
  const [, region, account, name] =
    /^arn:aws[a-z-]*:ecr:([a-z0-9-]+):(\d{12}):repository\/(.+)$/.exec(arn) ?? [];
  return region !== undefined && name !== undefined && account === accountId ? { region, name } : undefined;
}

/**
 * @throws ServiceError InvalidTagParameterException, TooManyTagsException
 */
export function mergeTags(
  present: Readonly<Record<string, string>>,
  added: readonly Tag[],
): Record<string, string> {
  for (const { Key, Value } of added) {
    if (
      Key.length < 1 ||
      Key.length > 128 ||
      Value.length > 256 ||
      !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(Key + Value)
    ) {
      throw new ServiceError(
        'InvalidTagParameterException',
        `A tag's key has 1 to 128 characters, its value at most 256; both have letters, digits, spaces and _.:/=+-@ only: ${Key}`,
      );
    }
    if (Key.toLowerCase().startsWith('aws:')) {
      throw new ServiceError(
        'InvalidTagParameterException',
        `Tag keys that start with "aws:" are reserved: ${Key}`,
      );
    }
  }
  const merged = new Map(Object.entries(present));
  added.forEach(({ Key, Value }) => merged.set(Key, Value));
  if (merged.size > MAX_TAGS) {
    throw new ServiceError('TooManyTagsException', `A resource can have at most ${MAX_TAGS} tags`);
  }
  return Object.fromEntries(merged);
}

export function listTags(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
