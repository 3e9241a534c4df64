import { isAbsolute } from 'node:path';
import { hostname } from 'node:os';
import { isCancellation, messageOf, throwIfCancelled, UserError } from '../base/errors';
import { findProgram } from '../base/findProgram';
import { run, type ProcessResult } from '../base/process';
import type { Engine, EngineId } from './engine';
import { parseBuildxUsable, parseDockerInfo, parsePodmanInfo, parseVersionLine } from './engineInfo';
import type { EngineInfo, Host } from './engineInfo';

export interface DetectOptions {
  readonly signal?: AbortSignal;
  /** The program to use, by absolute path, instead of what is on PATH. */
  readonly path?: string;
}

const ORDER: readonly EngineId[] = ['docker', 'podman', 'finch', 'nerdctl'];

const HOW_TO_START: Readonly<Record<EngineId, string>> = {
  docker: 'Start Docker (Docker Desktop, colima, or "sudo systemctl start docker")',
  podman: 'Start it with "podman machine start"',
  finch: 'Start it with "finch vm start"',
  nerdctl: 'Start containerd',
};

/** An engine over a broken connection may never answer: what takes longer than this counts as silent. */
const ANSWER_MILLISECONDS = 20_000;

/**
 * Finds a container engine that is installed and answers: the preferred one or, for `auto`, the first of
 * docker, podman, finch and nerdctl. What a program calls itself decides, not its name: `docker` may be
 * podman's stand-in, and is then returned as podman.
 * @throws UserError('engineMissing') when none is installed; UserError('engineNotRunning') when an installed
 *   one does not answer, with what it said; UserError('cancelled')
 */
export async function detectEngine(
  preference: EngineId | 'auto',
  options: DetectOptions = {},
): Promise<Engine> {
  const programs = await installedPrograms(preference, options.path);
  if (programs.length === 0) {
    throw missing(preference, options.path);
  }
  const silent: SilentEngine[] = [];
  for (const program of programs) {
    const answer = await askProgram(program, options.signal);
    if ('buildx' in answer) {
      return answer;
    }
    silent.push(answer);
  }
  throw notRunning(silent);
}

interface Program {
  readonly id: EngineId;
  readonly file: string;
}

interface SilentEngine extends Program {
  /** The engine's own words, on one line. */
  readonly said: string;
}

async function installedPrograms(preference: EngineId | 'auto', path?: string): Promise<Program[]> {
  if (path !== undefined) {
    return isAbsolute(path) ? [{ id: preference === 'auto' ? 'docker' : preference, file: path }] : [];
  }
  const wanted = preference === 'auto' ? ORDER : [preference];
  const found = await Promise.all(
    wanted.map(async (id) => {
      const file = await findProgram(id);
      return file === undefined ? [] : [{ id, file }];
    }),
  );
  return found.flat();
}

async function askProgram(program: Program, signal?: AbortSignal): Promise<Engine | SilentEngine> {
  const { file } = program;
  const limit = AbortSignal.timeout(ANSWER_MILLISECONDS);
  const ask = (...args: string[]): Promise<ProcessResult> =>
    run({ file, args }, { signal: signal ? AbortSignal.any([signal, limit]) : limit });
  try {
    const { id, clientVersion } = parseVersionLine((await ask('--version')).stdout) ?? {
      id: program.id,
      clientVersion: '',
    };
    const found =
      id === 'docker'
        ? await askDocker(ask)
        : { info: parseInfo(id, await ask('info', '--format', JSON_FORMAT)) };
    if ('said' in found.info) {
      return { id, file, said: found.info.said };
    }
    return {
      id,
      file,
      clientVersion,
      buildx: false,
      ...found.info,
      ...('buildx' in found && { buildx: found.buildx }),
    };
  } catch (error) {
    throwIfCancelled(signal);
    const said = isCancellation(error)
      ? `no answer within ${ANSWER_MILLISECONDS / 1000} seconds`
      : messageOf(error);
    if (error instanceof UserError && error.reason === 'programMissing') {
      throw missing(program.id, file);
    }
    return { ...program, said };
  }
}

/** Works with docker, podman and nerdctl of every version; `json` alone does not. */
const JSON_FORMAT = '{{json .}}';

async function askDocker(
  ask: (...args: string[]) => Promise<ProcessResult>,
): Promise<{ info: EngineInfo | { said: string }; buildx: boolean }> {
  const [info, context, buildx] = await Promise.all([
    ask('info', '--format', JSON_FORMAT),
    ask('context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'),
    // Without the plugin, `docker buildx` fails at once. With it, the builder that a build would use has to
    // exist: it may be a removed container or an unreachable machine.
    ask('buildx', 'inspect'),
  ]);
  const dockerHost = process.env['DOCKER_HOST'];
  const endpoint = dockerHost === undefined || dockerHost === '' ? context.stdout.trim() : dockerHost;
  return {
    info: parseInfo('docker', info, endpoint),
    buildx: buildx.exitCode === 0 && parseBuildxUsable(buildx.stdout),
  };
}

function parseInfo(
  id: EngineId,
  result: ProcessResult,
  endpoint?: string,
): EngineInfo | { readonly said: string } {
  const host: Host = { operatingSystem: process.platform, name: hostname() };
  // Docker answers with exit code 0 or 1, and with what the client knows, when its engine does not.
  const parsed =
    id === 'podman' ? parsePodmanInfo(result.stdout, host) : parseDockerInfo(result.stdout, host, endpoint);
  if (parsed && !('said' in parsed)) {
    return parsed;
  }
  return { said: parsed?.said ?? firstLines(result) };
}

function firstLines({ stderr, exitCode }: ProcessResult): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.length > 0 ? lines.slice(0, 3).join(' ') : `exit code ${exitCode ?? 'none'}`;
}

function missing(preference: EngineId | 'auto', path?: string): UserError {
  const looked = path ?? (preference === 'auto' ? `${ORDER.join(', ')} on PATH` : `${preference} on PATH`);
  return new UserError(
    'engineMissing',
    'No container engine was found. Install Docker (docs.docker.com/get-docker), Podman (podman.io) or Finch ' +
      `(runfinch.com), or choose another with the setting "awsContainers.engine". Looked for: ${looked}`,
    { action: 'selectEngine' },
  );
}

function notRunning(silent: readonly SilentEngine[]): UserError {
  const first = silent[0];
  const how = first ? HOW_TO_START[first.id] : 'Start it';
  const said = silent.map((engine) => `${engine.id}: ${engine.said}`).join('; ');
  return new UserError(
    'engineNotRunning',
    `The container engine does not answer. ${how}, then try again, or choose another with the setting ` +
      `"awsContainers.engine". ${said}`,
    { action: 'selectEngine' },
  );
}
