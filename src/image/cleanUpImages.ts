import type { ImageFailure, ImageIdentifier } from '@aws-sdk/client-ecr';
import type { EcrGateway } from '../aws/ecrGateway';
import { chunk } from '../aws/page';
import { isCancellation, messageOf, throwIfCancelled } from '../base/errors';
import type { StoredImage } from './repositoryImages';

/** Which untagged images are to go: all of them, unless one of these leaves some. */
export interface ImageCleanUp {
  /** Only those that were pushed more days ago. */
  readonly olderThanDays?: number;
  /** So many of the newest stay. */
  readonly keepNewest?: number;
}

/** What a clean-up would delete. */
export interface ImageCleanUpPlan {
  /** In the order in which ECR takes them: nothing is in a step before what refers to it. */
  readonly steps: readonly (readonly StoredImage[])[];
  /** Chosen, and left out since something uses them. */
  readonly inUse: readonly StoredImage[];
  /** How many untagged images stay because one that stays has them as platform, or is what they are about. */
  readonly held: number;
  /** Bytes of what goes; layers that images share count for each of them. */
  readonly bytes: number;
}

const DAY_MS = 86_400_000;

/** ImageIdentifiers a BatchDeleteImage call, by the API reference. */
const DELETED_AT_ONCE = 100;

/**
 * Works out a clean-up, and changes nothing. Images of an index go and stay with it, and so do artefacts with
 * what they are about, and only where they are untagged themselves. An index of which an image is in use is in use.
 *
 * @param images all of the repository, with their members
 * @param isUsed whether something uses the image of a digest
 */
export function planImageCleanUp(
  images: readonly StoredImage[],
  isUsed: (digest: string) => boolean,
  cleanUp: ImageCleanUp,
  now: Date,
): ImageCleanUpPlan {
  const holders = holdersOf(images);
  const used = usedWithHolders(images, isUsed, holders);
  const untagged = images.filter(({ tags }) => tags.length === 0);
  const known = new Set(images.map(({ digest }) => digest));
  const ownersOf = ({ digest, subject }: StoredImage): readonly string[] => [
    ...(holders.get(digest) ?? []),
    ...(subject !== undefined && known.has(subject) ? [subject] : []),
  ];
  // What stands for itself is chosen; all else follows what it belongs to.
  const free = untagged.filter((image) => ownersOf(image).length === 0);
  const oldest = now.getTime() - (cleanUp.olderThanDays ?? 0) * DAY_MS;
  const chosen = [...free]
    .sort((a, b) => timeOf(b) - timeOf(a))
    .slice(cleanUp.keepNewest ?? 0)
    .filter((image) => cleanUp.olderThanDays === undefined || timeOf(image) < oldest);
  const inUse = chosen.filter(({ digest }) => used.has(digest));
  const steps = [chosen.filter(({ digest }) => !used.has(digest))];
  const going = new Set(steps[0]?.map(({ digest }) => digest));
  for (let rest = untagged.filter(({ digest }) => !going.has(digest)); ;) {
    const next = rest.filter((image) => {
      const owners = ownersOf(image);
      return !used.has(image.digest) && owners.length > 0 && owners.every((owner) => going.has(owner));
    });
    if (next.length === 0) {
      const spared = free.length - (steps[0]?.length ?? 0);
      const gone = steps.flat();
      return {
        steps: steps.filter((step) => step.length > 0),
        inUse,
        held: rest.length - spared,
        bytes: gone.reduce((sum, { bytes }) => sum + bytes, 0),
      };
    }
    steps.push(next);
    next.forEach(({ digest }) => going.add(digest));
    rest = rest.filter(({ digest }) => !going.has(digest));
  }
}

/** What came of one call, or of what was left when a call failed as a whole. */
export interface ImageRemoval {
  readonly deleted: readonly ImageIdentifier[];
  readonly failures: readonly ImageFailure[];
}

/**
 * Deletes images step by step, up to a hundred a call. What has gone meanwhile is no failure, nor is what stays
 * because its index could not be deleted. A call that fails as a whole ends the work: all that is left has failed.
 *
 * @throws UserError('cancelled') when aborted, between two calls
 */
export async function* removeImages(
  ecr: EcrGateway,
  repository: string,
  steps: readonly (readonly { readonly digest: string }[])[],
  signal?: AbortSignal,
): AsyncGenerator<ImageRemoval, void, void> {
  const calls = steps.flatMap((step, index) =>
    chunk(step, DELETED_AT_ONCE).map((images) => ({ images, belongsToOthers: index > 0 })),
  );
  for (const [done, { images, belongsToOthers }] of calls.entries()) {
    throwIfCancelled(signal);
    const ids = images.map(({ digest }) => ({ imageDigest: digest }));
    try {
      // Not with the signal: what a call has deleted must be known.
      const { deleted, failures } = await ecr.deleteImages(repository, ids);
      const told = failures.filter(
        ({ failureCode }) =>
          failureCode !== 'ImageNotFound' &&
          !(belongsToOthers && failureCode === 'ImageReferencedByManifestList'),
      );
      yield { deleted, failures: told };
    } catch (error) {
      if (isCancellation(error)) {
        throw error;
      }
      const left = calls.slice(done).flatMap((call) => call.images);
      yield {
        deleted: [],
        failures: left.map(({ digest }) => ({
          imageId: { imageDigest: digest },
          failureReason: messageOf(error),
        })),
      };
      return;
    }
  }
}

function timeOf({ pushedAt }: StoredImage): number {
  return pushedAt?.getTime() ?? 0;
}

/** The indexes that refer to an image, by its digest. */
function holdersOf(images: readonly StoredImage[]): ReadonlyMap<string, readonly string[]> {
  const holders = new Map<string, string[]>();
  for (const { digest, members = [] } of images) {
    members.forEach((member) => holders.set(member, [...(holders.get(member) ?? []), digest]));
  }
  return holders;
}

function usedWithHolders(
  images: readonly StoredImage[],
  isUsed: (digest: string) => boolean,
  holders: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const used = new Set<string>();
  const add = (digest: string): void => {
    if (!used.has(digest)) {
      used.add(digest);
      holders.get(digest)?.forEach(add);
    }
  };
  images.filter(({ digest }) => isUsed(digest)).forEach(({ digest }) => add(digest));
  return used;
}
