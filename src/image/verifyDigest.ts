import { delay } from '../base/delay';
import { isCancellation, messageOf, UserError } from '../base/errors';

export interface DigestFinder {
  /** The digest that the repository has for a tag or a digest, by ECR's own account; `undefined` for none. */
  findDigest(tagOrDigest: string, signal?: AbortSignal): Promise<string | undefined>;
}

/** What the repository has may take a moment to be told. */
const ATTEMPTS = 6;
const INTERVAL_MILLISECONDS = 500;

/**
 * Compares what an engine says it has pushed with what ECR has. Another push of the same tag at the same time
 * is the one honest reason for the tag to point elsewhere: the image then is in the repository all the same.
 * @param uri `registry/repository:tag`
 * @param pushed the engine's digest; `undefined` when it gave none
 * @returns the digest of the image that was pushed
 * @throws UserError('pushFailed') when the repository does not have it
 */
export async function verifyDigest(
  uri: string,
  pushed: string | undefined,
  finder: DigestFinder,
  warn: (message: string) => void,
  signal?: AbortSignal,
): Promise<string> {
  const tag = uri.slice(uri.lastIndexOf(':') + 1);
  let described: string | undefined;
  try {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      described = await finder.findDigest(tag, signal);
      if (described !== undefined && (pushed === undefined || described === pushed)) {
        return described;
      }
      if (pushed !== undefined && described !== undefined) {
        if ((await finder.findDigest(pushed, signal)) === pushed) {
          warn(`The tag "${tag}" has meanwhile been moved to another image by another push.`);
          return pushed;
        }
      }
      if (attempt < ATTEMPTS) {
        await delay(INTERVAL_MILLISECONDS, signal);
      }
    }
  } catch (error) {
    if (isCancellation(error) || pushed === undefined) {
      throw error;
    }
    warn(`The image is pushed, but ECR could not be asked for its digest: ${messageOf(error)}`);
    return pushed;
  }
  throw new UserError(
    'pushFailed',
    'The repository does not have the image that the engine has pushed. Refresh the repository, and push ' +
      `again. ${uri}: pushed ${pushed ?? 'without a digest'}, found ${described ?? 'none'}`,
    { action: 'retry' },
  );
}
