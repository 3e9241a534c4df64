import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { AwsContext } from './context';

export type Environment = Readonly<Record<string, string | undefined>>;

type IniSection = Readonly<Record<string, string | undefined>>;

/** The shared config and credentials files as they are on disk now. */
export interface ProfileFiles {
  /** Names of all profiles, `default` first, the others by name. */
  readonly names: readonly string[];
  /** What `AWS_PROFILE` chooses, or "default". */
  readonly defaultProfile: string;
  /** What is known of a profile: never a credential, nor a command line that may hold one. */
  profile(name: string): Profile | undefined;
  /** A `[services NAME]` section, with keys such as "ecs.endpoint_url". */
  services(name: string): IniSection | undefined;
  /** A `[sso-session NAME]` section. */
  ssoSession(name: string): IniSection | undefined;
  /** Changes when anything changes that a profile, or another that it refers to, says. It tells nothing of it. */
  fingerprint(name: string): string;
}

/** Settings of a profile that may be shown. */
const SHOWN = [
  'region',
  'endpoint_url',
  'ignore_configured_endpoint_urls',
  'services',
  'role_arn',
  'source_profile',
  'mfa_serial',
  'sso_session',
  'sso_start_url',
  'sso_region',
  'sso_registration_scopes',
  'login_session',
  'ca_bundle',
] as const;

export type Profile = Readonly<Partial<Record<(typeof SHOWN)[number], string>>> & {
  /** How the profile itself says to get credentials; without any, only the default chain can have some. */
  readonly credentials: 'keys' | 'role' | 'process' | 'signIn' | undefined;
};

/** How the SDK's reader prefixes sections that are not profiles. */
const OTHER_SECTION = /^(services|sso-session)\./;

/**
 * Reads the files that `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` name, or those in `~/.aws`.
 * A file that is missing counts as empty.
 */
export async function loadProfiles(environment: Environment = process.env): Promise<ProfileFiles> {
  const { loadSharedConfigFiles } = await import('@smithy/core/config');
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  const found = new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)]);
  const names = [...found]
    .filter((name) => !OTHER_SECTION.test(name))
    .sort((a, b) => Number(b === 'default') - Number(a === 'default') || a.localeCompare(b));
  return {
    names,
    defaultProfile: environment.AWS_PROFILE || 'default',
    profile: (name) =>
      found.has(name) ? describeProfile({ ...configFile[name], ...credentialsFile[name] }) : undefined,
    services: (name) => configFile[`services.${name}`],
    ssoSession: (name) => configFile[`sso-session.${name}`],
    fingerprint: (name) => {
      const said: unknown[] = [];
      const visited = new Set<string>();
      for (let next: string | undefined = name; next !== undefined && !visited.has(next);) {
        visited.add(next);
        const section: IniSection = { ...configFile[next], ...credentialsFile[next] };
        const { services, sso_session: session, source_profile: source } = section;
        said.push(section, configFile[`services.${services}`], configFile[`sso-session.${session}`]);
        next = source;
      }
      return createHash('sha256').update(JSON.stringify(said)).digest('hex');
    },
  };
}

function describeProfile(section: IniSection): Profile {
  const shown = SHOWN.flatMap((key) => (section[key] === undefined ? [] : [[key, section[key]] as const]));
  return { ...(Object.fromEntries(shown) as Omit<Profile, 'credentials'>), credentials: sourceOf(section) };
}

function sourceOf(section: IniSection): Profile['credentials'] {
  if (section.role_arn) {
    return 'role';
  }
  if (section.aws_access_key_id) {
    return 'keys';
  }
  if (section.credential_process) {
    return 'process';
  }
  return section.sso_session || section.sso_start_url || section.login_session ? 'signIn' : undefined;
}

/** The profile that a context takes its credentials from; `undefined` where no file says them. */
export function profileOf({ source }: AwsContext, files: ProfileFiles): string | undefined {
  switch (source.kind) {
    case 'profile':
      return source.profile;
    case 'default':
      return files.defaultProfile;
    case 'static':
      return undefined;
  }
}

/** Where the config and the credentials file are, whether they are there or not. */
export function profileFilePaths(environment: Environment = process.env): readonly [string, string] {
  const folder = join(homedir(), '.aws');
  return [
    environment.AWS_CONFIG_FILE || join(folder, 'config'),
    environment.AWS_SHARED_CREDENTIALS_FILE || join(folder, 'credentials'),
  ];
}

/** Environment variables each of which lets the default chain find credentials without any profile. */
const AMBIENT_CREDENTIALS = [
  'AWS_ACCESS_KEY_ID',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
];

/** True when the environment itself offers credentials, so that "default credentials" is a choice. */
export function hasAmbientCredentials(environment: Environment = process.env): boolean {
  return AMBIENT_CREDENTIALS.some((name) => environment[name]);
}

/**
 * The region that a profile would be used in: `AWS_REGION` for the profile of the environment, else the
 * profile's own, else the environment's.
 */
export function regionOf(
  files: ProfileFiles,
  profile: string | undefined,
  environment: Environment = process.env,
): string | undefined {
  const ambient = environment.AWS_REGION || environment.AWS_DEFAULT_REGION;
  const own = files.profile(profile ?? files.defaultProfile)?.region;
  return profile === undefined || profile === files.defaultProfile ? (ambient ?? own) : (own ?? ambient);
}
