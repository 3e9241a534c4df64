import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a token lets its bearer do: everything in a region's registry, or to read one blob. */
export interface TokenGrant {
  readonly region: string;
  /** `repository@digest` of the only blob that may be read; absent in a password. */
  readonly blob?: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

export type TokenCheck =
  | { readonly kind: 'valid'; readonly grant: TokenGrant }
  | { readonly kind: 'expired' }
  | { readonly kind: 'invalid' };

/** ECR's tokens are valid for twelve hours (GetAuthorizationToken). */
export const TOKEN_MILLISECONDS = 12 * 3600 * 1000;

/** Makes and checks the registry's passwords. Nobody without the data directory's key can make one. */
export class TokenIssuer {
  private readonly key: Buffer;

  constructor(dataDir: string) {
    this.key = readOrCreateKey(dataDir);
  }

  issue(grant: TokenGrant): string {
    const payload = Buffer.from(JSON.stringify({ ...grant, nonce: randomBytes(8).toString('hex') })).toString(
      'base64url',
    );
    return `${payload}.${this.sign(payload)}`;
  }

  check(token: string, now = Date.now()): TokenCheck {
    const [payload, signature, ...rest] = token.split('.');
    if (!payload || !signature || rest.length > 0 || !isEqual(signature, this.sign(payload))) {
      return { kind: 'invalid' };
    }
    const grant = JSON.parse(Buffer.from(payload, 'base64url').toString()) as TokenGrant;
    return grant.expiresAt <= now ? { kind: 'expired' } : { kind: 'valid', grant };
  }

  private sign(payload: string): string {
    return createHmac('sha256', this.key).update(payload).digest('base64url');
  }
}

function isEqual(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const KEY_BYTES = 32;

/** The key lasts as long as the data directory, so that a password outlives a restart of the sandbox. */
function readOrCreateKey(dataDir: string): Buffer {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'registry.key');
  if (statSync(file, { throwIfNoEntry: false })?.size !== KEY_BYTES) {
    const incoming = `${file}.next`;
    writeFileSync(incoming, randomBytes(KEY_BYTES), { mode: 0o600 });
    renameSync(incoming, file);
  }
  return readFileSync(file);
}
