import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SignIn, SsoSettings } from './signIn';

/** A sign-in as the AWS CLI and the SDKs keep it on disk and share it. Instants are ISO 8601. */
export interface SsoToken {
  readonly startUrl?: string;
  readonly region?: string;
  readonly accessToken: string;
  readonly expiresAt: string;
  readonly refreshToken?: string;
  /** The registration that the refresh token belongs to. */
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly registrationExpiresAt?: string;
}

type TokenPlace = Pick<SsoSettings, 'session' | 'startUrl'>;

/** `~/.aws/sso/cache/<sha1>.json`, by the name of the session, or by the start URL where there is none. */
export async function ssoTokenFile({ session, startUrl }: TokenPlace): Promise<string> {
  const { getSSOTokenFilepath } = await import('@smithy/core/config');
  return getSSOTokenFilepath(session ?? startUrl);
}

/** The files whose change may mean that somebody has signed in, be it with another program. */
export async function signInFiles({ sso, login }: SignIn, environment = process.env): Promise<string[]> {
  const logins = environment.AWS_LOGIN_CACHE_DIRECTORY || join(homedir(), '.aws', 'login', 'cache');
  return [
    ...(sso ? [await ssoTokenFile(sso)] : []),
    ...(login ? [join(logins, `${createHash('sha256').update(login.session).digest('hex')}.json`)] : []),
  ];
}

/** The token of a sign-in; `undefined` when there is none that can be read. */
export async function readSsoToken(place: TokenPlace): Promise<SsoToken | undefined> {
  try {
    const token = JSON.parse(await readFile(await ssoTokenFile(place), 'utf8')) as Partial<SsoToken> | null;
    return typeof token?.accessToken === 'string' && typeof token.expiresAt === 'string'
      ? (token as SsoToken)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a token for the user alone. Whoever reads meanwhile gets the old one or the new one, whole. */
export async function writeSsoToken(place: TokenPlace, token: SsoToken): Promise<void> {
  const file = await ssoTokenFile(place);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, JSON.stringify(token, undefined, 2), { mode: 0o600, flag: 'wx' });
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}

/** @returns whether there was one */
export async function removeSsoToken(place: TokenPlace): Promise<boolean> {
  const known = (await readSsoToken(place)) !== undefined;
  await rm(await ssoTokenFile(place), { force: true });
  return known;
}

/** True without a token, and for one whose time is over, whether or not it might be refreshed. */
export function hasEnded(token: SsoToken | undefined): boolean {
  // What is no date has no time left.
  return !(token !== undefined && Date.parse(token.expiresAt) > Date.now());
}
