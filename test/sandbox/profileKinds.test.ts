import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import type { AwsContext } from '../../src/aws/context';
import { collect } from '../../src/aws/page';
import { SessionPool, type AwsSession, type SessionHooks } from '../../src/aws/session';
import { UserError } from '../../src/base/errors';
import { useAwsHome } from '../support/awsHome';
import { CredentialSources } from '../support/credentialSources';

const ROLE = (name: string): string => `role_arn = arn:aws:iam::123456789012:role/${name}`;
const SERIAL = 'arn:aws:iam::123456789012:mfa/someone';
const START_URL = 'https://example.awsapps.com/start';
const LATER = new Date(Date.now() + 3_600_000).toISOString();
const SSO =
  '[profile sso]\nsso_session = our\nsso_account_id = 123456789012\nsso_role_name = Developer\n' +
  `[sso-session our]\nsso_start_url = ${START_URL}\nsso_region = us-east-1\n`;
const token = (expiresAt = LATER): string =>
  JSON.stringify({ accessToken: 'token-of-the-cache', expiresAt, region: 'us-east-1', startUrl: START_URL });

describe('a profile', () => {
  const home = useAwsHome();
  const pools: SessionPool[] = [];
  let sources: CredentialSources;
  let endpoint: string;

  beforeEach(async () => {
    sources = new CredentialSources();
    endpoint = await sources.open();
  });
  afterEach(() => {
    pools.splice(0).forEach((pool) => pool.dispose());
    sources.close();
  });

  const open = (profile: string | undefined, hooks?: SessionHooks): AwsSession => {
    const context: AwsContext = {
      label: profile ?? 'default credentials',
      source: profile === undefined ? { kind: 'default' } : { kind: 'profile', profile },
      region: 'eu-central-1',
    };
    const pool = new SessionPool(hooks);
    const session = pool.get(context);
    pools.push(pool);
    return session;
  };
  const list = (session: AwsSession): Promise<unknown> => collect(session.ecr.repositories());
  const useEndpoint = (): Record<string, string> => ({ AWS_ENDPOINT_URL: endpoint });

  interface Kind {
    readonly name: string;
    readonly config?: () => string;
    readonly credentials?: string;
    readonly variables?: () => Record<string, string>;
    readonly prepare?: () => void;
    /** Profile, or the default credentials. */
    readonly profile?: string;
    readonly seen: readonly string[];
  }
  const KEYS = '[keys]\naws_access_key_id = AKIAKEYS\naws_secret_access_key = example\n';
  const KINDS: readonly Kind[] = [
    { name: 'keys', credentials: KEYS, profile: 'keys', seen: ['AKIAKEYS DescribeRepositories'] },
    {
      name: 'temporary keys',
      credentials: `[temp]\naws_access_key_id = ASIATEMP\naws_secret_access_key = example\naws_session_token = example\n`,
      profile: 'temp',
      seen: ['ASIATEMP DescribeRepositories'],
    },
    {
      name: 'a role that a role assumes that keys assume',
      config: () =>
        `[profile middle]\n${ROLE('middle')}\nsource_profile = keys\n[profile top]\n${ROLE('top')}\nsource_profile = middle\n`,
      credentials: KEYS,
      profile: 'top',
      seen: ['AKIAKEYS AssumeRole', 'ASIAMIDDLE AssumeRole', 'ASIATOP DescribeRepositories'],
    },
    {
      name: 'a role that its own keys assume',
      credentials: `${KEYS}${ROLE('own')}\nsource_profile = keys\n`,
      profile: 'keys',
      seen: ['AKIAKEYS AssumeRole', 'ASIAOWN DescribeRepositories'],
    },
    {
      name: "a role that the environment's keys assume",
      config: () => `[profile env]\n${ROLE('fromenv')}\ncredential_source = Environment\n`,
      variables: () => ({ AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 'example' }),
      profile: 'env',
      seen: ['AKIAENV AssumeRole', 'ASIAFROMENV DescribeRepositories'],
    },
    {
      name: 'a program',
      config: () => {
        const answer = { Version: 1, AccessKeyId: 'AKIAPROCESS', SecretAccessKey: 'example' };
        const program = home.write('keys.js', `console.log(${JSON.stringify(JSON.stringify(answer))})`);
        return `[profile process]\ncredential_process = "${process.execPath}" "${program}"\n`;
      },
      profile: 'process',
      seen: ['AKIAPROCESS DescribeRepositories'],
    },
    {
      name: 'web identity',
      config: () =>
        `[profile web]\n${ROLE('web')}\nweb_identity_token_file = ${home.write('token', 'token-of-the-file')}\n`,
      profile: 'web',
      seen: ['AssumeRoleWithWebIdentity', 'ASIAWEB DescribeRepositories'],
    },
    {
      name: 'web identity of the environment',
      variables: () => ({
        AWS_WEB_IDENTITY_TOKEN_FILE: home.write('token', 'token-of-the-file'),
        AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/pod',
      }),
      seen: ['AssumeRoleWithWebIdentity', 'ASIAPOD DescribeRepositories'],
    },
    {
      name: 'a container role',
      variables: () => ({
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `${endpoint}/container`,
        AWS_CONTAINER_AUTHORIZATION_TOKEN: 'token-of-the-container',
      }),
      seen: ['GET /container', 'AKIACONTAINER DescribeRepositories'],
    },
    {
      name: 'a role that a container role assumes',
      config: () => `[profile of-container]\n${ROLE('top')}\ncredential_source = EcsContainer\n`,
      variables: () => ({
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `${endpoint}/container`,
        AWS_CONTAINER_AUTHORIZATION_TOKEN: 'token-of-the-container',
      }),
      profile: 'of-container',
      seen: ['GET /container', 'AKIACONTAINER AssumeRole', 'ASIATOP DescribeRepositories'],
    },
    {
      name: 'an instance role',
      variables: () => ({
        AWS_EC2_METADATA_DISABLED: 'false',
        AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint,
      }),
      seen: [
        'PUT /latest/api/token',
        'GET /latest/meta-data/iam/security-credentials/',
        'GET /latest/meta-data/iam/security-credentials/role-of-the-instance',
        'AKIAINSTANCE DescribeRepositories',
      ],
    },
    {
      name: 'a sign-in of a session of IAM Identity Center',
      config: () => SSO,
      prepare: () => home.write(home.tokenFile('our'), token()),
      profile: 'sso',
      seen: ['GET /federation/credentials', 'AKIASSO DescribeRepositories'],
    },
    {
      name: 'a sign-in of IAM Identity Center in its older form',
      config: () =>
        `[profile sso]\nsso_start_url = ${START_URL}\nsso_region = us-east-1\n` +
        'sso_account_id = 123456789012\nsso_role_name = Developer\n',
      prepare: () => home.write(home.tokenFile(START_URL), token()),
      profile: 'sso',
      seen: ['GET /federation/credentials', 'AKIASSO DescribeRepositories'],
    },
    {
      name: 'a role that a sign-in of IAM Identity Center assumes',
      config: () => `${SSO}[profile top]\n${ROLE('top')}\nsource_profile = sso\n`,
      prepare: () => home.write(home.tokenFile('our'), token()),
      profile: 'top',
      seen: ['GET /federation/credentials', 'AKIASSO AssumeRole', 'ASIATOP DescribeRepositories'],
    },
    {
      name: 'a sign-in to the console',
      config: () => '[profile login]\nlogin_session = arn:aws:iam::123456789012:user/someone\n',
      prepare: () => {
        const id = createHash('sha256').update('arn:aws:iam::123456789012:user/someone').digest('hex');
        const keys = { accessKeyId: 'ASIALOGIN', secretAccessKey: 'example', sessionToken: 'example' };
        const accessToken = { ...keys, accountId: '123456789012', expiresAt: LATER };
        const rest = { clientId: 'x', refreshToken: 'x', dpopKey: 'x' };
        home.write(`.aws/login/cache/${id}.json`, JSON.stringify({ accessToken, ...rest }));
      },
      profile: 'login',
      seen: ['ASIALOGIN DescribeRepositories'],
    },
  ];

  for (const kind of KINDS) {
    it(`of ${kind.name} resolves`, async () => {
      home.files({
        config: kind.config?.() ?? '',
        credentials: kind.credentials ?? '',
        variables: { ...useEndpoint(), ...kind.variables?.() },
      });
      kind.prepare?.();
      await list(open(kind.profile));
      assert.deepEqual(sources.seen(), kind.seen);
    });
  }

  it('of IAM Identity Center gets its credentials where it says itself, whatever the profile of the environment says', async () => {
    const here = `endpoint_url = ${endpoint}\n`;
    home.files({
      config: `${SSO.replace('[sso-session', `${here}[sso-session`)}[profile other]\nendpoint_url = http://127.0.0.1:1\n`,
      variables: { AWS_PROFILE: 'other' },
    });
    home.write(home.tokenFile('our'), token());
    await list(open('sso'));
    assert.deepEqual(sources.seen(), ['GET /federation/credentials', 'AKIASSO DescribeRepositories']);
  });

  it('whose roles assume one another is refused, and said to', async () => {
    home.files({
      config: `[profile a]\n${ROLE('a')}\nsource_profile = b\n[profile b]\n${ROLE('b')}\nsource_profile = a\n`,
      variables: useEndpoint(),
    });
    await assert.rejects(list(open('a')), { reason: 'credentialsMissing', message: /cycle/ });
    assert.deepEqual(sources.seen(), []);
  });

  describe('whose role wants a code of an MFA device', () => {
    const asked: string[] = [];
    let answer: () => Promise<string>;
    const mfaCode = (_context: AwsContext, serial: string): Promise<string> => {
      asked.push(serial);
      return answer();
    };
    beforeEach(() => {
      asked.length = 0;
      answer = () => Promise.resolve('123456');
      home.files({
        config: `[profile guarded]\n${ROLE('guarded')}\nsource_profile = keys\nmfa_serial = ${SERIAL}\n`,
        credentials: KEYS,
        variables: useEndpoint(),
      });
    });

    it('asks for it once, however many calls of however many services need it', async () => {
      const session = open('guarded', { mfaCode });
      await Promise.all([
        ...Array.from({ length: 5 }, () => list(session)),
        session.ecs.clusters().next(),
        session.logs.group('any'),
      ]);
      await list(session);
      assert.deepEqual(asked, [SERIAL]);
      assert.equal(sources.calls.filter(({ operation }) => operation === 'AssumeRole').length, 1);
      assert.equal(session.credentials.needsSignIn, false);
    });

    it('asks for it once for all regions of the profile', async () => {
      const session = open('guarded', { mfaCode });
      const elsewhere = pools[0]?.get({ ...session.context, region: 'us-east-1' });
      assert.ok(elsewhere && elsewhere !== session);
      await Promise.all([list(session), list(elsewhere)]);
      assert.deepEqual(asked, [SERIAL]);
    });

    it('is signed out when nobody answers, asks nobody again, and goes on once told to', async () => {
      answer = () => Promise.reject(new UserError('cancelled', 'Cancelled.'));
      const session = open('guarded', { mfaCode });
      let changes = 0;
      session.credentials.onDidChange(() => changes++);
      for (let times = 0; times < 3; times++) {
        await assert.rejects(list(session), {
          reason: 'credentialsMissing',
          action: 'signIn',
          message: /^Sign in to use guarded: /,
        });
      }
      await assert.rejects(session.ecs.clusters().next(), { action: 'signIn' });
      assert.equal(asked.length, 1);
      assert.deepEqual([session.credentials.needsSignIn, changes], [true, 1]);
      answer = () => Promise.resolve('123456');
      session.credentials.renew();
      await list(session);
      assert.deepEqual([session.credentials.needsSignIn, changes, asked.length], [false, 2, 2]);
    });

    it('says that a code was not accepted, and does not try it again by itself', async () => {
      answer = () => Promise.resolve('000000');
      const session = open('guarded', { mfaCode });
      await assert.rejects(list(session), { action: 'signIn', message: /Wait for the device's next code/ });
      await assert.rejects(list(session), { action: 'signIn' });
      assert.deepEqual(asked, [SERIAL]);
      assert.deepEqual(sources.seen(), ['AKIAKEYS AssumeRole']);
    });

    it('does not repeat what a refusal of the signature gives away', async () => {
      answer = () => Promise.resolve('000000');
      sources.refusal =
        'The request signature we calculated does not match.\n\n' +
        "The Canonical String for this request should have been\n'POST\n/\n\nx-amz-security-token:SESSIONTOKEN'";
      await assert.rejects(list(open('guarded', { mfaCode })), (error: Error) => {
        assert.match(
          error.message,
          /next code, then sign in again\. .*signature we calculated does not match\.$/,
        );
        assert.doesNotMatch(`${error.message} ${inspect(error.cause)}`, /SESSIONTOKEN/);
        return true;
      });
    });

    it('says when the session has ended instead of asking in the middle of something', async () => {
      sources.sessionMilliseconds = 2000;
      const session = open('guarded', { mfaCode });
      await list(session);
      await new Promise((resolve) => setTimeout(resolve, 2100));
      await assert.rejects(list(session), { reason: 'credentialsExpired', action: 'signIn' });
      assert.deepEqual([asked.length, session.credentials.needsSignIn], [1, true]);
    });

    it('is refused where nobody can be asked', async () => {
      await assert.rejects(list(open('guarded')), { reason: 'credentialsMissing', message: /multi-factor/ });
    });
  });

  describe('of IAM Identity Center to which nobody is signed in', () => {
    const writeToken = (text: string): string => home.write(home.tokenFile('our'), text);
    beforeEach(() => home.files({ config: SSO, variables: useEndpoint() }));

    for (const [what, text, reason] of [
      ['there is no token', undefined, 'credentialsMissing'],
      ['the token cannot be read', '{', 'credentialsMissing'],
      ['the token has ended', token('2020-01-01T00:00:00Z'), 'credentialsExpired'],
      [
        'the portal does not know the token',
        token().replace('of-the-cache', 'revoked'),
        'credentialsExpired',
      ],
    ] as const) {
      it(`says so where ${what}, and goes on by itself once there is one`, async () => {
        if (text !== undefined) {
          writeToken(text);
        }
        const session = open('sso');
        await assert.rejects(list(session), {
          reason,
          action: 'signIn',
          message: /^Sign in to use sso: .* \(our\)\.$/,
        });
        assert.equal(session.credentials.needsSignIn, true);
        writeToken(token());
        await list(session);
        assert.equal(session.credentials.needsSignIn, false);
      });
    }

    it('is not taken for signed out when the portal cannot be reached', async () => {
      writeToken(token());
      sources.close();
      const session = open('sso');
      await assert.rejects(list(session), (error: UserError) => error.action !== 'signIn');
      assert.equal(session.credentials.needsSignIn, false);
    }).timeout(60_000);
  });

  it('of a console sign-in that has ended says what to run', async () => {
    home.files({
      config: '[profile login]\nlogin_session = arn:aws:iam::123456789012:user/someone\n',
      variables: useEndpoint(),
    });
    await assert.rejects(list(open('login')), { action: 'signIn', message: /aws login --profile login/ });
  });
});
