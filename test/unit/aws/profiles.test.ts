import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveEndpoint } from '../../../src/aws/endpoint';
import { hasAmbientCredentials, loadProfiles, regionOf } from '../../../src/aws/profiles';
import { awsVariables } from '../../support/awsVariables';

const CONFIG = `
[default]
region = us-east-1
endpoint_url = http://default.test

[profile work]
region = eu-central-1
aws_access_key_id = AKIAEXAMPLEEXAMPLE
aws_secret_access_key = secret-of-config

[profile "the@role"]
role_arn = arn:aws:iam::123456789012:role/Deployer
source_profile = work

[profile process]
credential_process = /opt/keys --password secret-of-process

[profile organisation]
sso_session = our
sso_account_id = 123456789012

[profile local]
endpoint_url = http://local.test
services = some

[profile ignoring]
endpoint_url = http://local.test
ignore_configured_endpoint_urls = true

[services some]
ecs =
  endpoint_url = http://ecs.test
cloudwatch_logs =
  endpoint_url = http://logs.test

[sso-session our]
sso_start_url = https://example.awsapps.com/start
`;

const CREDENTIALS = `
[work]
aws_access_key_id = AKIAEXAMPLEEXAMPLE
aws_secret_access_key = secret-of-credentials
aws_session_token = token-of-credentials

[only-keys]
aws_access_key_id = AKIAEXAMPLEEXAMPLE
aws_secret_access_key = secret-of-credentials
`;

describe('the shared config and credentials files', () => {
  let folder: string;
  const variables = awsVariables();

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'aws-profiles-'));
    writeFileSync(join(folder, 'config'), CONFIG);
    writeFileSync(join(folder, 'credentials'), CREDENTIALS);
  });
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    variables.set({
      AWS_CONFIG_FILE: join(folder, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    });
  });

  it('give the profiles of both, the default one first, and no section that is none', async () => {
    const { names, defaultProfile } = await loadProfiles();
    assert.deepEqual(names, [
      'default',
      'ignoring',
      'local',
      'only-keys',
      'organisation',
      'process',
      'the@role',
      'work',
    ]);
    assert.equal(defaultProfile, 'default');
  });

  it('give no secret, be it a key, a token or a command line', async () => {
    const files = await loadProfiles();
    const all = JSON.stringify(files.names.map((name) => files.profile(name)));
    assert.match(all, /role\/Deployer/);
    assert.doesNotMatch(all, /secret|token-of|AKIA|--password/);
  });

  it('tell how each profile gets its credentials', async () => {
    const files = await loadProfiles();
    const found = files.names.map((name) => [name, files.profile(name)?.credentials]);
    assert.deepEqual(Object.fromEntries(found), {
      default: undefined,
      ignoring: undefined,
      local: undefined,
      'only-keys': 'keys',
      organisation: 'signIn',
      process: 'process',
      'the@role': 'role',
      work: 'keys',
    });
    assert.equal(files.profile('nobody'), undefined);
    assert.equal(files.profile('constructor'), undefined);
  });

  it('count as empty where they are missing', async () => {
    variables.set({
      AWS_CONFIG_FILE: join(folder, 'none'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
    });
    assert.deepEqual((await loadProfiles()).names, []);
  });

  it('are read as they are now', async () => {
    const file = join(folder, 'changing');
    variables.set({ AWS_CONFIG_FILE: file, AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none') });
    writeFileSync(file, '[profile before]\nregion=a\n');
    assert.deepEqual((await loadProfiles()).names, ['before']);
    writeFileSync(file, '[profile after]\nregion=a\n');
    assert.deepEqual((await loadProfiles()).names, ['after']);
  });

  it('give the region of a profile, and AWS_REGION to that of the environment only', async () => {
    const files = await loadProfiles();
    assert.equal(regionOf(files, 'work', {}), 'eu-central-1');
    assert.equal(regionOf(files, undefined, {}), 'us-east-1');
    assert.equal(regionOf(files, 'work', { AWS_REGION: 'sa-east-1' }), 'eu-central-1');
    assert.equal(regionOf(files, 'only-keys', { AWS_REGION: 'sa-east-1' }), 'sa-east-1');
    assert.equal(regionOf(files, 'only-keys', {}), undefined);
    assert.equal(regionOf(files, 'default', { AWS_DEFAULT_REGION: 'sa-east-1' }), 'sa-east-1');
    const chosen = await loadProfiles({ AWS_PROFILE: 'work' });
    assert.equal(chosen.defaultProfile, 'work');
    assert.equal(regionOf(chosen, 'work', { AWS_REGION: 'sa-east-1' }), 'sa-east-1');
    assert.equal(regionOf(chosen, undefined, {}), 'eu-central-1');
  });

  it('are not the only place that credentials may be in', () => {
    assert.equal(hasAmbientCredentials({}), false);
    assert.equal(hasAmbientCredentials({ AWS_ACCESS_KEY_ID: 'AKIAEXAMPLEEXAMPLE' }), true);
    assert.equal(hasAmbientCredentials({ AWS_WEB_IDENTITY_TOKEN_FILE: '/token' }), true);
  });

  describe('say where a service is reached', () => {
    const endpoint = (profile: string | undefined, service: 'ECR' | 'ECS' | 'CLOUDWATCH_LOGS', env = {}) =>
      resolveEndpoint(
        {
          label: 'x',
          source: profile === undefined ? { kind: 'default' } : { kind: 'profile', profile },
          region: 'us-east-1',
        },
        service,
        env,
      );

    it('by the services section of the profile, then by the profile', async () => {
      assert.equal(await endpoint('local', 'ECS'), 'http://ecs.test');
      assert.equal(await endpoint('local', 'CLOUDWATCH_LOGS'), 'http://logs.test');
      assert.equal(await endpoint('local', 'ECR'), 'http://local.test');
    });

    it('by the environment first, and there by the service first', async () => {
      const env = { AWS_ENDPOINT_URL: 'http://all.test', AWS_ENDPOINT_URL_ECS: 'http://env-ecs.test' };
      assert.equal(await endpoint('local', 'ECS', env), 'http://env-ecs.test');
      assert.equal(await endpoint('local', 'ECR', env), 'http://all.test');
    });

    it("nowhere by another profile's setting", async () => {
      assert.equal(await endpoint('work', 'ECS'), undefined);
      assert.equal(await endpoint('work', 'ECS', { AWS_PROFILE: 'local' }), undefined);
      assert.equal(await endpoint(undefined, 'ECS', { AWS_PROFILE: 'local' }), 'http://ecs.test');
      assert.equal(await endpoint(undefined, 'ECS'), 'http://default.test');
    });

    it('not at all where they are told to be ignored', async () => {
      assert.equal(await endpoint('ignoring', 'ECS'), undefined);
      const env = { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true', AWS_ENDPOINT_URL: 'http://all.test' };
      assert.equal(await endpoint('local', 'ECS', env), undefined);
    });

    it("by the context's own endpoint before all", async () => {
      const context = { label: 'x', region: 'us-east-1', endpoint: 'http://own.test' } as const;
      const source = { kind: 'profile', profile: 'local' } as const;
      const env = { AWS_ENDPOINT_URL: 'http://all.test', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' };
      assert.equal(await resolveEndpoint({ ...context, source }, 'ECS', env), 'http://own.test');
    });
  });
});
