import assert from 'node:assert/strict';
import { UserError } from '../../../src/base/errors';
import { verifyDigest } from '../../../src/image/verifyDigest';

const URI = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/web:v1';
const OURS = `sha256:${'1'.repeat(64)}`;
const THEIRS = `sha256:${'2'.repeat(64)}`;

describe('comparing digests after a push', function () {
  this.timeout(10_000);

  const verify = async (
    pushed: string | undefined,
    answers: (reference: string, call: number) => string | undefined,
    signal?: AbortSignal,
  ): Promise<{ digest: string; warnings: string[] }> => {
    const warnings: string[] = [];
    let calls = 0;
    const digest = await verifyDigest(
      URI,
      pushed,
      { findDigest: async (reference) => answers(reference, ++calls) },
      (message) => warnings.push(message),
      signal,
    );
    return { digest, warnings };
  };

  it('accepts a tag that has what was pushed', async () => {
    assert.deepEqual(await verify(OURS, () => OURS), { digest: OURS, warnings: [] });
  });

  it('waits a moment for the repository to tell', async () => {
    const { digest } = await verify(OURS, (_reference, call) => (call > 1 ? OURS : undefined));
    assert.equal(digest, OURS);
  });

  it('accepts that another push has moved the tag meanwhile, and says so', async () => {
    const { digest, warnings } = await verify(OURS, (reference) => (reference === OURS ? OURS : THEIRS));
    assert.equal(digest, OURS);
    assert.match(warnings[0] ?? '', /"v1".*another push/);
  });

  it('fails when the repository has another image, and not the one that was pushed', async () => {
    await assert.rejects(
      verify(OURS, (reference) => (reference === 'v1' ? THEIRS : undefined)),
      { reason: 'pushFailed', message: new RegExp(`pushed ${OURS}, found ${THEIRS}`) },
    );
  });

  it('takes ECR’s digest when the engine gave none', async () => {
    assert.equal((await verify(undefined, () => THEIRS)).digest, THEIRS);
  });

  it('does not undo a push because ECR cannot be asked', async () => {
    const { digest, warnings } = await verify(OURS, () => {
      throw new UserError('accessDenied', 'not allowed');
    });
    assert.equal(digest, OURS);
    assert.match(warnings[0] ?? '', /not allowed/);
  });

  it('can be cancelled while it waits', async () => {
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 50);
    await assert.rejects(
      verify(OURS, () => undefined, cancel.signal),
      { reason: 'cancelled' },
    );
  });
});
