import { basename } from 'node:path';
import { UserError } from '../base/errors';
import type { BuildFailure } from '../containers/buildOutput';
import type { Engine } from '../containers/engine';
import { classifyEngineFailure } from '../containers/engineFailure';
import { findInstruction } from './dockerfile';

/** A build that failed, with the place in the Dockerfile that an editor can show. */
export class BuildFailedError extends UserError {
  constructor(
    message: string,
    /** `line` is counted from 1. */
    readonly location: { readonly file: string; readonly line: number } | undefined,
  ) {
    super('buildFailed', message, { action: 'openLog' });
    this.name = 'BuildFailedError';
  }
}

export interface FailedBuild {
  readonly engine: Engine;
  readonly dockerfile: string;
  /** The Dockerfile's text, to find the line of a step. */
  readonly text: string;
  /** The platform that was asked for. */
  readonly platform: string | undefined;
  readonly failure: BuildFailure;
  /** A program of another processor architecture could not be run. */
  readonly foreignArchitecture: boolean;
}

/** The error of a build, from what its engine said. */
export function buildError(build: FailedBuild): UserError {
  const { engine, failure } = build;
  switch (classifyEngineFailure(failure.message)) {
    case 'engineNotRunning':
      return engineStopped(engine, failure.message);
    case 'noSpace':
      return noSpace(engine, failure.message);
    default:
  }
  const lines = build.text.split('\n');
  const found = failure.step ? findInstruction(build.text, failure.step) : undefined;
  const line = failure.line ?? found?.line;
  const instruction = found?.text ?? (line === undefined ? failure.step?.text : lines[line - 1]?.trim());
  const name = basename(build.dockerfile);
  const place = line === undefined ? name : `line ${line} of ${name}`;
  const quoted = instruction ? ` (${shorten(instruction)})` : '';
  const next = build.foreignArchitecture
    ? foreignArchitecture(build)
    : `Correct ${place}${quoted} and push again; the output has the details.`;
  const where = build.foreignArchitecture ? ` at ${place}${quoted}` : '';
  return new BuildFailedError(
    `The image could not be built${where}. ${next} ${engine.id} says: ${failure.message}`,
    line === undefined ? undefined : { file: build.dockerfile, line },
  );
}

/** The error of a push to `uri` (`repository:tag`), from what the engine or the registry said. */
export function pushError(engine: Engine, uri: string, said: string): UserError {
  const tag = uri.slice(uri.lastIndexOf(':') + 1);
  const repository = uri.slice(0, uri.lastIndexOf(':'));
  switch (classifyEngineFailure(said)) {
    case 'tagImmutable':
      return new UserError(
        'tagImmutable',
        `The tag "${tag}" exists already, and the repository does not let tags be moved. Choose another ` +
          `tag, or change the repository's tag mutability. Repository: ${repository}`,
        { action: 'chooseTag' },
      );
    case 'repositoryMissing':
      return new UserError(
        'repositoryMissing',
        `There is no such repository to push to. Create it, or choose another. Repository: ${repository}`,
        { action: 'createRepository' },
      );
    case 'signInRefused':
      return new UserError(
        'signInRefused',
        `The registry refused the push for want of a valid sign-in. Check that the profile may push to ` +
          `${repository}, and try again. It says: ${said}`,
        { action: 'selectContext' },
      );
    case 'accessDenied':
      return new UserError(
        'accessDenied',
        `The profile may not push to ${repository}. Have the missing permission granted, or select another ` +
          `profile. The registry says: ${said}`,
        { action: 'selectContext' },
      );
    case 'throttled':
      return new UserError(
        'throttled',
        `The registry asks to slow down. Wait a minute, then push ${uri} again. It says: ${said}`,
        { action: 'retry' },
      );
    case 'engineNotRunning':
      return engineStopped(engine, said);
    case 'noSpace':
      return noSpace(engine, said);
    case 'network':
      return new UserError(
        'endpointUnreachable',
        `The registry of ${uri} could not be reached. Check the network and the proxy, then push again; ` +
          `what has been uploaded is kept. ${engine.id} says: ${said}`,
        { action: 'retry' },
      );
    case 'other':
      return new UserError(
        'pushFailed',
        `The image could not be pushed to ${uri}. The output has the details. ${engine.id} says: ${said}`,
        { action: 'openLog' },
      );
  }
}

function engineStopped(engine: Engine, said: string): UserError {
  return new UserError(
    'engineNotRunning',
    `${engine.id} does not answer any more. Start it, then push again. It says: ${said}`,
    { action: 'selectEngine' },
  );
}

function noSpace(engine: Engine, said: string): UserError {
  return new UserError(
    'pushFailed',
    `There is no space left for images. Free some, for example with "${engine.id} system prune", then push ` +
      `again. ${engine.id} says: ${said}`,
    { action: 'openLog' },
  );
}

function foreignArchitecture({ engine, platform }: FailedBuild): string {
  const wanted = platform ?? 'the base image’s platform';
  return (
    `A program for ${wanted} cannot run on this engine (${engine.platform}) without emulation: install QEMU's ` +
    'binfmt handlers, or build for the engine’s own platform.'
  );
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
