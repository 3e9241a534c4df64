import assert from 'node:assert/strict';
import { PushOutput } from '../../../src/containers/pushOutput';

const A = `sha256:${'a'.repeat(64)}`;
const B = `sha256:${'b'.repeat(64)}`;
const C = `sha256:${'c'.repeat(64)}`;

function read(text: string): { counts: string[]; digest: string | undefined } {
  const output = new PushOutput();
  const counts = text
    .split('\n')
    .map((line) => output.add(line))
    .flatMap((progress) => (progress ? [`${progress.current}/${progress.total}`] : []));
  return { counts, digest: output.digest };
}

describe('the output of a push', () => {
  it('by docker counts layers and ends with the digest', () => {
    // Captured: docker 28.2.2 with engine 20.10.24.
    const { counts, digest } = read(`The push refers to repository [127.0.0.1:37691/cap/x]
827a5b995f1f: Preparing
1f6638601888: Preparing
f8058cb74351: Preparing
f8058cb74351: Pushed
1f6638601888: Layer already exists
827a5b995f1f: Mounted from other/repository
1: digest: ${A} size: 942`);
    assert.deepEqual(counts, ['0/1', '0/2', '0/3', '1/3', '2/3', '3/3']);
    assert.equal(digest, A);
  });

  it('by podman counts blobs, which are all there when the configuration follows', () => {
    // Captured: podman 4.3.1.
    const { counts, digest } = read(`Getting image source signatures
Copying blob ${A}
Copying blob ${B}
Copying config ${C}
Writing manifest to image destination
Storing signatures`);
    assert.deepEqual(counts, ['0/1', '0/2', '2/2']);
    assert.equal(digest, undefined);
  });

  it('by nerdctl counts what is done, and names the image that it pushes', () => {
    // Not captured: written after what users of nerdctl 1.x quote.
    const { counts, digest } =
      read(`time="2026-01-01T00:00:00Z" level=info msg="pushing as a reduced-platform image (application/vnd.oci.image.index.v1+json, ${A})"
index-${A}:    waiting        |--------------------------------------|
manifest-${B}: waiting        |--------------------------------------|
layer-${C}:    done           |++++++++++++++++++++++++++++++++++++++|
index-${A}:    done           |++++++++++++++++++++++++++++++++++++++|
manifest-${B}: done           |++++++++++++++++++++++++++++++++++++++|
elapsed: 0.1 s                                                                    total:  1.0 Ki (0.0 B/s)`);
    assert.deepEqual(counts, ['0/1', '0/2', '1/3', '2/3', '3/3']);
    assert.equal(digest, A);
  });

  it('by nerdctl prefers an index to its manifests', () => {
    const { digest } = read(`manifest-${B}: done  |+|\nindex-${A}: done |+|\nmanifest-${C}: done |+|`);
    assert.equal(digest, A);
  });
});
