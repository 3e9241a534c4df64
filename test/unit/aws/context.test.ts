import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { contextKey, type AwsContext } from '../../../src/aws/context';
import { SessionPool } from '../../../src/aws/session';

const work: AwsContext = {
  label: 'work',
  source: { kind: 'profile', profile: 'work' },
  region: 'eu-central-1',
};

describe('the key of a context', () => {
  it('differs for each of profile, region, endpoint and kind of credentials', () => {
    const contexts: AwsContext[] = [
      work,
      { ...work, source: { kind: 'profile', profile: 'play' } },
      { ...work, region: 'us-east-1' },
      { ...work, endpoint: 'http://127.0.0.1:1' },
      { ...work, source: { kind: 'default' } },
      { ...work, source: { kind: 'profile', profile: 'default' } },
      { ...work, source: { kind: 'static', accessKeyId: 'work', secretAccessKey: 'x' } },
    ];
    assert.equal(new Set(contexts.map(contextKey)).size, contexts.length);
  });

  it('does not depend on the label, and holds no secret', () => {
    assert.equal(contextKey({ ...work, label: 'other' }), contextKey(work));
    const source = { kind: 'static', accessKeyId: 'a', secretAccessKey: 'open sesame' } as const;
    assert.ok(!contextKey({ ...work, source }).includes('open sesame'));
  });

  it('cannot be made equal by names that imitate its form', () => {
    const part = fc.string({ unit: fc.constantFrom('a', '"', ',', '[', ']', '\\'), maxLength: 4 });
    const context = fc.record({ profile: part, region: part, endpoint: part });
    const keyOf = ({ profile, region, endpoint }: { profile: string; region: string; endpoint: string }) =>
      contextKey({ label: '', source: { kind: 'profile', profile }, region, endpoint });
    fc.assert(
      fc.property(context, context, (a, b) => {
        assert.equal(keyOf(a) === keyOf(b), JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });
});

describe('the pool of sessions', () => {
  it('gives one context always the same gateways, and two contexts no gateway in common', () => {
    const pool = new SessionPool();
    const first = pool.get(work);
    assert.equal(pool.get({ ...work, label: 'the same by another name' }), first);
    const second = pool.get({ ...work, region: 'us-east-1' });
    for (const gateway of ['ecr', 'ecs', 'logs'] as const) {
      assert.notEqual(second[gateway], first[gateway]);
      assert.equal(second[gateway].context.region, 'us-east-1');
    }
    pool.dispose();
    assert.notEqual(pool.get(work), first);
  });
});
