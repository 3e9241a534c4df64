import type { AwsContext } from './context';
import { profileOf, type ProfileFiles } from './profiles';

/** An IAM Identity Center sign-in, as a profile or its `sso-session` section describes it. */
export interface SsoSettings {
  /** The name of the `sso-session` section; `undefined` for the older form, all in the profile. */
  readonly session: string | undefined;
  readonly startUrl: string;
  readonly region: string;
  readonly scopes: readonly string[];
}

/** What a person has to do before a context's credentials can be had; nothing of it for most kinds of profiles. */
export interface SignIn {
  readonly sso?: SsoSettings;
  /** The device that shows the code which a role wants. */
  readonly mfaSerial?: string;
  /** The profile that `aws login` signs in, and what the AWS CLI calls the sign-in. */
  readonly login?: { readonly profile: string; readonly session: string };
}

/** By the AWS CLI's guide, what is asked for where a session names no scopes. */
const DEFAULT_SCOPES = ['sso:account:access'];

/** Follows a profile, and those whose credentials it takes to assume its roles, to what signs in to them. */
export function signInOf(context: AwsContext, files: ProfileFiles): SignIn {
  let name = profileOf(context, files);
  let found: SignIn = {};
  const visited = new Set<string>();
  while (name !== undefined && !visited.has(name)) {
    visited.add(name);
    const profile = files.profile(name);
    if (!profile) {
      break;
    }
    const { mfa_serial: mfaSerial, source_profile: next } = profile;
    found = { ...found, ...(mfaSerial === undefined ? {} : { mfaSerial }) };
    if (profile.credentials !== 'role') {
      const sso = ssoSettings(files, name);
      return {
        ...found,
        ...(sso ? { sso } : {}),
        ...(profile.login_session === undefined
          ? {}
          : { login: { profile: name, session: profile.login_session } }),
      };
    }
    name = next;
  }
  return found;
}

function ssoSettings(files: ProfileFiles, name: string): SsoSettings | undefined {
  const profile = files.profile(name);
  const session = profile?.sso_session;
  const section = session === undefined ? profile : files.ssoSession(session);
  const { sso_start_url: startUrl, sso_region: region, sso_registration_scopes: scopes } = section ?? {};
  return startUrl === undefined || region === undefined
    ? undefined
    : { session, startUrl, region, scopes: splitScopes(scopes) };
}

function splitScopes(text: string | undefined): readonly string[] {
  const scopes = (text ?? '').split(/[\s,]+/).filter((scope) => scope !== '');
  return scopes.length > 0 ? scopes : DEFAULT_SCOPES;
}
