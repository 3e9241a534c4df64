import assert from 'node:assert/strict';
import type { AwsContext } from '../../../src/aws/context';
import { loadProfiles } from '../../../src/aws/profiles';
import { signInOf, type SignIn } from '../../../src/aws/signIn';
import { signInFiles } from '../../../src/aws/ssoToken';
import { useAwsHome } from '../../support/awsHome';

const START_URL = 'https://example.awsapps.com/start';
const SERIAL = 'arn:aws:iam::123456789012:mfa/someone';
const ROLE = 'role_arn = arn:aws:iam::123456789012:role/top';

const CONFIG = `
[default]
sso_session = our
[profile session]
sso_session = our
[profile older]
sso_start_url = ${START_URL}
sso_region = eu-west-1
[profile of-session]
${ROLE}
source_profile = of-older
[profile of-older]
${ROLE}
source_profile = older
mfa_serial = ${SERIAL}
[profile coded]
${ROLE}
source_profile = keys
mfa_serial = ${SERIAL}
[profile keys]
aws_access_key_id = AKIAEXAMPLE
aws_secret_access_key = secret-of-keys
[profile console]
login_session = arn:aws:iam::123456789012:user/someone
[profile around]
${ROLE}
source_profile = around
[profile lost]
sso_session = nowhere
[sso-session our]
sso_start_url = ${START_URL}
sso_region = us-east-1
sso_registration_scopes = sso:account:access, codewhisperer:completions
`;

describe('what a person has to do before a context can be used', () => {
  const home = useAwsHome();
  beforeEach(() => home.files({ config: CONFIG }));

  const our = {
    session: 'our',
    startUrl: START_URL,
    region: 'us-east-1',
    scopes: ['sso:account:access', 'codewhisperer:completions'],
  };
  const older = {
    session: undefined,
    startUrl: START_URL,
    region: 'eu-west-1',
    scopes: ['sso:account:access'],
  };
  const console = { profile: 'console', session: 'arn:aws:iam::123456789012:user/someone' };
  const cases: readonly (readonly [string | undefined, SignIn])[] = [
    ['session', { sso: our }],
    ['older', { sso: older }],
    ['of-session', { mfaSerial: SERIAL, sso: older }],
    ['coded', { mfaSerial: SERIAL }],
    ['keys', {}],
    ['console', { login: console }],
    ['around', {}],
    ['lost', {}],
    ['missing', {}],
    [undefined, { sso: our }],
  ];
  const contextOf = (profile: string | undefined): AwsContext => ({
    label: 'x',
    source: profile === undefined ? { kind: 'default' } : { kind: 'profile', profile },
    region: 'eu-central-1',
  });
  for (const [profile, expected] of cases) {
    it(`is found for ${profile ?? 'the default credentials'}`, async () => {
      assert.deepEqual(signInOf(contextOf(profile), await loadProfiles()), expected);
    });
  }

  it('is seen in the files that the AWS CLI keeps', async () => {
    assert.deepEqual(await signInFiles({ sso: our }), [home.tokenFile('our')]);
    assert.deepEqual(await signInFiles({ sso: older }), [home.tokenFile(START_URL)]);
    const [login = ''] = await signInFiles({ login: console }, { AWS_LOGIN_CACHE_DIRECTORY: '/cache' });
    assert.match(login, /^\/cache\/[0-9a-f]{64}\.json$/);
    assert.deepEqual(await signInFiles({ mfaSerial: SERIAL }), []);
  });
});

describe('the fingerprint of a profile', () => {
  const home = useAwsHome();
  const prints = async (config: string): Promise<Record<string, string>> => {
    home.files({ config });
    const files = await loadProfiles();
    return Object.fromEntries(files.names.map((name) => [name, files.fingerprint(name)]));
  };

  it('changes with what the profile and those that it refers to say, and with nothing else', async () => {
    const before = await prints(CONFIG);
    const changed = async (text: string, by: string): Promise<string[]> => {
      const after = await prints(CONFIG.replace(text, by));
      return Object.keys(before).filter((name) => before[name] !== after[name]);
    };
    assert.deepEqual(await changed('secret-of-keys', 'another'), ['coded', 'keys']);
    assert.deepEqual(await changed('sso_region = us-east-1', 'sso_region = us-west-2'), [
      'default',
      'session',
    ]);
    assert.deepEqual(await changed('sso_region = eu-west-1', 'sso_region = us-west-2'), [
      'of-older',
      'of-session',
      'older',
    ]);
    assert.deepEqual(await changed('\n', '\n# a comment\n'), []);
  });

  it('tells nothing of what they say', async () => {
    assert.match(Object.values(await prints(CONFIG)).join(), /^([0-9a-f]{64},?)+$/);
  });
});
