import assert from 'node:assert/strict';
import type { AwsContext } from '../../src/aws/context';
import { collect } from '../../src/aws/page';
import { SessionPool, type SessionHooks } from '../../src/aws/session';
import { UserError } from '../../src/base/errors';
import { useAwsHome } from '../support/awsHome';
import { CredentialSources } from '../support/credentialSources';

const WORK: AwsContext = {
  label: 'work',
  source: { kind: 'profile', profile: 'work' },
  region: 'eu-central-1',
};
const ELSEWHERE: AwsContext = { ...WORK, region: 'us-east-1' };

describe('the sessions of a profile', () => {
  const home = useAwsHome();
  let sources: CredentialSources;
  let endpoint: string;
  let pool: SessionPool;

  const start = (hooks?: SessionHooks): void => {
    pool = new SessionPool(hooks);
  };
  beforeEach(async () => {
    sources = new CredentialSources();
    endpoint = await sources.open();
    start();
  });
  afterEach(() => {
    pool.dispose();
    sources.close();
  });

  const keys = (id: string, more = ''): void =>
    home.files({
      config: more,
      credentials: `[work]\naws_access_key_id = ${id}\naws_secret_access_key = example\n`,
      variables: { AWS_ENDPOINT_URL: endpoint },
    });
  const list = (context: AwsContext): Promise<unknown> => collect(pool.get(context).ecr.repositories());

  it('take the keys that were written while it was closed', async () => {
    keys('AKIAOLD');
    await list(WORK);
    pool.release(WORK);
    keys('AKIANEW');
    pool.renew(({ source }) => source.kind === 'profile' && source.profile === 'work');
    await list(WORK);
    assert.deepEqual(sources.seen(), ['AKIAOLD DescribeRepositories', 'AKIANEW DescribeRepositories']);
  });

  it('know in each region, and when opened again, that somebody has to sign in', async () => {
    start({ mfaCode: () => Promise.reject(new UserError('cancelled', 'Cancelled.')) });
    const role = 'arn:aws:iam::123456789012:role/top';
    const serial = 'arn:aws:iam::123456789012:mfa/someone';
    keys('AKIAWORK', `[profile top]\nrole_arn = ${role}\nsource_profile = work\nmfa_serial = ${serial}\n`);
    const top: AwsContext = { ...WORK, source: { kind: 'profile', profile: 'top' } };
    assert.equal(pool.needsSignIn(top), false);
    await assert.rejects(list(top), { action: 'signIn' });
    assert.equal(pool.needsSignIn({ ...top, region: 'us-east-1' }), true);
    pool.release(top);
    assert.equal(pool.needsSignIn(top), true);
    assert.equal(pool.needsSignIn(WORK), false);
  });

  it('ask whose credentials they are once, and again when they are others', async () => {
    keys('AKIAOLD');
    const session = pool.get(WORK);
    const arns = async (): Promise<string[]> =>
      (await Promise.all([session.identity(), session.identity(new AbortController().signal)])).map(
        ({ arn }) => arn,
      );
    assert.deepEqual(new Set(await arns()), new Set(['arn:aws:iam::123456789012:user/AKIAOLD']));
    keys('AKIANEW');
    pool.renew(() => true);
    assert.deepEqual(new Set(await arns()), new Set(['arn:aws:iam::123456789012:user/AKIANEW']));
    assert.deepEqual(sources.seen(), ['AKIAOLD GetCallerIdentity', 'AKIANEW GetCallerIdentity']);
  });

  it('give whose they are to who still wants to know, when who asked first does not any more', async () => {
    keys('AKIAWORK');
    const session = pool.get(ELSEWHERE);
    const stop = new AbortController();
    const [first, second] = [session.identity(stop.signal), session.identity()];
    stop.abort();
    await assert.rejects(first, { reason: 'cancelled' });
    assert.equal((await second).accountId, '123456789012');
    await assert.rejects(session.identity(stop.signal), { reason: 'cancelled' });
    assert.equal(sources.calls.length, 1);
  });
});
