import type { AwsContext } from '../../aws/context';
import { loadProfiles } from '../../aws/profiles';
import type { Services } from '../services';
import { chooseOpenContext } from '../ui/resourcePickers';
import { contextOf, ownRegion } from './contextOf';
import { nameOf, SANDBOX_LABEL } from './contextStore';

/** A profile ("sandbox" for the local one), or a name of the user's own, and region. What is left out is taken from what is open. */
export interface ContextAnswers {
  readonly profile?: string;
  readonly region?: string;
}

/** How the answers to any command may say where it is to work. */
export interface WithContext {
  readonly context?: AwsContext | ContextAnswers;
}

/** What answers call a context; of the user's own profiles, one called "sandbox" can be had from the lists alone. */
export function contextName(profile: string | undefined): string | undefined {
  return profile === 'sandbox' ? SANDBOX_LABEL : profile;
}

/**
 * Where a command works: the context that its answers name, whether it is open or not, else the one that is open
 * or that the user chooses among several.
 * @throws UserError('credentialsMissing' | 'invalidInput') when there is no such profile, or no such region
 */
export async function contextOfAnswers(services: Services, { context }: WithContext): Promise<AwsContext> {
  if (context !== undefined && 'source' in context) {
    return context;
  }
  const { profile, region } = context ?? {};
  if (profile === undefined && region === undefined) {
    return chooseOpenContext(services);
  }
  const label = contextName(profile);
  const open = services.contexts
    .all()
    .find(
      (each) =>
        [undefined, each.label, nameOf(each.source)].includes(label) &&
        (region ?? each.region) === each.region,
    );
  if (open) {
    return open;
  }
  const files = await loadProfiles();
  const current = services.contexts.current();
  const named = label ?? (current ? nameOf(current.source) : files.defaultProfile);
  return contextOf(services.sandbox, files, named, region ?? ownRegion(files, named));
}
