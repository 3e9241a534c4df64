import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, throwIfCancelled, UserError } from '../base/errors';
import { EventQueue } from '../base/eventQueue';
import { run, start, type Command } from '../base/process';
import { buildCommand, pushCommand, saveCommand } from '../containers/buildCommands';
import { isForeignArchitecture, parseBuildFailure, parseBuildProgress } from '../containers/buildOutput';
import type { Engine } from '../containers/engine';
import { inspectImages, parseImages } from '../containers/engineImage';
import { OutputLines } from '../containers/outputLines';
import { PushOutput, type PushProgress } from '../containers/pushOutput';
import { isLoopbackRegistry, registryHost } from '../containers/registryHost';
import { redact, withRegistryLogin, type RegistryCredentials } from '../containers/registryLogin';
import { validatePush, type ImagePush } from './imagePush';
import { parseImageReference } from './imageReference';
import { buildError, pushError } from './pushErrors';
import { checkSignIn, RegistryRefusal, uploadArchive } from './uploadArchive';
import { verifyDigest, type DigestFinder } from './verifyDigest';

export interface PushServices extends DigestFinder {
  readonly engine: Engine;
  /** What to sign in with, valid for at least as long as a push takes. */
  authorization(signal?: AbortSignal): Promise<RegistryCredentials>;
}

export type PushStep = 'build' | 'signIn' | 'push' | 'verify';

export type PushEvent =
  | { readonly kind: 'stepStarted'; readonly step: PushStep }
  | { readonly kind: 'stepFinished'; readonly step: PushStep; readonly milliseconds: number }
  /** Steps of a build, or layers of a push, done so far and known so far. */
  | {
      readonly kind: 'progress';
      readonly step: 'build' | 'push';
      readonly current: number;
      readonly total: number;
      readonly text: string;
    }
  /** Lines of the engine's own output, each with its end. */
  | { readonly kind: 'output'; readonly text: string }
  | { readonly kind: 'warning'; readonly message: string };

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

/** Lines of output kept to read a failure from. */
const KEPT_LINES = 1000;

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
    await this.step('build', () => this.build());
    const registry = registryHost(this.push.repositoryUri);
    const pushed =
      this.services.engine.remote && isLoopbackRegistry(registry)
        ? await this.upload(registry)
        : await this.signInAndPush();
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

  private async build(): Promise<void> {
    const { engine } = this.services;
    const { dockerfile, buildContext, platform, buildArgs, target } = this.push;
    const command = buildCommand(engine, {
      dockerfile,
      context: buildContext,
      image: this.uri,
      platform,
      buildArgs,
      target,
    });
    const { exitCode, lines } = await this.runEngine(command, (line) => {
      const progress = parseBuildProgress(line);
      if (progress) {
        this.emit({ kind: 'progress', step: 'build', ...progress });
      }
    });
    if (exitCode !== 0) {
      throw buildError({
        engine,
        dockerfile,
        text: await readFile(dockerfile, 'utf8'),
        platform,
        failure: parseBuildFailure(lines),
        foreignArchitecture: isForeignArchitecture(lines),
      });
    }
  }

  private async authorize(): Promise<RegistryCredentials> {
    const credentials = await this.services.authorization(this.signal);
    const { username, password } = credentials;
    this.secrets = [password, Buffer.from(`${username}:${password}`).toString('base64')];
    return credentials;
  }

  private async signInAndPush(): Promise<string | undefined> {
    const { engine } = this.services;
    const finishSignIn = this.begin('signIn');
    const credentials = { ...(await this.authorize()), registry: registryHost(this.push.repositoryUri) };
    return withRegistryLogin(
      engine,
      credentials,
      (login) => {
        finishSignIn();
        return this.step('push', () => this.pushByEngine(login.env));
      },
      this.signal,
    );
  }

  private async pushByEngine(env: Readonly<Record<string, string>>): Promise<string | undefined> {
    const { engine } = this.services;
    const folder = await mkdtemp(join(tmpdir(), 'aws-containers-push-'));
    try {
      const digestFile = join(folder, 'digest');
      const output = new PushOutput();
      const command = pushCommand(engine, { image: this.uri, platform: this.push.platform, digestFile });
      const { exitCode, lines } = await this.runEngine({ ...command, env }, (line) =>
        this.emitPushProgress(output.add(line)),
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
    const { username, password } = await this.authorize();
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

  /** Runs a command of the engine, and passes its output on line by line, with secrets taken out. */
  private async runEngine(
    command: Command,
    onLine: (line: string) => void,
  ): Promise<{ exitCode: number | undefined; lines: readonly string[] }> {
    const kept: string[] = [];
    const streams = { stdout: new OutputLines(), stderr: new OutputLines() };
    const take = (lines: readonly string[]): void => {
      if (lines.length === 0) {
        return;
      }
      const clean = lines.map((line) => this.secrets.reduce(redact, line));
      kept.push(...clean);
      kept.splice(0, kept.length - KEPT_LINES);
      this.emit({ kind: 'output', text: `${clean.join('\n')}\n` });
      clean.forEach(onLine);
    };
    const { ended } = start(command, {
      signal: this.signal,
      keep: 1,
      onOutput: (text, stream) => take(streams[stream].add(text)),
    });
    const { exitCode } = await ended;
    throwIfCancelled(this.signal);
    take([...streams.stdout.end(), ...streams.stderr.end()]);
    return { exitCode, lines: kept };
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
