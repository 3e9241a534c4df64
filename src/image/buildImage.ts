import { readFile } from 'node:fs/promises';
import { run } from '../base/process';
import { buildCommand, imagePlatformCommand } from '../containers/buildCommands';
import { isForeignArchitecture, parseBuildFailure, parseBuildProgress } from '../containers/buildOutput';
import type { Engine } from '../containers/engine';
import type { ImagePush } from './imagePush';
import { buildError } from './pushErrors';
import type { PushEvent } from './pushEvent';
import { runEngine } from './runEngine';

/**
 * Builds an image into the engine's own store, under the name that it is to be pushed by.
 * @throws BuildFailedError; UserError('engineNotRunning', 'pushFailed' for want of space, or 'cancelled')
 */
export async function buildImage(
  push: ImagePush,
  engine: Engine,
  emit: (event: PushEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  await build(push, engine, false, emit, signal);
  if (!push.platform || isBuildKit(engine)) {
    return;
  }
  // The caches of docker's classic builder and of buildah do not tell platforms apart below `FROM scratch`:
  // asked for another platform than last time, they give the last one again.
  if (!(await isBuiltFor(push.platform, push, engine, signal))) {
    await build(push, engine, true, emit, signal);
    if (!(await isBuiltFor(push.platform, push, engine, signal))) {
      const message = `The image is not for ${push.platform}: its Dockerfile or base image says otherwise.`;
      emit({ kind: 'warning', message });
    }
  }
}

function isBuildKit(engine: Engine): boolean {
  return engine.buildx || engine.id === 'finch' || engine.id === 'nerdctl';
}

async function isBuiltFor(
  platform: string,
  push: ImagePush,
  engine: Engine,
  signal: AbortSignal,
): Promise<boolean> {
  const { stdout } = await run(imagePlatformCommand(engine, imageName(push)), { signal });
  // Without the variant, which these builders do not record.
  return stdout.trim() === platform.split('/').slice(0, 2).join('/');
}

async function build(
  push: ImagePush,
  engine: Engine,
  noCache: boolean,
  emit: (event: PushEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const { dockerfile, buildContext, platform, buildArgs, target } = push;
  const command = buildCommand(engine, {
    dockerfile,
    context: buildContext,
    image: imageName(push),
    platform,
    buildArgs,
    target,
    noCache,
  });
  const { exitCode, lines } = await runEngine(command, {
    signal,
    secrets: [],
    emit,
    onLine: (line) => {
      const progress = parseBuildProgress(line);
      if (progress) {
        emit({ kind: 'progress', step: 'build', ...progress });
      }
    },
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

function imageName(push: ImagePush): string {
  return `${push.repositoryUri}:${push.tag}`;
}
