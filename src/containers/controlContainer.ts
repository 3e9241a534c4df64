import type { Command } from '../base/process';
import type { Engine } from './engine';

/**
 * Starts a created container and stays attached: its output from the first byte is the client's, and the
 * client ends when the container has ended and everything has been read. The client passes signals on to the
 * container, so it must not be killed to be rid of it.
 */
export function startAttached(engine: Engine, container: string): Command {
  return { file: engine.file, args: ['start', '--attach', container] };
}

/** Attaches to a running container, whose earlier output is not repeated. */
export function attachAgain(engine: Engine, container: string): Command {
  return { file: engine.file, args: ['attach', '--no-stdin', '--sig-proxy=false', container] };
}

/** @param signal by name ("SIGTERM") or number */
export function killContainer(engine: Engine, container: string, signal: string): Command {
  return { file: engine.file, args: ['kill', `--signal=${signal}`, container] };
}

/** Removes containers, running or not, with the anonymous volumes that came with them. */
export function removeContainers(engine: Engine, containers: readonly string[]): Command {
  // What docker does unasked: kill at once instead of asking for ten seconds, pass over those that are gone,
  // and not mind that others share their network.
  const podman = engine.id === 'podman' ? ['--time=0', '--ignore', '--depend'] : [];
  return { file: engine.file, args: ['rm', '--force', '--volumes', ...podman, ...containers] };
}

/** Runs a program in a running container; the client ends with the program's exit code. */
export function execInContainer(engine: Engine, container: string, program: readonly string[]): Command {
  return { file: engine.file, args: ['exec', container, ...program] };
}

/** For `parseContainerInspection`. */
export function inspectContainer(engine: Engine, container: string): Command {
  return { file: engine.file, args: ['container', 'inspect', container] };
}

/** Prints the ids, one a line, of all containers with a label, running or not. */
export function listContainers(engine: Engine, label: string): Command {
  return { file: engine.file, args: ['ps', '--all', '--quiet', '--no-trunc', `--filter=label=${label}`] };
}

export function createVolume(
  engine: Engine,
  name: string,
  labels: Readonly<Record<string, string>>,
): Command {
  const labelled = Object.entries(labels).map(([key, value]) => `--label=${key}=${value}`);
  return { file: engine.file, args: ['volume', 'create', ...labelled, name] };
}

/** Prints the names, one a line, of all volumes with a label. */
export function listVolumes(engine: Engine, label: string): Command {
  return { file: engine.file, args: ['volume', 'ls', '--quiet', `--filter=label=${label}`] };
}

export function removeVolumes(engine: Engine, names: readonly string[]): Command {
  return { file: engine.file, args: ['volume', 'rm', '--force', ...names] };
}
