import { UserError } from '../base/errors';
import { EventQueue } from '../base/eventQueue';
import { pullCommand } from '../containers/buildCommands';
import type { Engine } from '../containers/engine';
import { classifyEngineFailure } from '../containers/engineFailure';
import { isLoopbackRegistry, registryHost } from '../containers/registryHost';
import { withRegistryLogin, type RegistryCredentials } from '../containers/registryLogin';
import { runEngine } from './runEngine';

/** What to pull. */
export interface ImagePull {
  /** `registry/repository` with `:tag` or `@digest`. */
  readonly image: string;
  /** `os/architecture[/variant]` of an image that is for one platform alone. */
  readonly platform?: string;
}

export interface PullServices {
  readonly engine: Engine;
  /** What to sign in with, valid for at least as long as a pull takes. */
  authorization(signal?: AbortSignal): Promise<RegistryCredentials>;
}

export type PullEvent =
  | { readonly kind: 'stepStarted'; readonly step: 'signIn' | 'pull' }
  /** What the engine does at the moment, in its words. */
  | { readonly kind: 'progress'; readonly text: string }
  /** Lines of the engine's own output, each with its end. */
  | { readonly kind: 'output'; readonly text: string };

/**
 * Signs in to a registry for the time of the pull, and pulls an image with the user's engine. Ending the iteration
 * early cancels, as the signal does: the engine's process tree ends, and nothing of the sign-in stays.
 * @throws UserError: 'signInRefused', 'notFound', 'accessDenied', 'endpointUnreachable', 'throttled',
 *   'engineNotRunning', 'pullFailed', 'cancelled', and what the services throw
 */
export async function* pullImage(
  pull: ImagePull,
  services: PullServices,
  signal?: AbortSignal,
): AsyncGenerator<PullEvent, void, void> {
  const events = new EventQueue<PullEvent>();
  const abandoned = new AbortController();
  const work = run(
    pull,
    services,
    (event) => events.push(event),
    signal ? AbortSignal.any([signal, abandoned.signal]) : abandoned.signal,
  );
  work.then(
    () => events.end(),
    (error: unknown) => events.fail(error),
  );
  try {
    yield* events;
  } finally {
    abandoned.abort();
    await work.catch(() => undefined);
  }
}

async function run(
  { image, platform }: ImagePull,
  services: PullServices,
  emit: (event: PullEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const { engine } = services;
  const registry = registryHost(image);
  if (engine.remote && isLoopbackRegistry(registry)) {
    throw new UserError(
      'endpointUnreachable',
      `${engine.id} runs in a virtual machine, from where the registry of this machine cannot be reached. Choose ` +
        `an engine that runs on this machine itself. Registry: ${registry}`,
      { action: 'selectEngine' },
    );
  }
  emit({ kind: 'stepStarted', step: 'signIn' });
  const { username, password } = await services.authorization(signal);
  const secrets = [password, Buffer.from(`${username}:${password}`).toString('base64')];
  await withRegistryLogin(
    engine,
    { registry, username, password },
    async ({ env }) => {
      emit({ kind: 'stepStarted', step: 'pull' });
      const { exitCode, lines } = await runEngine(
        { ...pullCommand(engine, image, platform), env },
        {
          signal,
          secrets,
          emit: (event) => event.kind === 'output' && emit(event),
          onLine: (text) => text.trim() !== '' && emit({ kind: 'progress', text: text.trim() }),
        },
      );
      if (exitCode !== 0) {
        throw pullError(engine, image, lines.findLast((line) => line.trim() !== '') ?? 'nothing');
      }
    },
    signal,
  );
}

/** The error of a pull, from what the engine or the registry said. */
export function pullError(engine: Engine, image: string, said: string): UserError {
  // Before the rest: "not found: manifest unknown" comes with words that stand for other failures as well.
  if (
    /manifest unknown|manifest for .* not found|not found: manifest|no matching manifest|: not found$/i.test(
      said,
    )
  ) {
    return new UserError(
      'notFound',
      `The repository has no such image, or none for this engine's platform (${engine.platform}). Refresh, then ` +
        `choose another. Image: ${image}. ${engine.id} says: ${said}`,
    );
  }
  switch (classifyEngineFailure(said)) {
    case 'repositoryMissing':
      return new UserError('notFound', `There is no such repository to pull from. Refresh. Image: ${image}`);
    case 'signInRefused':
      return new UserError(
        'signInRefused',
        `The registry refused the pull for want of a valid sign-in. Check that the profile may pull ${image}, and ` +
          `try again. It says: ${said}`,
        { action: 'selectContext' },
      );
    case 'accessDenied':
      return new UserError(
        'accessDenied',
        `The profile may not pull ${image}. Have the missing permission granted, or select another profile. The ` +
          `registry says: ${said}`,
        { action: 'selectContext' },
      );
    case 'throttled':
      return new UserError(
        'throttled',
        `The registry asks to slow down. Wait a minute, then pull ${image} again. It says: ${said}`,
        { action: 'retry' },
      );
    case 'engineNotRunning':
      return new UserError(
        'engineNotRunning',
        `${engine.id} does not answer any more. Start it, then pull again. It says: ${said}`,
        { action: 'selectEngine' },
      );
    case 'noSpace':
      return new UserError(
        'pullFailed',
        `There is no space left for images. Free some, for example with "${engine.id} system prune", then pull ` +
          `again. ${engine.id} says: ${said}`,
        { action: 'openLog' },
      );
    case 'network':
      return new UserError(
        'endpointUnreachable',
        `The registry of ${image} could not be reached. Check the network and the proxy, then pull again. ` +
          `${engine.id} says: ${said}`,
        { action: 'retry' },
      );
    case 'tagImmutable':
    case 'other':
      return new UserError(
        'pullFailed',
        `The image could not be pulled. The output has the details. Image: ${image}. ${engine.id} says: ${said}`,
        { action: 'openLog' },
      );
  }
}
