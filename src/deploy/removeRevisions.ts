import { resourceName } from '../aws/arn';
import type { EcsGateway } from '../aws/ecsGateway';
import { chunk } from '../aws/page';
import { delay } from '../base/delay';
import { isCancellation, messageOf, throwIfCancelled, UserError } from '../base/errors';
import { revisionOf, type RevisionUse } from './revisionUse';

/** What DeleteTaskDefinitions takes at once, by its API reference. */
const DELETED_AT_ONCE = 10;

/** How long a call that was throttled, beyond what the SDK repeats by itself, waits before it is made again. */
const THROTTLE_WAITS = [1_000, 2_000, 4_000, 8_000];

/** Revisions of a family as ARNs or `family:revision`, newest first. */
export interface FamilyRevisions {
  readonly active: readonly string[];
  readonly inactive: readonly string[];
}

/** Which revisions are to go, as ARNs or `family:revision`, newest first. */
export interface RemovalPlan {
  readonly deregister: readonly string[];
  /** Those that are deregistered first, and those that were before. */
  readonly delete: readonly string[];
  /** Left out since something uses them. */
  readonly inUse: readonly string[];
}

export type RemovalEvent =
  | { readonly kind: 'deregistered' | 'deleted'; readonly name: string }
  | { readonly kind: 'failed'; readonly name: string; readonly error: UserError };

/** The answer to what is asked of a clean-up. */
export interface CleanUp {
  /** So many of the newest active revisions stay. */
  readonly keep: number;
  /** Delete for good what is deregistered, with all that is inactive already. */
  readonly delete: boolean;
}

/** Works out what a clean-up would remove, and changes nothing. What is in use stays, however old it is. */
export function planCleanUp(revisions: FamilyRevisions, use: RevisionUse, cleanUp: CleanUp): RemovalPlan {
  return planRemoval(
    {
      active: revisions.active.slice(cleanUp.keep),
      inactive: cleanUp.delete ? revisions.inactive : [],
    },
    use,
    cleanUp.delete,
  );
}

/** Works out the removal of certain revisions, of which those in use stay. */
export function planRemoval(chosen: FamilyRevisions, use: RevisionUse, alsoDelete: boolean): RemovalPlan {
  const { active, inactive } = chosen;
  const free = (id: string): boolean => !use.has(resourceName(id));
  const deregister = active.filter(free);
  return {
    deregister,
    delete: alsoDelete ? newestFirst([...deregister, ...inactive.filter(free)]) : [],
    inUse: newestFirst([...active, ...inactive].filter((id) => !free(id))),
  };
}

/**
 * Carries a plan out, oldest revisions first and one call at a time, and slower where ECS asks for it. A revision
 * that fails does not keep the others; one that could not be deregistered is not deleted.
 *
 * @throws UserError('cancelled') when aborted, between two calls
 */
export async function* removeRevisions(
  ecs: EcsGateway,
  plan: RemovalPlan,
  signal?: AbortSignal,
): AsyncGenerator<RemovalEvent, void, void> {
  const failed = new Set<string>();
  for (const id of [...plan.deregister].reverse()) {
    throwIfCancelled(signal);
    try {
      await unthrottled(() => ecs.deregisterTaskDefinition(id), signal);
      yield { kind: 'deregistered', name: resourceName(id) };
    } catch (error) {
      failed.add(id);
      yield failure(id, error);
    }
  }
  const deleted = [...plan.delete].reverse().filter((id) => !failed.has(id));
  for (const ids of chunk(deleted, DELETED_AT_ONCE)) {
    throwIfCancelled(signal);
    try {
      const { items, failures } = await unthrottled(() => ecs.deleteTaskDefinitions(ids), signal);
      yield* items.map((arn) => ({ kind: 'deleted' as const, name: resourceName(arn) }));
      yield* failures.map(({ id, reason }) =>
        failure(id, new UserError('requestRefused', `Could not delete ${resourceName(id)}: ${reason}`)),
      );
    } catch (error) {
      yield* ids.map((id) => failure(id, error));
    }
  }
}

/** A cancellation ends the work; any other error is that of the one revision. */
function failure(id: string, error: unknown): RemovalEvent {
  if (isCancellation(error)) {
    throw error;
  }
  const known =
    error instanceof UserError ? error : new UserError('internal', messageOf(error), { cause: error });
  return { kind: 'failed', name: resourceName(id), error: known };
}

/** The signal ends only the waiting: a call that changes something is awaited, so that its outcome is known. */
async function unthrottled<T>(call: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  for (const wait of THROTTLE_WAITS) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof UserError) || error.reason !== 'throttled') {
        throw error;
      }
    }
    await delay(wait, signal);
  }
  return call();
}

function newestFirst(arns: readonly string[]): string[] {
  return [...arns].sort((a, b) => revisionOf(b) - revisionOf(a));
}
