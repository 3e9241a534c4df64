import type { AwsCredentialIdentityProvider } from '@smithy/types';
import type { AwsContext } from './context';
import { resolveEndpoint } from './endpoint';
import { loadProfiles } from './profiles';

/**
 * Where a context's credentials come from, as the SDK finds them. The files are read anew for each provider: a
 * profile that was edited or signed in takes effect.
 */
export async function resolveCredentials(context: AwsContext): Promise<AwsCredentialIdentityProvider> {
  const { source } = context;
  if (source.kind === 'static') {
    const { accessKeyId, secretAccessKey } = source;
    return () => Promise.resolve({ accessKeyId, secretAccessKey });
  }
  const { fromIni, fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  const options = { ignoreCache: true, ...(await roleAssumers(context)) };
  if (source.kind === 'default') {
    return fromNodeProviderChain(options);
  }
  const { profile } = source;
  // The chain would go on to the machine's own role where what the profile says fails: another identity under this
  // profile's name, or an error that does not say why.
  return (await loadProfiles()).profile(profile)?.credentials === undefined
    ? fromNodeProviderChain({ ...options, profile })
    : fromIni({ ...options, profile });
}

/** Roles are assumed where this context reaches STS, in its region. */
async function roleAssumers(context: AwsContext) {
  const { getDefaultRoleAssumer, getDefaultRoleAssumerWithWebIdentity } = await import('@aws-sdk/client-sts');
  const endpoint = await resolveEndpoint(context, 'STS');
  const sts = {
    region: context.region,
    ignoreConfiguredEndpointUrls: true,
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  return {
    roleAssumer: getDefaultRoleAssumer(sts),
    roleAssumerWithWebIdentity: getDefaultRoleAssumerWithWebIdentity(sts),
  };
}
