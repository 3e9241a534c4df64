import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { SSOOIDCClient } from '@aws-sdk/client-sso-oidc';
import { delay } from '../base/delay';
import { isCancellation, messageOf, UserError } from '../base/errors';
import { requestHandlerOf, type Trust } from './certificates';
import { listenForRedirect, REDIRECT_PATH } from './loopbackRedirect';
import type { SsoSettings } from './signIn';
import { writeSsoToken } from './ssoToken';

/** What happens in a sign-in. */
export type SsoSignInEvent =
  /** A browser is to open this address, which is one that may be opened. */
  | { readonly kind: 'openBrowser'; readonly url: string; readonly userCode?: string }
  /** The token is where the AWS CLI and the SDKs find it. */
  | { readonly kind: 'signedIn'; readonly expiresAt: Date };

export interface SsoSignInOptions {
  /** Where SSO-OIDC is reached, if not at AWS's own address. */
  readonly endpoint?: string;
  /** True when the browser is on another machine, which cannot come back to this one: a code is confirmed instead. */
  readonly remoteBrowser?: boolean;
  /** What the connection to SSO-OIDC trusts. */
  readonly trust?: Trust;
  readonly signal?: AbortSignal;
}

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** Seconds between two questions, where the service names none, and what is added when it finds them too many. */
const POLL_SECONDS = 5;

const NOT_BY_REDIRECT: ReadonlySet<string> = new Set([
  'InvalidRedirectUriException',
  'UnauthorizedClientException',
  'UnsupportedGrantTypeException',
]);

const load = () => import('@aws-sdk/client-sso-oidc');
type Sdk = Awaited<ReturnType<typeof load>>;

interface Registration {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly registrationExpiresAt: string;
}

interface TokenAnswer {
  readonly accessToken?: string;
  readonly expiresIn?: number;
  readonly refreshToken?: string;
}

/**
 * Signs in to IAM Identity Center with the user's browser, as `aws sso login` does: by authorization code with PKCE for
 * an `sso-session`, else by a code that is confirmed in the browser. The token is left where the AWS CLI and the SDKs
 * look for it. https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/
 *
 * @throws UserError('signInRefused' | 'endpointUnreachable' | 'cancelled')
 */
export async function* signInToSso(
  settings: SsoSettings,
  options: SsoSignInOptions = {},
): AsyncGenerator<SsoSignInEvent, void, void> {
  const { endpoint, trust = {} } = options;
  const sdk = await load();
  const client = new sdk.SSOOIDCClient({
    region: settings.region,
    ignoreConfiguredEndpointUrls: true,
    ...(endpoint === undefined ? {} : { endpoint }),
    requestHandler: requestHandlerOf(trust, 30_000),
    customUserAgent: 'aws-containers-vscode',
  });
  try {
    if (settings.session !== undefined && !options.remoteBrowser) {
      try {
        return yield* signInByRedirect(sdk, client, settings, options);
      } catch (error) {
        // A Region that does not know the way with a redirect says so before a browser is opened.
        if (!NOT_BY_REDIRECT.has((error as Error).name)) {
          throw error;
        }
      }
    }
    yield* signInByDevice(sdk, client, settings, options);
  } catch (error) {
    throw explain(error, settings);
  } finally {
    client.destroy();
  }
}

async function* signInByRedirect(
  sdk: Sdk,
  client: SSOOIDCClient,
  settings: SsoSettings,
  { endpoint, signal }: SsoSignInOptions,
): AsyncGenerator<SsoSignInEvent, void, void> {
  const byRedirect = {
    grantTypes: ['authorization_code', 'refresh_token'],
    redirectUris: [`http://127.0.0.1${REDIRECT_PATH}`],
    issuerUrl: settings.startUrl,
  };
  const registration = await register(sdk, client, settings, byRedirect, signal);
  const state = randomUUID();
  const codeVerifier = randomBytes(32).toString('base64url');
  const redirect = await listenForRedirect(state, signal);
  try {
    const base = endpoint ?? client.config.endpointProvider({ Region: settings.region }).url.href;
    const url = new URL('authorize', base.endsWith('/') ? base : `${base}/`);
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: registration.clientId,
      redirect_uri: redirect.redirectUri,
      state,
      code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
      scopes: settings.scopes.join(' '),
    }).toString();
    yield { kind: 'openBrowser', url: checkedUrl(url.href) };
    const code = await redirect.code;
    const answer = await client.send(
      new sdk.CreateTokenCommand({
        ...credentialsOf(registration),
        grantType: 'authorization_code',
        code,
        codeVerifier,
        redirectUri: redirect.redirectUri,
      }),
      { abortSignal: signal },
    );
    yield await keep(settings, registration, answer);
  } finally {
    redirect.close();
  }
}

async function* signInByDevice(
  sdk: Sdk,
  client: SSOOIDCClient,
  settings: SsoSettings,
  { signal }: SsoSignInOptions,
): AsyncGenerator<SsoSignInEvent, void, void> {
  const registration = await register(sdk, client, settings, {}, signal);
  const device = await client.send(
    new sdk.StartDeviceAuthorizationCommand({ ...credentialsOf(registration), startUrl: settings.startUrl }),
    { abortSignal: signal },
  );
  yield {
    kind: 'openBrowser',
    url: checkedUrl(device.verificationUriComplete ?? device.verificationUri ?? ''),
    ...(device.userCode === undefined ? {} : { userCode: device.userCode }),
  };
  let seconds = device.interval ?? POLL_SECONDS;
  for (;;) {
    await delay(seconds * 1000, signal);
    try {
      const answer = await client.send(
        new sdk.CreateTokenCommand({
          ...credentialsOf(registration),
          grantType: DEVICE_GRANT,
          deviceCode: device.deviceCode,
        }),
        { abortSignal: signal },
      );
      yield await keep(settings, registration, answer);
      return;
    } catch (error) {
      if (error instanceof sdk.SlowDownException) {
        seconds += POLL_SECONDS;
      } else if (!(error instanceof sdk.AuthorizationPendingException)) {
        throw error;
      }
    }
  }
}

async function register(
  sdk: Sdk,
  client: SSOOIDCClient,
  { session, scopes }: SsoSettings,
  how: { grantTypes?: string[]; redirectUris?: string[]; issuerUrl?: string },
  signal: AbortSignal | undefined,
): Promise<Registration> {
  const { clientId, clientSecret, clientSecretExpiresAt } = await client.send(
    new sdk.RegisterClientCommand({
      clientName: 'AWS Containers for VS Code',
      clientType: 'public',
      // The older form has no scopes, and for that no refresh token.
      ...(session === undefined ? {} : { scopes: [...scopes] }),
      ...how,
    }),
    { abortSignal: signal },
  );
  return {
    clientId: clientId ?? '',
    clientSecret: clientSecret ?? '',
    registrationExpiresAt: instant((clientSecretExpiresAt ?? 0) * 1000),
  };
}

function credentialsOf({
  clientId,
  clientSecret,
}: Registration): Pick<Registration, 'clientId' | 'clientSecret'> {
  return { clientId, clientSecret };
}

async function keep(
  settings: SsoSettings,
  registration: Registration,
  { accessToken, expiresIn, refreshToken }: TokenAnswer,
): Promise<SsoSignInEvent> {
  if (!accessToken || !expiresIn) {
    throw new UserError('signInRefused', 'The sign-in gave no token. Sign in again.', { action: 'signIn' });
  }
  const expiresAt = new Date(Date.now() + expiresIn * 1000);
  await writeSsoToken(settings, {
    startUrl: settings.startUrl,
    region: settings.region,
    accessToken,
    expiresAt: instant(expiresAt.getTime()),
    ...registration,
    ...(refreshToken === undefined ? {} : { refreshToken }),
  });
  return { kind: 'signedIn', expiresAt };
}

/** As the AWS CLI writes it, without fractions of seconds. */
function instant(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}

/**
 * What a browser may be sent to: pages over TLS, and those of this machine, which is where a sandbox is.
 * @throws UserError('signInRefused')
 */
export function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const local = url !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && local)) {
    return url.href;
  }
  throw new UserError(
    'signInRefused',
    `The sign-in wants to open what is no https address, and is not followed there: ${text.slice(0, 100)}`,
    { action: 'openAwsConfig' },
  );
}

function explain(error: unknown, { session, startUrl }: SsoSettings): UserError {
  if (error instanceof UserError) {
    return error;
  }
  if (isCancellation(error)) {
    return new UserError('cancelled', 'Cancelled.', { cause: error });
  }
  const {
    name,
    code,
    error_description: description,
  } = error as Error & {
    readonly code?: string;
    readonly error_description?: string;
  };
  const why = [name === 'Error' ? code : name, description ?? messageOf(error)].filter(Boolean).join(': ');
  const failed = `Could not sign in to ${session ?? startUrl}`;
  switch (name) {
    case 'ExpiredTokenException':
      return new UserError('signInRefused', `${failed}: nobody confirmed it in time. Sign in again. ${why}`, {
        action: 'signIn',
        cause: error,
      });
    case 'InvalidRequestException':
    case 'InvalidClientMetadataException':
      return new UserError('signInRefused', `${failed}: check sso_start_url and sso_region. ${why}`, {
        action: 'openAwsConfig',
        cause: error,
      });
    default:
      return new UserError(
        code === undefined && name !== 'TimeoutError' ? 'signInRefused' : 'endpointUnreachable',
        `${failed}: ${why}`,
        { action: 'signIn', cause: error },
      );
  }
}
