import type { Command } from '../base/process';
import type { Engine } from './engine';
import { plainHttpFlags } from './registryLogin';

/** What to build, of which nothing is ever interpreted by a shell. */
export interface BuildRequest {
  /** Absolute path. */
  readonly dockerfile: string;
  /** Absolute path of the folder that the Dockerfile copies from. */
  readonly context: string;
  /** The name that the image gets, `host/repository:tag`. */
  readonly image: string;
  /** `os/architecture[/variant]`; left out, the engine's own. */
  readonly platform?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly target?: string;
  /** Builds every step again. */
  readonly noCache?: boolean;
}

/** Builds an image into the engine's own store, with the user's own configuration. */
export function buildCommand(engine: Engine, request: BuildRequest): Command {
  const args = [
    ...buildVerb(engine),
    '--file',
    engine.id === 'podman' ? quoteListItem(request.dockerfile) : request.dockerfile,
    '--tag',
    request.image,
    ...(request.platform ? ['--platform', request.platform] : []),
    ...(request.noCache ? ['--no-cache'] : []),
    ...(request.target ? ['--target', request.target] : []),
    ...Object.entries(request.buildArgs ?? {}).flatMap(([name, value]) => [
      '--build-arg',
      `${name}=${value}`,
    ]),
    request.context,
  ];
  return { file: engine.file, args };
}

/** podman's `--file` takes a list of comma-separated values, so that commas and quotes need quoting as in CSV. */
function quoteListItem(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function buildVerb(engine: Engine): readonly string[] {
  switch (engine.id) {
    case 'docker':
      // `--load`: a builder in a container would otherwise keep the image to itself.
      // `--force-rm`: the classic builder would leave the container of a step that failed.
      return engine.buildx ? ['buildx', 'build', '--load', '--progress', 'plain'] : ['build', '--force-rm'];
    case 'podman':
      return ['build'];
    case 'finch':
    case 'nerdctl':
      return ['build', '--progress', 'plain'];
  }
}

export interface PushRequest {
  /** `host/repository:tag` */
  readonly image: string;
  /** The platform that the image was built for, when one was asked for. */
  readonly platform?: string;
  /** Where podman writes the digest that the registry has got; its output does not name it. */
  readonly digestFile?: string;
}

/** Pushes an image; to be run with the environment of a `RegistryLogin`. */
export function pushCommand(engine: Engine, { image, platform, digestFile }: PushRequest): Command {
  const digest = engine.id === 'podman' && digestFile ? ['--digestfile', digestFile] : [];
  return {
    file: engine.file,
    args: ['push', ...plainHttpFlags(engine, image), ...digest, ...platformFlags(engine, platform), image],
  };
}

/**
 * Pulls an image; to be run with the environment of a `RegistryLogin`. Says what it does, line by line.
 * @param platform of an image that is for another platform than the engine's own
 */
export function pullCommand(engine: Pick<Engine, 'id' | 'file'>, image: string, platform?: string): Command {
  return {
    file: engine.file,
    args: ['pull', ...plainHttpFlags(engine, image), ...platformFlags(engine, platform), image],
  };
}

/** Writes an image as an archive to standard output: docker's format, or an OCI layout. */
export function saveCommand(engine: Engine, image: string, platform?: string): Command {
  return { file: engine.file, args: ['save', ...platformFlags(engine, platform), image] };
}

/** Asks for what an image was built for, as `os/architecture`. */
export function imagePlatformCommand(engine: Engine, image: string): Command {
  return { file: engine.file, args: ['image', 'inspect', '--format', '{{.Os}}/{{.Architecture}}', image] };
}

/** containerd's clients look for the platform of the host in an image unless told otherwise. */
function platformFlags(engine: Pick<Engine, 'id'>, platform: string | undefined): readonly string[] {
  return platform && (engine.id === 'finch' || engine.id === 'nerdctl') ? ['--platform', platform] : [];
}
