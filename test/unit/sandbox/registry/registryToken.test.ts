import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TokenIssuer } from '../../../../src/sandbox/registry/registryToken';

describe('TokenIssuer', () => {
  let dataDir: string;
  const grant = { region: 'eu-central-1', expiresAt: 2000 };

  before(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'token-'));
  });
  after(() => rmSync(dataDir, { recursive: true }));

  it('takes its own tokens, also as another process with the same data directory', () => {
    const token = new TokenIssuer(dataDir).issue(grant);
    const check = new TokenIssuer(dataDir).check(token, 1999);
    assert.ok(check.kind === 'valid');
    assert.equal(check.grant.region, 'eu-central-1');
    assert.equal(statSync(join(dataDir, 'registry.key')).mode & 0o077, 0, 'nobody else reads the key');
  });

  it('tells expired tokens from invalid ones', () => {
    const issuer = new TokenIssuer(dataDir);
    const token = issuer.issue(grant);
    assert.equal(issuer.check(token, 2000).kind, 'expired');
    for (const other of ['', '.', 'a.b', `${token}x`, `x${token}`, `${token}.x`, token.split('.')[0] ?? '']) {
      assert.equal(issuer.check(other, 0).kind, 'invalid', other);
    }
  });

  it('refuses the tokens of another data directory', () => {
    const other = mkdtempSync(join(tmpdir(), 'token-'));
    const token = new TokenIssuer(other).issue(grant);
    rmSync(other, { recursive: true });
    assert.equal(new TokenIssuer(dataDir).check(token, 0).kind, 'invalid');
  });
});
