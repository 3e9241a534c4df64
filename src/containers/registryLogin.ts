import { rmSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { homedir, hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { throwIfCancelled, UserError } from '../base/errors';
import { run, type Command } from '../base/process';
import type { Engine } from './engine';
import { classifyEngineFailure } from './engineFailure';
import { isLoopbackRegistry, registryHost } from './registryHost';

export interface RegistryCredentials {
  /** `host[:port]`, or an address as ECR's `proxyEndpoint`. */
  readonly registry: string;
  readonly username: string;
  readonly password: string;
}

/** A sign-in that lives as long as the body it was made for. */
export interface RegistryLogin {
  /** To be added to the environment of the engine's commands that should be signed in. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Signs the engine's client in to a registry for the time of `body`. The password goes by standard input into
 * a configuration folder of its own, readable by this user only, that is removed however the body ends, and
 * when this process ends. What the user's configuration says about where the engine is stays in force.
 * @throws UserError('signInRefused') when the registry takes neither user nor password;
 *   UserError('endpointUnreachable') when it does not answer; UserError('cancelled'); what the body throws
 */
export async function withRegistryLogin<T>(
  engine: Engine,
  credentials: RegistryCredentials,
  body: (login: RegistryLogin) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  throwIfCancelled(signal);
  const folder = await createLoginFolder();
  const registry = registryHost(credentials.registry);
  const configFile = join(folder.path, engine.id === 'podman' ? 'auth.json' : 'config.json');
  const login: RegistryLogin = {
    env: engine.id === 'podman' ? { REGISTRY_AUTH_FILE: configFile } : { DOCKER_CONFIG: folder.path },
  };
  let storedElsewhere = false;
  try {
    if (engine.id !== 'podman') {
      await carryConfiguration(folder.path, configFile);
    }
    const result = await run(
      {
        ...loginCommand(engine, registry, credentials.username),
        stdin: credentials.password,
        env: login.env,
      },
      { signal },
    );
    if (result.exitCode !== 0) {
      throw loginFailure(engine, registry, redact(result.stderr || result.stdout, credentials.password));
    }
    storedElsewhere = !(await holdsCredentials(configFile));
    return await body(login);
  } finally {
    if (storedElsewhere) {
      await run({ file: engine.file, args: ['logout', registry], env: login.env }).catch(() => undefined);
    }
    await folder.remove();
  }
}

/** Signs in with the password on standard input. */
export function loginCommand(
  engine: Pick<Engine, 'id' | 'file'>,
  registry: string,
  username: string,
): Command {
  // Finch's own `login` knows no such flag; it takes loopback for plain HTTP by itself.
  const plainHttp = engine.id === 'finch' ? [] : plainHttpFlags(engine, registry);
  return {
    file: engine.file,
    args: ['login', '--username', username, '--password-stdin', ...plainHttp, registry],
  };
}

/** What makes an engine talk plain HTTP with a registry on this machine's loopback; docker does unasked. */
export function plainHttpFlags(engine: Pick<Engine, 'id'>, registry: string): readonly string[] {
  if (!isLoopbackRegistry(registry) || engine.id === 'docker') {
    return [];
  }
  return engine.id === 'podman' ? ['--tls-verify=false'] : ['--insecure-registry'];
}

/** Replaces a secret wherever it stands in a text. */
export function redact(text: string, secret: string): string {
  return secret === '' ? text : text.replaceAll(secret, '***');
}

/**
 * Whether the credentials are in our own file. They are not when the client keeps them in a credential helper
 * of the system, or is a wrapper into a virtual machine that sees another environment: then the engine has to
 * be told to forget them.
 */
async function holdsCredentials(configFile: string): Promise<boolean> {
  try {
    const config = JSON.parse(await readFile(configFile, 'utf8')) as {
      auths?: Record<string, { auth?: string }>;
    };
    return Object.values(config.auths ?? {}).some((entry) => entry.auth !== undefined && entry.auth !== '');
  } catch {
    return false;
  }
}

/** Of docker's configuration: where the engine is and how to talk to it, and nothing about credentials. */
const CARRIED_KEYS = ['currentContext', 'proxies', 'HttpHeaders'];

async function carryConfiguration(folder: string, configFile: string): Promise<void> {
  const own = userConfigFolder();
  const config: Record<string, unknown> = {
    // With no entry at all, docker would pick the system's keychain (`DetectDefaultStore` of its client), and
    // the credentials would outlive this folder. An empty entry makes it keep to the file.
    auths: { 'credentials-stay-in-this-file.invalid': {} },
  };
  try {
    const users = JSON.parse(await readFile(join(own, 'config.json'), 'utf8')) as Record<string, unknown>;
    for (const key of CARRIED_KEYS) {
      if (users[key] !== undefined) {
        config[key] = users[key];
      }
    }
  } catch {
    // No configuration, or none that docker could read either.
  }
  await writeFile(configFile, JSON.stringify(config), { mode: 0o600 });
  const contexts = join(own, 'contexts');
  if (await stat(contexts).catch(() => undefined)) {
    // A link rather than a copy: contexts may hold private keys. A junction needs no privilege on Windows.
    await symlink(contexts, join(folder, 'contexts'), 'junction');
  }
}

function userConfigFolder(): string {
  const chosen = process.env['DOCKER_CONFIG'];
  return chosen === undefined || chosen === '' ? join(homedir(), '.docker') : chosen;
}

function loginFailure(engine: Engine, registry: string, output: string): UserError {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(warning|emulate docker)/i.test(line));
  const said = lines.at(-1) ?? 'no reason given';
  switch (classifyEngineFailure(said)) {
    case 'network':
    case 'throttled':
      return new UserError(
        'endpointUnreachable',
        `The registry ${registry} could not be reached to sign in. Check the network, the proxy and the ` +
          `region, then try again. The engine says: ${said}`,
        { action: 'openLog' },
      );
    case 'engineNotRunning':
      return new UserError(
        'engineNotRunning',
        `${engine.id} stopped answering while signing in. Start it, then try again. It says: ${said}`,
        { action: 'selectEngine' },
      );
    default:
      return new UserError(
        'signInRefused',
        `The registry ${registry} refused the sign-in. Check that the profile may use this registry, and ` +
          `its region, then try again. The engine says: ${said}`,
        { action: 'selectContext' },
      );
  }
}

interface LoginFolder {
  readonly path: string;
  remove(): Promise<void>;
}

const ENDING_SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];

async function createLoginFolder(): Promise<LoginFolder> {
  const host = hostname().replace(/[^\w-]/g, '_');
  const prefix = `aws-containers-login-${host}-`;
  await removeAbandoned(prefix);
  // mkdtemp makes the folder with mode 0700.
  const path = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  const removeNow = (): void => rmSync(path, { recursive: true, force: true });
  const onSignal = (signal: NodeJS.Signals): void => {
    removeNow();
    // Listening took the signal's default away; with nobody else listening, it is given back.
    if (process.listenerCount(signal) === 0) {
      process.kill(process.pid, signal);
    }
  };
  process.once('exit', removeNow);
  ENDING_SIGNALS.forEach((signal) => process.once(signal, onSignal));
  return {
    path,
    remove: async () => {
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
      process.off('exit', removeNow);
      ENDING_SIGNALS.forEach((signal) => process.off(signal, onSignal));
    },
  };
}

/** Removes what a process left that was killed without a chance to clean up. */
async function removeAbandoned(prefix: string): Promise<void> {
  const names = await readdir(tmpdir()).catch((): string[] => []);
  for (const name of names.filter((each) => each.startsWith(prefix))) {
    const owner = Number.parseInt(name.slice(prefix.length), 10);
    if (Number.isInteger(owner) && !isAlive(owner)) {
      await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
