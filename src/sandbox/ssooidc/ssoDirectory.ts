import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { ServiceError } from '../protocol/serviceError';

/** Seconds. The first three are what IAM Identity Center gives. */
const LIFETIME = {
  registration: 90 * 86_400,
  device: 600,
  token: 8 * 3_600,
  code: 60,
  roleSession: 3_600,
} as const;

/** Seconds that a client is to wait between two questions for the token of a device code. */
const POLL_INTERVAL = 1;

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

interface Registration {
  readonly secret: string;
  readonly redirectUris: readonly string[];
  readonly grantTypes: readonly string[];
  /** Refresh tokens are given for scopes only. */
  readonly scopes: readonly string[];
}

interface AuthorizationCode {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly endsAt: number;
}

interface DeviceCode {
  readonly clientId: string;
  readonly userCode: string;
  readonly endsAt: number;
  approved: boolean;
  lastAsked: number;
}

type Input = Readonly<Record<string, unknown>>;

/**
 * IAM Identity Center, as far as a program signs in through it: one person who approves whatever a browser opens.
 * Nothing of it outlives the sandbox. The operations take and give what SSO-OIDC and the access portal do.
 * https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/
 */
export class SsoDirectory {
  private readonly registrations = new Map<string, Registration>();
  private readonly codes = new Map<string, AuthorizationCode>();
  private readonly devices = new Map<string, DeviceCode>();
  private readonly refreshTokens = new Map<string, string>();
  private readonly accessTokens = new Map<string, number>();

  /** @param now gives epoch milliseconds */
  constructor(private readonly now: () => number = Date.now) {}

  registerClient(input: Input): object {
    if (typeof input.clientName !== 'string' || input.clientType !== 'public') {
      throw refusal(
        'InvalidClientMetadataException',
        'invalid_client_metadata',
        'clientName and clientType are required',
      );
    }
    const redirectUris = texts(input.redirectUris);
    if (redirectUris.some((uri) => !isLoopback(uri))) {
      throw refusal(
        'InvalidRedirectUriException',
        'invalid_redirect_uri',
        'Redirect URIs are to be loopback addresses',
      );
    }
    const clientId = randomBytes(16).toString('base64url');
    const secret = randomUUID();
    const issued = Math.floor(this.now() / 1000);
    const grantTypes = texts(input.grantTypes);
    this.registrations.set(clientId, {
      secret,
      redirectUris,
      grantTypes: grantTypes.length > 0 ? grantTypes : [DEVICE_GRANT, 'refresh_token'],
      scopes: texts(input.scopes),
    });
    return {
      clientId,
      clientSecret: secret,
      clientIdIssuedAt: issued,
      clientSecretExpiresAt: issued + LIFETIME.registration,
    };
  }

  /** @param origin where the sandbox is reached, as "http://127.0.0.1:4566" */
  startDeviceAuthorization(input: Input, origin: string): object {
    const { clientId } = this.authenticate(input);
    if (typeof input.startUrl !== 'string' || !/^https?:\/\//.test(input.startUrl)) {
      throw refusal('InvalidRequestException', 'invalid_request', 'startUrl is no URL');
    }
    const deviceCode = randomUUID();
    const letters = randomBytes(4).toString('hex').toUpperCase();
    const userCode = `${letters.slice(0, 4)}-${letters.slice(4)}`;
    this.devices.set(deviceCode, {
      clientId,
      userCode,
      endsAt: this.now() + LIFETIME.device * 1000,
      approved: false,
      lastAsked: 0,
    });
    return {
      deviceCode,
      userCode,
      verificationUri: `${origin}/device`,
      verificationUriComplete: `${origin}/device?user_code=${userCode}`,
      expiresIn: LIFETIME.device,
      interval: POLL_INTERVAL,
    };
  }

  /** The person at the browser says yes to a device's code. False when it is not known, or has expired. */
  approveDevice(userCode: string): boolean {
    const device = [...this.devices.values()].find(
      (each) => each.userCode === userCode && each.endsAt > this.now(),
    );
    if (device) {
      device.approved = true;
    }
    return device !== undefined;
  }

  /** The person at the browser says yes to a program. @returns where the browser is sent back to */
  authorize(query: URLSearchParams): string {
    const clientId = query.get('client_id') ?? '';
    const redirectUri = query.get('redirect_uri') ?? '';
    const registration = this.registrations.get(clientId);
    if (!registration) {
      throw refusal('InvalidClientException', 'invalid_client', 'There is no such client', 401);
    }
    if (
      !isLoopback(redirectUri) ||
      !registration.redirectUris.some((uri) => portless(uri) === portless(redirectUri))
    ) {
      throw refusal(
        'InvalidRedirectUriException',
        'invalid_redirect_uri',
        'The redirect URI is not registered',
      );
    }
    const challenge = query.get('code_challenge') ?? '';
    if (
      query.get('response_type') !== 'code' ||
      query.get('code_challenge_method') !== 'S256' ||
      !challenge
    ) {
      throw refusal('InvalidRequestException', 'invalid_request', 'A code challenge by S256 is required');
    }
    const code = randomUUID();
    this.codes.set(code, { clientId, redirectUri, challenge, endsAt: this.now() + LIFETIME.code * 1000 });
    const back = new URL(redirectUri);
    back.searchParams.set('code', code);
    back.searchParams.set('state', query.get('state') ?? '');
    return back.href;
  }

  createToken(input: Input): object {
    const { clientId, registration } = this.authenticate(input);
    const grantType = String(input.grantType);
    if (!registration.grantTypes.includes(grantType)) {
      throw [DEVICE_GRANT, 'authorization_code', 'refresh_token'].includes(grantType)
        ? refusal(
            'UnauthorizedClientException',
            'unauthorized_client',
            'The client is not registered for this grant',
          )
        : refusal('UnsupportedGrantTypeException', 'unsupported_grant_type', 'There is no such grant');
    }
    switch (grantType) {
      case 'authorization_code':
        this.redeemCode(clientId, input);
        break;
      case 'refresh_token':
        if (this.refreshTokens.get(String(input.refreshToken)) !== clientId) {
          throw invalidGrant('The refresh token is not known');
        }
        break;
      default:
        this.redeemDevice(clientId, String(input.deviceCode));
    }
    const accessToken = randomBytes(48).toString('base64url');
    this.accessTokens.set(accessToken, this.now() + LIFETIME.token * 1000);
    return {
      accessToken,
      tokenType: 'Bearer',
      expiresIn: LIFETIME.token,
      ...(registration.scopes.length > 0 ? { refreshToken: this.refreshTokenFor(clientId, input) } : {}),
    };
  }

  /** The access portal's GetRoleCredentials. */
  getRoleCredentials(query: URLSearchParams, accessToken: string): object {
    if ((this.accessTokens.get(accessToken) ?? 0) <= this.now()) {
      throw new ServiceError('UnauthorizedException', 'Session token not found or invalid', {}, 401);
    }
    const role = query.get('role_name') ?? '';
    if (!role || !/^\d{12}$/.test(query.get('account_id') ?? '')) {
      throw new ServiceError('InvalidRequestException', 'role_name and account_id are required');
    }
    return {
      roleCredentials: {
        accessKeyId: `ASIA${role.replace(/[^A-Za-z0-9]/g, '').toUpperCase()}`,
        secretAccessKey: randomUUID(),
        sessionToken: randomUUID(),
        expiration: this.now() + LIFETIME.roleSession * 1000,
      },
    };
  }

  private authenticate({ clientId, clientSecret }: Input): { clientId: string; registration: Registration } {
    const id = String(clientId);
    const registration = this.registrations.get(id);
    if (registration?.secret !== clientSecret || !registration) {
      throw refusal('InvalidClientException', 'invalid_client', 'The client is not known', 401);
    }
    return { clientId: id, registration };
  }

  private redeemCode(clientId: string, { code, redirectUri, codeVerifier }: Input): void {
    const known = this.codes.get(String(code));
    // A code is good for one try.
    this.codes.delete(String(code));
    const challenge = createHash('sha256').update(String(codeVerifier)).digest('base64url');
    const good =
      known?.clientId === clientId &&
      known.redirectUri === redirectUri &&
      known.challenge === challenge &&
      known.endsAt > this.now();
    if (!good) {
      throw invalidGrant('The code does not fit');
    }
  }

  private redeemDevice(clientId: string, deviceCode: string): void {
    const device = this.devices.get(deviceCode);
    if (device?.clientId !== clientId) {
      throw invalidGrant('The device code is not known');
    }
    const sinceLast = this.now() - device.lastAsked;
    device.lastAsked = this.now();
    if (device.endsAt <= this.now()) {
      throw refusal('ExpiredTokenException', 'expired_token', 'The device code has expired');
    }
    if (sinceLast < POLL_INTERVAL * 900) {
      throw refusal('SlowDownException', 'slow_down', 'Asked too often');
    }
    if (!device.approved) {
      throw refusal('AuthorizationPendingException', 'authorization_pending', 'Nobody has approved yet');
    }
    this.devices.delete(deviceCode);
  }

  private refreshTokenFor(clientId: string, { refreshToken }: Input): string {
    const token = typeof refreshToken === 'string' ? refreshToken : randomBytes(32).toString('base64url');
    this.refreshTokens.set(token, clientId);
    return token;
  }
}

function invalidGrant(description: string): ServiceError {
  return refusal('InvalidGrantException', 'invalid_grant', description);
}

/** SSO-OIDC's exceptions carry the code and the description that OAuth has for them. */
function refusal(code: string, error: string, description: string, status = 400): ServiceError {
  return new ServiceError(code, description, { error, error_description: description }, status);
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** The port is chosen anew for each sign-in: RFC 8252, section 7.3. */
function portless(uri: string): string {
  const url = new URL(uri);
  url.port = '';
  return url.href;
}

function isLoopback(uri: string): boolean {
  return URL.canParse(uri) && /^http:\/\/(127\.0\.0\.1|\[::1\])(:\d+)?\//.test(uri);
}
