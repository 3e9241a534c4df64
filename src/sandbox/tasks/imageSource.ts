import { messageOf } from '../../base/errors';
import type { Engine } from '../../containers/engine';
import { inspectImages, parseImages, pullImage, removeImage } from '../../containers/engineImage';
import type { EngineImage } from '../../containers/engineImage';
import { withRegistryLogin } from '../../containers/registryLogin';
import type { ImageLookup, StoredImage } from '../registry/imageLookup';
import { EngineCallError, type EngineCalls } from './engineCalls';
import { findSandboxImage, parseImageReference, type SandboxImage } from './imageReference';
import { StartFailure } from './startFailure';

export interface ReadyImage {
  /** The engine's id of it. */
  readonly id: string;
  /** Of the manifest or index; absent for an image that never was in a registry. */
  readonly digest?: string;
}

export interface ImageSourceOptions {
  readonly engine: Engine;
  readonly calls: EngineCalls;
  readonly images: ImageLookup;
  readonly registryHost: () => string;
  /** Aborted when the sandbox stops. */
  readonly signal: AbortSignal;
}

const PULL_TIMEOUT = 15 * 60_000;

/** Brings the images of tasks onto the engine: from the sandbox's registry, or from where the engine has them. */
export class ImageSource {
  private readonly pulls = new Map<string, Promise<void>>();
  private readonly pulled = new Set<string>();

  constructor(private readonly options: ImageSourceOptions) {}

  /**
   * @param text the `image` of a container definition
   * @param region of the task
   * @throws StartFailure
   */
  async provide(text: string, region: string): Promise<ReadyImage> {
    const reference = parseImageReference(text);
    if (!reference) {
      throw pullFailure(text, 'invalid reference format');
    }
    const own = findSandboxImage(reference, this.options.registryHost(), region);
    return own ? this.provideOwn(text, own) : this.provideOther(text, reference.digest);
  }

  /** Removes from the engine what was pulled onto it for tasks. */
  async close(): Promise<void> {
    const { engine, calls } = this.options;
    await Promise.all(
      [...this.pulled].map((reference) =>
        // An image that something else uses by now stays.
        calls.call(removeImage(engine, reference)).catch(() => undefined),
      ),
    );
  }

  private async provideOwn(text: string, own: SandboxImage): Promise<ReadyImage> {
    const { images, engine } = this.options;
    const stored = images.resolve(own.region, own.repository, own.tagOrDigest);
    if (!stored) {
      throw pullFailure(text, `${text}: not found`);
    }
    const there = await this.findStored(stored);
    if (there) {
      return { id: there.id, digest: stored.digest };
    }
    if (engine.remote) {
      throw pullFailure(
        text,
        `${engine.id} does not share this machine's loopback (it runs in a virtual machine, elsewhere or ` +
          `rootless), so that it cannot pull from the sandbox's registry. Build or load this very image with ` +
          `${engine.id}, then start the task again: the sandbox runs what the engine already has`,
      );
    }
    const reference = `${this.options.registryHost()}/${own.repository}@${stored.digest}`;
    await this.pullOnce(text, reference, () =>
      withRegistryLogin(
        engine,
        { registry: this.options.registryHost(), ...images.credentials(own.region) },
        ({ env }) => this.pull(reference, env),
        this.options.signal,
      ),
    );
    const found = (await this.findStored(stored)) ?? (await this.find([reference]))[0];
    if (!found) {
      throw pullFailure(text, `${engine.id} does not have the image after the pull`);
    }
    return { id: found.id, digest: stored.digest };
  }

  private async provideOther(text: string, digest: string | undefined): Promise<ReadyImage> {
    const find = async (): Promise<EngineImage | undefined> => (await this.find([text]))[0];
    let found = await find();
    if (!found) {
      await this.pullOnce(text, text, () => this.pull(text));
      found = await find();
    }
    if (!found) {
      throw pullFailure(text, `${text}: not found`);
    }
    const known = digest ?? found.repoDigests[0]?.split('@')[1];
    return { id: found.id, ...(known !== undefined && { digest: known }) };
  }

  /** The digests are unique, so that the engine's image of this id is the one that was pushed. */
  private async findStored(stored: StoredImage): Promise<EngineImage | undefined> {
    const { configDigest, digest } = stored;
    const candidates = [...(configDigest === undefined ? [] : [configDigest]), digest];
    const found = await this.find(candidates);
    return found.find(({ id }) => candidates.includes(id));
  }

  private async find(references: readonly string[]): Promise<EngineImage[]> {
    const { calls, engine } = this.options;
    try {
      return parseImages(await calls.call(inspectImages(engine, references)));
    } catch (error) {
      if (error instanceof EngineCallError) {
        return parseImages(error.stdout);
      }
      throw error;
    }
  }

  /** Tasks that start together and need the same image wait for one pull. */
  private async pullOnce(text: string, reference: string, pull: () => Promise<void>): Promise<void> {
    let running = this.pulls.get(reference);
    if (!running) {
      running = pull().finally(() => this.pulls.delete(reference));
      this.pulls.set(reference, running);
    }
    try {
      await running;
      this.pulled.add(reference);
    } catch (error) {
      const message = messageOf(error);
      throw /no matching manifest|no image found in|does not match the specified platform/i.test(message)
        ? new StartFailure(
            'CannotPullContainerError',
            'pull image manifest has been retried 1 time(s): image Manifest does not contain descriptor ' +
              `matching platform '${this.options.engine.platform}'`,
          )
        : pullFailure(text, message);
    }
  }

  private async pull(reference: string, env?: Readonly<Record<string, string>>): Promise<void> {
    const { calls, engine, signal } = this.options;
    await calls.call(
      { ...pullImage(engine, reference), ...(env && { env }) },
      { timeout: PULL_TIMEOUT, signal },
    );
  }
}

function pullFailure(image: string, cause: string): StartFailure {
  return new StartFailure(
    'CannotPullContainerError',
    `pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: ${cause}`,
  );
}
