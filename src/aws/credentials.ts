import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { UserError } from '../base/errors';
import { requestHandlerOf, trustOf } from './certificates';
import type { AwsContext } from './context';
import { resolveEndpoint, type EndpointService } from './endpoint';
import { loadProfiles } from './profiles';

/**
 * Where a context's credentials come from, as the SDK finds them. The files are read anew for each provider: a
 * profile that was edited or signed in takes effect. A `credential_process` is run in a workspace that is not trusted
 * too: it stands in the user's own files, which no workspace can write or choose.
 *
 * @param mfaCode gives the code of an MFA device, by its serial; without it, roles that want one are refused
 * @throws UserError('credentialsMissing') when there is no such profile
 */
export async function resolveCredentials(
  context: AwsContext,
  mfaCode?: (serial: string) => Promise<string>,
): Promise<AwsCredentialIdentityProvider> {
  const { source } = context;
  if (source.kind === 'static') {
    const { accessKeyId, secretAccessKey } = source;
    return () => Promise.resolve({ accessKeyId, secretAccessKey });
  }
  const { fromIni, fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  const options = {
    ignoreCache: true,
    ...(mfaCode === undefined ? {} : { mfaCodeProvider: mfaCode }),
    clientConfig: await clientSettings(context, 'SSO'),
    ...(await roleAssumers(context)),
  };
  if (source.kind === 'default') {
    return fromNodeProviderChain(options);
  }
  const { profile } = source;
  const known = (await loadProfiles()).profile(profile);
  if (!known) {
    throw new UserError(
      'credentialsMissing',
      `There is no such profile in the AWS config and credentials files any more: ${profile}`,
      { action: 'openAwsConfig' },
    );
  }
  // The chain would go on to the machine's own role where what the profile says fails: another identity under this
  // profile's name, or an error that does not say why.
  return known.credentials === undefined
    ? fromNodeProviderChain({ ...options, profile })
    : fromIni({ ...options, profile });
}

/** Roles are assumed where this context reaches STS, in its region. */
async function roleAssumers(context: AwsContext) {
  const { getDefaultRoleAssumer, getDefaultRoleAssumerWithWebIdentity } = await import('@aws-sdk/client-sts');
  const sts = { region: context.region, ...(await clientSettings(context, 'STS')) };
  return {
    roleAssumer: getDefaultRoleAssumer(sts),
    roleAssumerWithWebIdentity: getDefaultRoleAssumerWithWebIdentity(sts),
  };
}

/** The SDK would ask the profile of the environment where a service is, and send this profile's requests there. */
async function clientSettings(context: AwsContext, service: EndpointService) {
  const endpoint = await resolveEndpoint(context, service);
  return {
    ignoreConfiguredEndpointUrls: true,
    ...(endpoint === undefined ? {} : { endpoint }),
    requestHandler: requestHandlerOf(await trustOf(context), 30_000),
  };
}
