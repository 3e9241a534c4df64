import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, throwIfCancelled, UserError } from '../base/errors';
import { EventQueue } from '../base/eventQueue';
import { run, start } from '../base/process';
import { pushCommand, saveCommand } from '../containers/buildCommands';
import type { Engine } from '../containers/engine';
import { inspectImages, parseImages } from '../containers/engineImage';
import { PushOutput, type PushProgress } from '../containers/pushOutput';
import { isLoopbackRegistry, registryHost } from '../containers/registryHost';
import { withRegistryLogin, type RegistryCredentials } from '../containers/registryLogin';
import { buildImage } from './buildImage';
import { validatePush, type ImagePush } from './imagePush';
import { parseImageReference } from './imageReference';
import { pushError } from './pushErrors';
import type { PushEvent, PushStep } from './pushEvent';
import { runEngine } from './runEngine';
import { checkSignIn, RegistryRefusal, uploadArchive } from './uploadArchive';
import { verifyDigest, type DigestFinder } from './verifyDigest';

export interface PushServices extends DigestFinder {
  readonly engine: Engine;
  /** What to sign in with, valid for at least as long as a push takes. */
  authorization(signal?: AbortSignal): Promise<RegistryCredentials>;
}

export interface PushResult {
  /** `registry/repository:tag` */
  readonly uri: string;
  /** What the repository has the image under: the engine's own digest. */
  readonly digest: string;
}

/**
 * Builds an image, signs in, pushes it, and compares what ECR has with what the engine has pushed. Ending the
 * iteration early cancels, as the signal does: the engine's process tree ends, and nothing of the sign-in stays.
 * @throws UserError: 'invalidInput', 'buildFailed' (a `BuildFailedError`, with the line), 'signInRefused',
 *   'repositoryMissing', 'tagImmutable', 'accessDenied', 'endpointUnreachable', 'throttled', 'engineMissing',
 *   'engineNotRunning', 'pushFailed', 'cancelled', and what the services throw
 */
export async function* pushImage(
  push: ImagePush,
  services: PushServices,
  signal?: AbortSignal,
): AsyncGenerator<PushEvent, PushResult, void> {
  await validatePush(push);
  const events = new EventQueue<PushEvent>();
  const abandoned = new AbortController();
  const work = new PushRun(
    push,
    services,
    (event) => events.push(event),
    signal ? AbortSignal.any([signal, abandoned.signal]) : abandoned.signal,
  );
  const result = work.toEnd();
  result.then(
    () => events.end(),
    (error: unknown) => events.fail(error),
  );
  try {
    yield* events;
    return await result;
  } finally {
    abandoned.abort();
    await result.catch(() => undefined);
  }
}

/** One push from its build to its end. */
class PushRun {
  private readonly uri: string;
  private secrets: readonly string[] = [];

  constructor(
    private readonly push: ImagePush,
    private readonly services: PushServices,
    private readonly emit: (event: PushEvent) => void,
    private readonly signal: AbortSignal,
  ) {
    this.uri = `${push.repositoryUri}:${push.tag}`;
  }

  async toEnd(): Promise<PushResult> {
    const registry = registryHost(this.push.repositoryUri);
    const built = this.step('build', () =>
      buildImage(this.push, this.services.engine, this.emit, this.signal),
    );
    const pushed =
      this.services.engine.remote && isLoopbackRegistry(registry)
        ? await built.then(() => this.upload(registry))
        : await this.signInAndPush(registry, built);
    const digest = await this.step('verify', () =>
      verifyDigest(
        this.uri,
        pushed,
        this.services,
        (message) => this.emit({ kind: 'warning', message }),
        this.signal,
      ),
    );
    return { uri: this.uri, digest };
  }

  private async authorize(signal: AbortSignal): Promise<RegistryCredentials> {
    const credentials = await this.services.authorization(signal);
    const { username, password } = credentials;
    this.secrets = [password, Buffer.from(`${username}:${password}`).toString('base64')];
    return credentials;
  }

  /** Signs in while the image is built, and shows of it what is left when the build has ended. */
  private async signInAndPush(registry: string, built: Promise<void>): Promise<string | undefined> {
    const { engine } = this.services;
    const buildFailed = new AbortController();
    const signal = AbortSignal.any([this.signal, buildFailed.signal]);
    const signInShown = built.then(() => this.begin('signIn'));
    signInShown.catch(() => buildFailed.abort());
    try {
      const credentials = { ...(await this.authorize(signal)), registry };
      return await withRegistryLogin(
        engine,
        credentials,
        async (login) => {
          (await signInShown)();
          return this.step('push', () => this.pushByEngine(login.env));
        },
        signal,
      );
    } catch (error) {
      // When the build has failed, that is what the user is told.
      await signInShown;
      throw error;
    }
  }

  private async pushByEngine(env: Readonly<Record<string, string>>): Promise<string | undefined> {
    const { engine } = this.services;
    const folder = await mkdtemp(join(tmpdir(), 'aws-containers-push-'));
    try {
      const digestFile = join(folder, 'digest');
      const output = new PushOutput();
      const command = pushCommand(engine, { image: this.uri, platform: this.push.platform, digestFile });
      const { exitCode, lines } = await runEngine(
        { ...command, env },
        {
          signal: this.signal,
          secrets: this.secrets,
          emit: this.emit,
          onLine: (line) => this.emitPushProgress(output.add(line)),
        },
      );
      if (exitCode !== 0) {
        throw pushError(engine, this.uri, lastWords(lines));
      }
      return output.digest ?? (await readDigest(digestFile)) ?? (await this.inspectDigest());
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async inspectDigest(): Promise<string | undefined> {
    const command = inspectImages(this.services.engine, [this.uri]);
    const prefix = `${this.push.repositoryUri}@`;
    const [image] = parseImages((await run(command, { signal: this.signal })).stdout);
    return image?.repoDigests.find((name) => name.startsWith(prefix))?.slice(prefix.length);
  }

  /** The way for an engine that cannot reach this machine's loopback, see `uploadArchive`. */
  private async upload(registry: string): Promise<string> {
    const { engine } = this.services;
    const { username, password } = await this.authorize(this.signal);
    const repository = parseImageReference(this.push.repositoryUri)?.repository ?? '';
    const target = { registry, repository, tag: this.push.tag, username, password };
    await this.step('signIn', () => checkSignIn(target, this.signal));
    return this.step('push', async () => {
      const saving = start(saveCommand(engine, this.uri, this.push.platform), {
        signal: this.signal,
        keep: 4096,
      });
      const saved = saving.ended.then(({ exitCode, stderr }) => {
        throwIfCancelled(this.signal);
        if (exitCode !== 0) {
          throw pushError(engine, this.uri, lastWords(stderr.split('\n')));
        }
      });
      saved.catch(() => undefined);
      try {
        const { stdout } = saving.child;
        if (!stdout) {
          throw new UserError('internal', 'The engine’s output is not connected.');
        }
        return await uploadArchive(
          stdout,
          target,
          (progress) => this.emitPushProgress(progress),
          this.signal,
        );
      } catch (error) {
        if (error instanceof RegistryRefusal || isNoSpace(error)) {
          saving.kill();
          throw pushError(engine, this.uri, messageOf(error));
        }
        // An archive that breaks off is explained by the one who wrote it.
        await saved;
        throw error;
      }
    });
  }

  private emitPushProgress(progress: PushProgress | undefined): void {
    if (progress) {
      this.emit({ kind: 'progress', step: 'push', ...progress });
    }
  }

  private async step<T>(step: PushStep, body: () => Promise<T>): Promise<T> {
    const finish = this.begin(step);
    const result = await body();
    finish();
    return result;
  }

  private begin(step: PushStep): () => void {
    const began = performance.now();
    this.emit({ kind: 'stepStarted', step });
    return () =>
      this.emit({ kind: 'stepFinished', step, milliseconds: Math.round(performance.now() - began) });
  }
}

/** The line that an engine ends with; some put their reason before a line that only says that it failed. */
function lastWords(lines: readonly string[]): string {
  const said = lines.filter((line) => line.trim() !== '');
  return (
    said.findLast((line) => /\b(?:error|denied|unknown|invalid|fatal|failed)\b/i.test(line)) ??
    said.at(-1) ??
    'nothing'
  );
}

function isNoSpace(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOSPC';
}

async function readDigest(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return /^sha256:[0-9a-f]{64}$/.test(text.trim()) ? text.trim() : undefined;
}
