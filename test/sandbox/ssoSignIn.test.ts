import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  CreateTokenCommand,
  RegisterClientCommand,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
} from '@aws-sdk/client-sso-oidc';
import type { AwsContext } from '../../src/aws/context';
import { collect } from '../../src/aws/page';
import { loadProfiles } from '../../src/aws/profiles';
import { createSession } from '../../src/aws/session';
import { signInOf, type SsoSettings } from '../../src/aws/signIn';
import { checkedUrl, signInToSso, type SsoSignInEvent, type SsoSignInOptions } from '../../src/aws/ssoSignIn';
import { readSsoToken, removeSsoToken, type SsoToken } from '../../src/aws/ssoToken';
import type { UserError } from '../../src/base/errors';
import { useAwsHome } from '../support/awsHome';
import { useSandbox } from '../support/sandboxClients';

const START_URL = 'https://example.awsapps.com/start';
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

describe('signing in to IAM Identity Center', () => {
  const sandbox = useSandbox();
  const home = useAwsHome();
  const context: AwsContext = {
    label: 'sso',
    source: { kind: 'profile', profile: 'sso' },
    region: 'eu-central-1',
  };
  const ROLE = 'sso_account_id = 123456789012\nsso_role_name = Developer\n';
  const SESSION = `[profile sso]\nsso_session = our\n${ROLE}[sso-session our]\nsso_start_url = ${START_URL}\nsso_region = us-east-1\nsso_registration_scopes = sso:account:access\n`;
  const LEGACY = `[profile sso]\nsso_start_url = ${START_URL}\nsso_region = us-east-1\n${ROLE}`;

  const settingsOf = async (config: string): Promise<SsoSettings> => {
    home.files({ config, variables: { AWS_ENDPOINT_URL: sandbox.endpoint } });
    const { sso } = signInOf(context, await loadProfiles());
    assert.ok(sso);
    return sso;
  };
  const signIn = (settings: SsoSettings, more: SsoSignInOptions = {}): AsyncGenerator<SsoSignInEvent> =>
    signInToSso(settings, { endpoint: sandbox.endpoint, ...more });
  /** Does what a browser does with the address that it is to open. */
  const complete = async (settings: SsoSettings, more?: SsoSignInOptions): Promise<string[]> => {
    const kinds: string[] = [];
    for await (const event of signIn(settings, more)) {
      kinds.push(event.kind);
      if (event.kind === 'openBrowser') {
        assert.equal((await fetch(event.url)).status, 200);
      }
    }
    return kinds;
  };
  const tokenOf = (id: string): SsoToken => JSON.parse(readFileSync(home.tokenFile(id), 'utf8')) as SsoToken;
  const list = async (): Promise<unknown> => {
    const session = createSession(context);
    try {
      return await collect(session.ecr.repositories());
    } finally {
      session.dispose();
    }
  };

  it("keeps the token where the AWS CLI looks for it, for the user's eyes alone", async () => {
    const settings = await settingsOf(SESSION);
    assert.deepEqual(await complete(settings), ['openBrowser', 'signedIn']);
    const { accessToken, clientId, clientSecret, refreshToken, ...rest } = tokenOf('our');
    for (const secret of [accessToken, clientId, clientSecret, refreshToken]) {
      assert.ok(secret);
    }
    assert.deepEqual(Object.keys(rest).sort(), ['expiresAt', 'region', 'registrationExpiresAt', 'startUrl']);
    assert.match(rest.expiresAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.deepEqual([rest.startUrl, rest.region], [START_URL, 'us-east-1']);
    assert.equal(statSync(home.tokenFile('our')).mode & 0o777, 0o600);
  });

  it('has the SDK find credentials, without any program beside', async () => {
    const settings = await settingsOf(SESSION);
    await assert.rejects(list(), { action: 'signIn' });
    await complete(settings);
    assert.deepEqual(await list(), []);
    assert.equal(await removeSsoToken(settings), true);
    await assert.rejects(list(), { action: 'signIn' });
    assert.equal(await removeSsoToken(settings), false);
  });

  it('is refreshed by the SDK once the token has ended, and stays readable for the user alone', async () => {
    await complete(await settingsOf(SESSION));
    const before = tokenOf('our');
    writeFileSync(home.tokenFile('our'), JSON.stringify({ ...before, expiresAt: '2020-01-01T00:00:00Z' }));
    assert.deepEqual(await list(), []);
    const after = tokenOf('our');
    assert.notEqual(after.accessToken, before.accessToken);
    assert.equal(after.refreshToken, before.refreshToken);
    assert.equal(statSync(home.tokenFile('our')).mode & 0o777, 0o600);
  });

  it('confirms a code where the profile has the older form', async () => {
    const settings = await settingsOf(LEGACY);
    assert.equal(settings.session, undefined);
    const events: SsoSignInEvent[] = [];
    for await (const event of signIn(settings)) {
      events.push(event);
      if (event.kind === 'openBrowser') {
        assert.match(event.userCode ?? '', /^[0-9A-F]{4}-[0-9A-F]{4}$/);
        await fetch(event.url);
      }
    }
    assert.equal(tokenOf(START_URL).refreshToken, undefined);
    assert.deepEqual(await list(), []);
  });

  it('confirms a code where the browser is on another machine, and waits until it is confirmed', async () => {
    const settings = await settingsOf(SESSION);
    let confirmed = false;
    for await (const event of signIn(settings, { remoteBrowser: true })) {
      if (event.kind === 'openBrowser') {
        const { url } = event;
        setTimeout(() => void fetch(url).then(() => (confirmed = true)), 1_200);
      }
    }
    assert.equal(confirmed, true);
    assert.ok(tokenOf('our').refreshToken);
  });

  it('is not put off by one refusal for its rate', async () => {
    const settings = await settingsOf(SESSION);
    await sandbox.control('POST', 'faults', { operation: 'RegisterClient', kind: 'throttle', count: 1 });
    assert.deepEqual(await complete(settings), ['openBrowser', 'signedIn']);
  });

  it('falls back to a code where the service knows no redirect', async () => {
    const settings = await settingsOf(SESSION);
    // A service of the time before: it passes on all but registrations with a redirect.
    const older = createServer((request, response) => {
      void text(request).then(async (body) => {
        if (body.includes('redirectUris')) {
          response.writeHead(400, { 'x-amzn-errortype': 'InvalidRedirectUriException' }).end('{}');
          return;
        }
        const answer = await fetch(`${sandbox.endpoint}${request.url ?? ''}`, { method: 'POST', body });
        const type = answer.headers.get('x-amzn-errortype');
        response.writeHead(answer.status, type === null ? {} : { 'x-amzn-errortype': type });
        response.end(await answer.text());
      });
    });
    await new Promise<void>((resolve) => older.listen(0, '127.0.0.1', resolve));
    try {
      const endpoint = `http://127.0.0.1:${(older.address() as AddressInfo).port}`;
      const codes: (string | undefined)[] = [];
      for await (const event of signIn(settings, { endpoint })) {
        if (event.kind === 'openBrowser') {
          codes.push(event.userCode);
          await fetch(event.url);
        }
      }
      assert.match(codes.join(), /^[0-9A-F]{4}-[0-9A-F]{4}$/);
    } finally {
      older.close();
      older.closeAllConnections();
    }
  });

  it('turns away a redirect with a state that is not its own, and waits on', async () => {
    const settings = await settingsOf(SESSION);
    for await (const event of signIn(settings)) {
      if (event.kind === 'openBrowser') {
        const redirect = new URL(new URL(event.url).searchParams.get('redirect_uri') ?? '');
        assert.match(redirect.href, /^http:\/\/127\.0\.0\.1:\d+\/oauth\/callback$/);
        redirect.search = '?code=stolen&state=guessed';
        const answer = await fetch(redirect);
        assert.equal(answer.status, 404);
        assert.doesNotMatch(await answer.text(), /stolen|guessed/);
        await fetch(event.url);
      }
    }
    assert.ok(await readSsoToken(settings));
  });

  it('says that it was not completed when the browser comes back without a code', async () => {
    const settings = await settingsOf(SESSION);
    const events = signIn(settings);
    const { value } = (await events.next()) as { value: { url: string } };
    const { searchParams } = new URL(value.url);
    const redirect = new URL(searchParams.get('redirect_uri') ?? '');
    redirect.search = `?error=access_denied&state=${searchParams.get('state')}`;
    assert.equal((await fetch(redirect)).status, 400);
    await assert.rejects(events.next(), { reason: 'signInRefused', message: /access_denied/ });
    await assert.rejects(fetch(redirect), 'nothing listens any more');
  });

  for (const remoteBrowser of [false, true]) {
    it(`ends when it is cancelled ${remoteBrowser ? 'while it asks for the token' : 'while it waits for the browser'}`, async () => {
      const settings = await settingsOf(SESSION);
      const cancelled = new AbortController();
      const events = signIn(settings, { remoteBrowser, signal: cancelled.signal });
      await events.next();
      const rest = events.next();
      cancelled.abort();
      await assert.rejects(rest, { reason: 'cancelled' });
      assert.equal(await readSsoToken(settings), undefined);
    });
  }

  it('ends when it is cancelled before anything could be opened in a browser', async () => {
    const settings = await settingsOf(SESSION);
    const cancelled = new AbortController();
    const slow = createServer((request, response) => {
      cancelled.abort();
      void text(request).then(async (body) => {
        const answer = await fetch(`${sandbox.endpoint}${request.url ?? ''}`, { method: 'POST', body });
        response.writeHead(answer.status).end(await answer.text());
      });
    });
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    try {
      const endpoint = `http://127.0.0.1:${(slow.address() as AddressInfo).port}`;
      const events = signIn(settings, { endpoint, signal: cancelled.signal });
      await assert.rejects(events.next(), { reason: 'cancelled' });
    } finally {
      slow.close();
      slow.closeAllConnections();
    }
  });

  it('turns away an address that is none, and waits on', async () => {
    const settings = await settingsOf(SESSION);
    for await (const event of signIn(settings)) {
      if (event.kind === 'openBrowser') {
        const { hostname, port } = new URL(new URL(event.url).searchParams.get('redirect_uri') ?? '');
        const status = await new Promise((resolve, reject) => {
          get({ hostname, port, path: '//' }, (answer) => resolve(answer.resume().statusCode)).on(
            'error',
            reject,
          );
        });
        assert.equal(status, 404);
        await fetch(event.url);
      }
    }
    assert.ok(await readSsoToken(settings));
  });

  it('says what to check when the start URL is refused, without a secret', async () => {
    const settings = { ...(await settingsOf(LEGACY)), startUrl: 'nowhere' };
    await assert.rejects(complete(settings), (error: UserError) => {
      assert.equal(error.action, 'openAwsConfig');
      assert.match(error.message, /Could not sign in to nowhere: check sso_start_url/);
      return true;
    });
  });

  it('says that the service cannot be reached', async () => {
    const settings = await settingsOf(SESSION);
    await assert.rejects(complete(settings, { endpoint: 'http://127.0.0.1:1' }), {
      reason: 'endpointUnreachable',
      action: 'signIn',
    });
  });

  it('opens nothing but pages over TLS and those of this machine', () => {
    for (const url of [
      'https://device.sso.us-east-1.amazonaws.com/?user_code=A',
      'http://127.0.0.1:1/device',
    ]) {
      assert.equal(checkedUrl(url), url);
    }
    for (const url of [
      '',
      'device',
      'file:///etc/passwd',
      'vscode://evil',
      'command:workbench.action.quit',
      'http://example.com/',
      'http://127.0.0.1.example.com/',
      'javascript:alert(1)',
    ]) {
      assert.throws(() => checkedUrl(url), { reason: 'signInRefused' }, url);
    }
  });

  describe('in the sandbox', () => {
    let client: SSOOIDCClient;
    before(() => {
      client = new SSOOIDCClient({ endpoint: sandbox.endpoint, region: 'us-east-1', maxAttempts: 1 });
    });
    after(() => client.destroy());
    const register = (grantTypes = [DEVICE_GRANT, 'refresh_token']) =>
      client.send(
        new RegisterClientCommand({ clientName: 'x', clientType: 'public', grantTypes, scopes: ['a'] }),
      );

    it('gives the errors of a device code that is pending, asked for too often, and not known', async () => {
      const { clientId, clientSecret } = await register();
      const { deviceCode, verificationUriComplete } = await client.send(
        new StartDeviceAuthorizationCommand({ clientId, clientSecret, startUrl: START_URL }),
      );
      const token = (code = deviceCode) =>
        client.send(
          new CreateTokenCommand({ clientId, clientSecret, grantType: DEVICE_GRANT, deviceCode: code }),
        );
      await assert.rejects(token(), {
        name: 'AuthorizationPendingException',
        error: 'authorization_pending',
      });
      await assert.rejects(token(), { name: 'SlowDownException', error: 'slow_down' });
      await assert.rejects(token('other'), { name: 'InvalidGrantException', error: 'invalid_grant' });
      await fetch(verificationUriComplete ?? '');
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      assert.equal((await token()).tokenType, 'Bearer');
      await assert.rejects(token(), { name: 'InvalidGrantException' }, 'a code is good once');
    });

    it('gives the errors of clients and grants that it does not know', async () => {
      const { clientId, clientSecret } = await register();
      const token = (grantType: string, more: object) =>
        client.send(new CreateTokenCommand({ clientId, clientSecret, grantType, ...more }));
      await assert.rejects(token(DEVICE_GRANT, { clientSecret: 'x' }), { name: 'InvalidClientException' });
      await assert.rejects(token('password', {}), { name: 'UnsupportedGrantTypeException' });
      await assert.rejects(token('authorization_code', { code: 'x' }), {
        name: 'UnauthorizedClientException',
      });
      await assert.rejects(token('refresh_token', { refreshToken: 'x' }), { name: 'InvalidGrantException' });
    });

    it('gives no token for a code with another verifier', async () => {
      const settings = await settingsOf(SESSION);
      const events = signIn(settings);
      const { value } = (await events.next()) as { value: { url: string } };
      const changed = new URL(value.url);
      changed.searchParams.set('code_challenge', 'of-somebody-else');
      const rest = events.next();
      await fetch(changed);
      await assert.rejects(rest, { reason: 'signInRefused', message: /InvalidGrantException/ });
    });

    it('sends no browser to another machine', async () => {
      const { clientId } = await register(['authorization_code']);
      const query = new URLSearchParams({ client_id: clientId ?? '', redirect_uri: 'http://example.com/' });
      const answer = await fetch(`${sandbox.endpoint}/authorize?${query.toString()}`, { redirect: 'manual' });
      assert.deepEqual([answer.status, answer.headers.get('location')], [400, null]);
    });
  });
});
