/** How far a push has come, in layers. */
export interface PushProgress {
  readonly current: number;
  readonly total: number;
  /** What happens to which layer, as the engine says it. */
  readonly text: string;
}

// docker:    827a5b995f1f: Layer already exists
const DOCKER_LAYER = /^([0-9a-f]{12}): (.+)$/;
const DOCKER_DONE = /^(?:Pushed|Layer already exists|Mounted from )/;
// docker:    v1: digest: sha256:… size: 942
const DOCKER_DIGEST = /: digest: (sha256:[0-9a-f]{64}) size: \d+/;
// podman:    Copying blob sha256:…   and, once all of them are there,   Copying config sha256:…
const PODMAN_COPY = /^Copying (blob|config) (?:sha256:)?([0-9a-f]+)/;
// nerdctl:   layer-sha256:…:    done           |+++++|
const CONTAINERD_BLOB = /^(index|manifest|config|layer)-(sha256:[0-9a-f]{64}):\s+(\w+)/;
// nerdctl:   … msg="pushing as a reduced-platform image (application/…, sha256:…)"
const CONTAINERD_IMAGE = /reduced-platform image \([^,]+, (sha256:[0-9a-f]{64})\)/;

/** Follows the output of a push, of whichever engine, line by line. */
export class PushOutput {
  private readonly layers = new Map<string, boolean>();
  private found: { readonly digest: string; readonly rank: number } | undefined;

  /** The digest that the engine says it has pushed; podman says it in a file of its own. */
  get digest(): string | undefined {
    return this.found?.digest;
  }

  /** @returns the progress, when the line tells of any */
  add(line: string): PushProgress | undefined {
    this.readDigest(line);
    const docker = DOCKER_LAYER.exec(line);
    if (docker?.[1] && docker[2]) {
      return this.layer(docker[1], DOCKER_DONE.test(docker[2]), line);
    }
    const podman = PODMAN_COPY.exec(line);
    if (podman?.[2]) {
      if (podman[1] === 'config') {
        [...this.layers.keys()].forEach((id) => this.layers.set(id, true));
        return this.progress(line);
      }
      return this.layer(podman[2], false, line);
    }
    const blob = CONTAINERD_BLOB.exec(line);
    if (blob?.[2]) {
      return this.layer(blob[2], blob[3] === 'done' || blob[3] === 'exists', line.replace(/\s*\|.*$/, ''));
    }
    return undefined;
  }

  private readDigest(line: string): void {
    const blob = CONTAINERD_BLOB.exec(line);
    // An index stands above its manifests; what the engine says of the whole image stands above both.
    const candidates: readonly (readonly [string | undefined, number])[] = [
      [DOCKER_DIGEST.exec(line)?.[1] ?? CONTAINERD_IMAGE.exec(line)?.[1], 3],
      [blob?.[1] === 'index' ? blob[2] : undefined, 2],
      [blob?.[1] === 'manifest' ? blob[2] : undefined, 1],
    ];
    for (const [digest, rank] of candidates) {
      if (digest !== undefined && rank > (this.found?.rank ?? 0)) {
        this.found = { digest, rank };
      }
    }
  }

  private layer(id: string, done: boolean, text: string): PushProgress {
    this.layers.set(id, done || this.layers.get(id) === true);
    return this.progress(text);
  }

  private progress(text: string): PushProgress {
    const states = [...this.layers.values()];
    return { current: states.filter(Boolean).length, total: states.length, text };
  }
}
