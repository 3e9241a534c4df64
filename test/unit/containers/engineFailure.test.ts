import assert from 'node:assert/strict';
import { classifyEngineFailure, type EngineFailureKind } from '../../../src/containers/engineFailure';

describe('what an engine’s last words mean', () => {
  const cases: [EngineFailureKind, string][] = [
    // Captured: docker 28.2.2 and podman 4.3.1, with a registry that words its errors as ECR does.
    [
      'repositoryMissing',
      "name unknown: The repository with name 'x' does not exist in the registry with id '1'",
    ],
    [
      'tagImmutable',
      "tag invalid: The image tag 'v1' already exists in the 'x' repository and cannot be overwritten because the repository is immutable.",
    ],
    ['accessDenied', 'denied: User: x is not authorized to perform: ecr:InitiateLayerUpload'],
    ['signInRefused', 'no basic auth credentials'],
    [
      'signInRefused',
      'checking whether a blob exists in 127.0.0.1:1/x: unauthorized: authentication required',
    ],
    ['network', 'Get "https://x.invalid/v2/": dial tcp: lookup x.invalid on 10.0.0.1:53: no such host'],
    [
      'engineNotRunning',
      'Cannot connect to the Docker daemon at tcp://127.0.0.1:1. Is the docker daemon running?',
    ],
    // Not captured.
    ['signInRefused', 'denied: Your authorization token has expired. Reauthenticate and try again.'],
    ['throttled', 'toomanyrequests: Rate exceeded'],
    ['noSpace', 'write /var/lib/docker/tmp/x: no space left on device'],
    [
      'repositoryMissing',
      'unexpected status from POST request to https://x.amazonaws.com/v2/web/blobs/uploads/: 404 Not Found',
    ],
    ['engineNotRunning', 'instance "finch" is stopped, run `finch vm start` to start the instance'],
    ['network', 'net/http: TLS handshake timeout'],
    ['other', 'something else'],
  ];
  for (const [kind, text] of cases) {
    it(`is ${kind}: ${text.slice(0, 60)}`, () => {
      assert.equal(classifyEngineFailure(text), kind);
    });
  }
});
