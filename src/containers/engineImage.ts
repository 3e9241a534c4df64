import type { Command } from '../base/process';
import type { Engine } from './engine';
import { parseJsonArray } from './engineOutput';
import { plainHttpFlags } from './registryLogin';

/** An image that an engine has. */
export interface EngineImage {
  /** Digest of the configuration or, where the engine keeps images in containerd, of the manifest or index. */
  readonly id: string;
  readonly tags: readonly string[];
  /** `name@digest`, of registries that the image was pulled from or pushed to. */
  readonly repoDigests: readonly string[];
}

/** Asks for images by reference or id, for `parseImages`: those that are missing make it fail, too. */
export function inspectImages(engine: Engine, references: readonly string[]): Command {
  return { file: engine.file, args: ['image', 'inspect', ...references] };
}

/** Pulls from a registry, with the sign-in of the environment. */
export function pullImage(engine: Engine, reference: string): Command {
  const registry = reference.split('/')[0] ?? '';
  return {
    file: engine.file,
    args: ['pull', '--quiet', ...plainHttpFlags(engine, registry), reference],
  };
}

/** Takes an image archive that was written to a file. */
export function loadImage(engine: Engine, file: string): Command {
  return { file: engine.file, args: ['load', '--input', file] };
}

/** Removes a reference, and the image with the last one. */
export function removeImage(engine: Engine, reference: string): Command {
  return { file: engine.file, args: ['image', 'rm', reference] };
}

/** Reads the output of `inspectImages`: the images that were found, an empty list for none. */
export function parseImages(text: string): EngineImage[] {
  const images = parseJsonArray(text) as {
    Id?: string;
    RepoTags?: string[] | null;
    RepoDigests?: string[] | null;
  }[];
  return images.flatMap(({ Id, RepoTags, RepoDigests }) =>
    Id === undefined
      ? []
      : // Docker writes the algorithm into the id, podman does not.
        [
          {
            id: Id.includes(':') ? Id : `sha256:${Id}`,
            tags: RepoTags ?? [],
            repoDigests: RepoDigests ?? [],
          },
        ],
  );
}
