import type { ImageIdentifier } from '@aws-sdk/client-ecr';
import type { EcrGateway } from '../../aws/ecrGateway';
import { UserError } from '../../base/errors';
import { usersInWords, usesOf } from '../../deploy/imageUse';
import { listStoredImages, withMembers } from '../../image/repositoryImages';
import type { KnownUse } from './lookForImageUse';
import { usersOfTag } from './tagRemoval';

/** What an identifier names, with what uses it; nobody uses what is not there. */
export interface ChosenImage {
  readonly id: ImageIdentifier;
  readonly users: readonly string[];
}

/**
 * Finds who uses what identifiers name. A tag beside others is used by what names it; the last tag of an image, with
 * which ECR deletes the image, by what uses the image.
 */
export async function findChosenImages(
  ecr: EcrGateway,
  repository: string,
  ids: readonly ImageIdentifier[],
  use: KnownUse,
): Promise<readonly ChosenImage[]> {
  if (use instanceof UserError || use.length === 0) {
    return ids.map((id) => ({ id, users: [] }));
  }
  const named = (id: ImageIdentifier, image: { digest: string; tags: readonly string[] }): boolean =>
    id.imageTag === undefined ? image.digest === id.imageDigest : image.tags.includes(id.imageTag);
  const stored = await listStoredImages(ecr, repository);
  const chosen = stored.filter((image) => ids.some((id) => named(id, image)));
  const images = await withMembers(ecr, repository, chosen);
  const going = new Set(ids.map(({ imageTag }) => imageTag));
  return ids.map((id) => {
    const image = images.find((each) => named(id, each));
    const tagAlone = id.imageTag !== undefined && image?.tags.some((tag) => !going.has(tag));
    return {
      id,
      users: tagAlone ? usersOfTag(use, id.imageTag ?? '') : image ? usersInWords(usesOf(use, image)) : [],
    };
  });
}
