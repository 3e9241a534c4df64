import type { ImageDetail, Repository } from '@aws-sdk/client-ecr';
import type { EcrGateway } from '../aws/ecrGateway';
import { accumulate, byName, wholePages, type RowStream } from './accumulate';
import { compareNames } from './compareNames';
import { nodeId, nodeIds, type ContextNode, type ImageNode, type RepositoryNode } from './explorerNode';
import { isIndex, readIndex, type IndexMember } from './imageIndex';
import { emptyMessage } from './messages';

/** Repositories by name. */
export async function* listRepositories(
  parent: ContextNode,
  ecr: EcrGateway,
  signal: AbortSignal,
): RowStream {
  const listing = wholePages(ecr.repositories(signal));
  const idOf = nodeIds(parent.context, 'repository');
  const toNode = (repository: Repository): RepositoryNode => toRepositoryNode(parent, repository, idOf);
  let count = 0;
  for await (const { rows } of accumulate(parent, listing, toNode, byName)) {
    count = rows.length;
    yield rows;
  }
  if (count === 0) {
    yield [
      emptyMessage(parent, 'No repositories', {
        detail: `There is no ECR repository in ${parent.context.label} · ${parent.context.region}. Create one, or push a Dockerfile.`,
        action: 'createRepository',
      }),
    ];
  }
}

function toRepositoryNode(
  { context }: ContextNode,
  repository: Repository,
  idOf: (name: string) => string,
): RepositoryNode {
  const name = repository.repositoryName ?? '';
  return {
    kind: 'repository',
    id: idOf(name),
    context,
    name,
    uri: repository.repositoryUri ?? name,
    repository,
  };
}

/**
 * Images of a repository, newest first, one row a digest. Untagged images that an index refers to stand under
 * that index, once the indexes have been read: a multi-platform image is one row, as it was one push.
 */
export async function* listImages(
  parent: RepositoryNode,
  ecr: EcrGateway,
  signal: AbortSignal,
  known = new Map<string, readonly IndexMember[]>(),
): RowStream {
  const listing = wholePages(ecr.images(parent.name, signal));
  const idOf = nodeIds(parent.context, 'image', parent.name);
  const toNode = (image: ImageDetail): ImageNode => toImageNode(parent, image, idOf);
  let images: readonly ImageNode[] = [];
  for await (const { nodes } of accumulate(parent, listing, toNode, newestFirst)) {
    images = nodes;
    yield images;
  }
  if (images.length === 0) {
    yield [emptyMessage(parent, 'No images', { detail: `Nothing has been pushed to ${parent.uri} yet.` })];
  }
  const indexes = images.filter(({ image }) => isIndex(image));
  if (indexes.length > 0) {
    await readMembers(parent.name, indexes, ecr, signal, known);
    yield foldIndexes(images, indexes, known);
  }
}

function toImageNode(
  parent: RepositoryNode,
  image: ImageDetail,
  idOf: (digest: string) => string,
): ImageNode {
  const digest = image.imageDigest ?? '';
  return {
    kind: 'image',
    id: idOf(digest),
    context: parent.context,
    repositoryName: parent.name,
    repositoryUri: parent.uri,
    digest,
    tags: [...(image.imageTags ?? [])].sort(compareNames),
    image,
  };
}

function newestFirst(a: ImageNode, b: ImageNode): number {
  return (
    (b.image.imagePushedAt?.getTime() ?? 0) - (a.image.imagePushedAt?.getTime() ?? 0) ||
    Number(b.tags.length > 0) - Number(a.tags.length > 0) ||
    (a.digest < b.digest ? -1 : 1)
  );
}

type MembersByIndex = ReadonlyMap<string, readonly IndexMember[]>;

/** Reads the indexes that were not read before: ECR counts each reading as a pull. */
async function readMembers(
  repository: string,
  indexes: readonly ImageNode[],
  ecr: EcrGateway,
  signal: AbortSignal,
  known: Map<string, readonly IndexMember[]>,
): Promise<void> {
  const digests = indexes.map(({ digest }) => digest).filter((digest) => !known.has(digest));
  const manifests = digests.length === 0 ? [] : await ecr.manifests(repository, digests, signal);
  for (const { imageId, imageManifest } of manifests) {
    known.set(imageId?.imageDigest ?? '', readIndex(imageManifest ?? ''));
  }
}

function foldIndexes(
  images: readonly ImageNode[],
  indexes: readonly ImageNode[],
  members: MembersByIndex,
): readonly ImageNode[] {
  const byDigest = new Map(images.map((node) => [node.digest, node]));
  const referred = new Set(
    indexes.flatMap(({ digest }) => members.get(digest) ?? []).map(({ digest }) => digest),
  );
  return images
    .filter(({ digest, tags }) => tags.length > 0 || !referred.has(digest))
    .map((index) => {
      const own = members.get(index.digest);
      return own
        ? { ...index, members: own.flatMap((member) => underIndex(index, member, byDigest)) }
        : index;
    });
}

/** A member stands under each index that refers to it, so its id there names the index too. */
function underIndex(
  index: ImageNode,
  { digest, platform }: IndexMember,
  byDigest: ReadonlyMap<string, ImageNode>,
): ImageNode[] {
  const node = byDigest.get(digest);
  return node
    ? [{ ...node, platform, id: nodeId(node.context, 'image', node.repositoryName, index.digest, digest) }]
    : [];
}
