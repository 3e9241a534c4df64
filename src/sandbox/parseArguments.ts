import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf, UserError } from '../base/errors';
import type { EngineId } from '../containers/engine';

export type EngineChoice = EngineId | 'auto' | 'none';

const ENGINE_CHOICES: readonly EngineChoice[] = ['auto', 'docker', 'podman', 'finch', 'nerdctl', 'none'];

export const USAGE = `Usage: sandbox [options]
  --port N            loopback port; 0 for any. Default: the one used last, or any
  --data-dir DIR      where everything is kept. Default: in the user's data folder
  --engine ENGINE     ${ENGINE_CHOICES.join(', ')}. Default: auto
  --latency MS        milliseconds that every API call takes at least
  --seed FILE         JSON file with resources to begin with
  --exit-with-parent  end when standard input is closed
  --help              show this`;

export interface SandboxArguments {
  readonly help: boolean;
  readonly port: number | undefined;
  readonly dataDir: string;
  readonly engine: EngineChoice;
  /** Milliseconds. */
  readonly latency: number;
  readonly seedFile: string | undefined;
  readonly exitWithParent: boolean;
}

/** @throws UserError('invalidInput') that names the option */
export function parseArguments(args: readonly string[]): SandboxArguments {
  const { values } = parseOptions(args);
  return {
    help: values.help,
    port: values.port === undefined ? undefined : parseNumber('port', values.port, 65_535),
    dataDir: resolve(values['data-dir'] ?? defaultDataDir()),
    engine: parseEngine(values.engine),
    latency: parseNumber('latency', values.latency, 600_000),
    seedFile: values.seed,
    exitWithParent: values['exit-with-parent'],
  };
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        'data-dir': { type: 'string' },
        engine: { type: 'string', default: 'auto' },
        latency: { type: 'string', default: '0' },
        seed: { type: 'string' },
        'exit-with-parent': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UserError('invalidInput', messageOf(error), { cause: error });
  }
}

function parseNumber(option: string, text: string, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > most) {
    throw new UserError('invalidInput', `--${option} must be a whole number from 0 to ${most}: ${text}`);
  }
  return number;
}

function parseEngine(text: string): EngineChoice {
  const engine = ENGINE_CHOICES.find((choice) => choice === text);
  if (engine === undefined) {
    throw new UserError('invalidInput', `--engine must be one of ${ENGINE_CHOICES.join(', ')}: ${text}`);
  }
  return engine;
}

/** Where programs of this system keep what is a user's and not to be lost. */
function defaultDataDir(): string {
  const home = homedir();
  const base =
    process.platform === 'win32'
      ? (process.env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'))
      : process.platform === 'darwin'
        ? join(home, 'Library', 'Application Support')
        : (process.env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'));
  return join(base, 'aws-containers', 'sandbox');
}
