import assert from 'node:assert/strict';
import type { AwsContext } from '../../src/aws/context';
import { collect } from '../../src/aws/page';
import { createSession } from '../../src/aws/session';
import { useAwsHome } from '../support/awsHome';
import { CredentialSources } from '../support/credentialSources';
import { startTlsFront, TEST_CERTIFICATE, type LoopbackServer } from '../support/loopbackTls';

describe('a service whose certificate no well-known authority has signed', () => {
  const home = useAwsHome();
  let sources: CredentialSources;
  let front: LoopbackServer;

  beforeEach(async () => {
    sources = new CredentialSources();
    front = await startTlsFront(Number(new URL(await sources.open()).port));
  });
  afterEach(() => {
    front.close();
    sources.close();
  });

  const context: AwsContext = {
    label: 'role',
    source: { kind: 'profile', profile: 'role' },
    region: 'eu-central-1',
  };
  const list = async (config: string, variables: Record<string, string> = {}): Promise<unknown> => {
    home.files({
      config: `[profile role]\nrole_arn = arn:aws:iam::123456789012:role/top\nsource_profile = keys\n${config}`,
      credentials: '[keys]\naws_access_key_id = AKIAKEYS\naws_secret_access_key = example\n',
      variables: { AWS_ENDPOINT_URL: `https://127.0.0.1:${front.port}`, ...variables },
    });
    const session = createSession(context);
    try {
      return await collect(session.ecr.repositories());
    } finally {
      session.dispose();
    }
  };
  const bundle = (): string => home.write('authorities.pem', TEST_CERTIFICATE);

  it('is not talked to', async () => {
    await assert.rejects(list(''), { message: /self.signed certificate/ });
    assert.deepEqual(sources.seen(), []);
  });

  it('is talked to where the profile names the authority, also to assume its role', async () => {
    await list(`ca_bundle = ${bundle()}\n`);
    assert.deepEqual(sources.seen(), ['AKIAKEYS AssumeRole', 'ASIATOP DescribeRepositories']);
  });

  it('is talked to where the environment names the authority', async () => {
    await list('', { AWS_CA_BUNDLE: bundle() });
    assert.equal(sources.calls.length, 2);
  });

  it('is not asked for where the file of the authorities cannot be read, which is said', async () => {
    await assert.rejects(list('ca_bundle = /nowhere/authorities.pem\n'), {
      reason: 'invalidInput',
      action: 'openAwsConfig',
      message: /ca_bundle cannot be read: .*\/nowhere\/authorities\.pem/,
    });
  });
});
