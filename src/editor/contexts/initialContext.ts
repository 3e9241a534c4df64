import { hasAmbientCredentials, loadProfiles, regionOf } from '../../aws/profiles';
import { awsContext, sandboxContext, type ContextStore } from './contextStore';

const FALLBACK_REGION = 'us-east-1';

/**
 * Chooses what the views show first: a sandbox that the environment names, else what was open in this
 * workspace before, else what the AWS CLI would use; nothing when there are no credentials to be found.
 */
export async function openInitialContext(contexts: ContextStore, environment = process.env): Promise<void> {
  const sandbox = environment.AWS_CONTAINERS_SANDBOX_ENDPOINT;
  if (sandbox) {
    return contexts.select(sandboxContext(sandbox, environment.AWS_REGION || FALLBACK_REGION));
  }
  const remembered = contexts.remembered();
  if (remembered.length > 0) {
    return contexts.select(...remembered);
  }
  const files = await loadProfiles(environment);
  if (files.names.includes(files.defaultProfile)) {
    const region = regionOf(files, files.defaultProfile, environment) ?? FALLBACK_REGION;
    return contexts.select(awsContext(files.defaultProfile, region));
  }
  if (hasAmbientCredentials(environment)) {
    return contexts.select(awsContext(undefined, regionOf(files, undefined, environment) ?? FALLBACK_REGION));
  }
}
