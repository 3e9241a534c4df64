/** Why an engine's command has failed, where its output tells. */
export type EngineFailureKind =
  | 'tagImmutable'
  | 'repositoryMissing'
  | 'throttled'
  | 'accessDenied'
  | 'signInRefused'
  | 'engineNotRunning'
  | 'noSpace'
  | 'network'
  | 'other';

/**
 * In this order: what a registry says about the request comes before what it says about the one who asks,
 * and "denied" alone (ECR's answer to an expired token, too) after the denial that names a permission.
 */
const SIGNS: readonly (readonly [EngineFailureKind, RegExp])[] = [
  ['tagImmutable', /immutable|cannot be overwritten|ImageTagAlreadyExists|TAG_INVALID/i],
  ['repositoryMissing', /name[ _]unknown|repository with name .* does not exist|repository name not known/i],
  // containerd's clients show the status alone.
  ['repositoryMissing', /\/blobs\/uploads\/.*\b404\b|\b404\b.*\/blobs\/uploads\//i],
  ['throttled', /toomanyrequests|too many requests|rate exceeded|\b429\b/i],
  ['accessDenied', /not authorized to perform/i],
  [
    'signInRefused',
    /no basic auth|token has expired|unauthorized|authentication required|invalid username|authorization failed|\b401\b|\b403\b|denied: |forbidden/i,
  ],
  [
    'engineNotRunning',
    /cannot connect to (?:the docker daemon|podman)|docker daemon running|vm start`|cannot access containerd socket/i,
  ],
  ['noSpace', /no space left on device|not enough space|disk quota exceeded/i],
  [
    'network',
    /dial (?:tcp|unix)|no such host|connection (?:refused|reset)|timed? ?out|x509|tls: |proxyconnect|unreachable|deadline exceeded|\bEOF$/i,
  ],
];

/** Reads an engine's last words. */
export function classifyEngineFailure(text: string): EngineFailureKind {
  return SIGNS.find(([, sign]) => sign.test(text))?.[0] ?? 'other';
}
