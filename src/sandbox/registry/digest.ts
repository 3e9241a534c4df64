import { createHash } from 'node:crypto';

export type DigestAlgorithm = 'sha256' | 'sha512';

/** A content digest whose form has been checked, so that its parts are safe in a file name. */
export interface Digest {
  readonly algorithm: DigestAlgorithm;
  /** Lower-case hexadecimal, as long as the algorithm asks. */
  readonly hex: string;
  /** `algorithm:hex` */
  readonly text: string;
}

const HEX_LENGTH: Readonly<Record<DigestAlgorithm, number>> = { sha256: 64, sha512: 128 };

/** True for the algorithms that the OCI image specification registers and this registry supports. */
export function isDigestAlgorithm(name: string): name is DigestAlgorithm {
  return Object.hasOwn(HEX_LENGTH, name);
}

/** Reads `algorithm:hex`; `undefined` for any other form and for algorithms that are not supported. */
export function parseDigest(text: string): Digest | undefined {
  const [, algorithm, hex] = /^([a-z0-9]+):([a-f0-9]+)$/.exec(text) ?? [];
  if (algorithm === undefined || hex === undefined || !isDigestAlgorithm(algorithm)) {
    return undefined;
  }
  return hex.length === HEX_LENGTH[algorithm] ? { algorithm, hex, text } : undefined;
}

/** The digest of content that is at hand. */
export function digestOf(bytes: Uint8Array, algorithm: DigestAlgorithm = 'sha256'): Digest {
  const hex = createHash(algorithm).update(bytes).digest('hex');
  return { algorithm, hex, text: `${algorithm}:${hex}` };
}
