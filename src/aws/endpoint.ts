import type { AwsContext } from './context';
import { loadProfiles, profileOf, type Environment } from './profiles';

/** Service ids as they stand in `AWS_ENDPOINT_URL_<ID>` and, in lower case, in a `services` section. */
export type EndpointService =
  | 'ECR'
  | 'ECS'
  | 'CLOUDWATCH_LOGS'
  | 'STS'
  | 'IAM'
  | 'SECRETS_MANAGER'
  | 'SSM'
  | 'EFS'
  | 'ELASTIC_LOAD_BALANCING_V2'
  | 'SSO'
  | 'SSO_OIDC';

/**
 * Where a service is reached under a context, or `undefined` for AWS's own address. The order is that of the
 * SDKs' reference guide, "Service-specific endpoints". The SDK looks the profile up by AWS_PROFILE alone,
 * which is not the one that the user selected here: hence this.
 */
export async function resolveEndpoint(
  context: AwsContext,
  service: EndpointService,
  environment: Environment = process.env,
): Promise<string | undefined> {
  if (context.endpoint !== undefined) {
    return context.endpoint;
  }
  const ignored = (value: string | undefined): boolean => value?.toLowerCase() === 'true';
  if (ignored(environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS)) {
    return undefined;
  }
  const fromEnvironment = environment[`AWS_ENDPOINT_URL_${service}`] || environment.AWS_ENDPOINT_URL;
  if (fromEnvironment) {
    return fromEnvironment;
  }
  if (context.source.kind === 'static') {
    return undefined;
  }
  const files = await loadProfiles(environment);
  const name = profileOf(context, files);
  const profile = name === undefined ? undefined : files.profile(name);
  if (!profile || ignored(profile.ignore_configured_endpoint_urls)) {
    return undefined;
  }
  const services = profile.services === undefined ? undefined : files.services(profile.services);
  return services?.[`${service.toLowerCase()}.endpoint_url`] || profile.endpoint_url || undefined;
}
