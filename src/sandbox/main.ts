import { readFileSync } from 'node:fs';
import { isCancellation, messageOf, UserError } from '../base/errors';
import { detectEngine } from '../containers/detectEngine';
import type { Engine } from '../containers/engine';
import { type EngineChoice, parseArguments, type SandboxArguments, USAGE } from './parseArguments';
import { parseSeed, type Seed } from './seed';
import { startSandboxServer } from './startSandbox';

/** Exit codes: 0 after an orderly end, 1 when the sandbox failed, 2 when its arguments were wrong. */
async function main(): Promise<number> {
  let options: SandboxArguments;
  let seed: Seed | undefined;
  try {
    options = parseArguments(process.argv.slice(2));
    seed = readSeed(options.seedFile);
  } catch (error) {
    console.error(`${USAGE}\n\n${messageOf(error)}`);
    return 2;
  }
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const end = new AbortController();
  const failures = endOn(end, options.exitWithParent);
  try {
    const engine = await findEngine(options.engine, end.signal);
    const sandbox = await startSandboxServer({
      port: options.port,
      dataDir: options.dataDir,
      engine,
      latency: options.latency,
      seed,
      onShutdown: () => end.abort(),
    });
    try {
      if (!end.signal.aborted) {
        const { endpoint, registry, engine: engineId } = sandbox;
        console.log(JSON.stringify({ endpoint, registry, engine: engineId }));
        await new Promise((resolve) => end.signal.addEventListener('abort', resolve));
      }
    } finally {
      await sandbox.close();
    }
  } catch (error) {
    if (!isCancellation(error)) {
      console.error(error instanceof UserError ? error.message : error);
      return 1;
    }
  }
  return failures.length === 0 ? 0 : 1;
}

function readSeed(file: string | undefined): Seed | undefined {
  if (file === undefined) {
    return undefined;
  }
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError('invalidInput', `The seed cannot be read: ${messageOf(error)}`, { cause: error });
  }
  return parseSeed(text, file);
}

/** Without an engine that answers, `auto` goes on, and says on standard error that tasks are simulated. */
async function findEngine(choice: EngineChoice, signal: AbortSignal): Promise<Engine | undefined> {
  if (choice === 'none') {
    return undefined;
  }
  try {
    return await detectEngine(choice, { signal });
  } catch (error) {
    if (choice === 'auto' && !isCancellation(error)) {
      console.error(`Tasks are simulated: ${messageOf(error)}`);
      return undefined;
    }
    throw error;
  }
}

/**
 * Aborts when the process is asked to end, or when something fails that nobody waits for; gives the list in
 * which such failures appear. A second signal ends the process at once.
 */
function endOn(end: AbortController, withParent: boolean): readonly unknown[] {
  const failures: unknown[] = [];
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (end.signal.aborted) {
        process.exit(1);
      }
      end.abort();
    });
  }
  // Where the parent is gone, nobody reads: writing must not keep the sandbox from ending in order.
  process.stdout.on('error', () => end.abort());
  process.stderr.on('error', () => end.abort());
  process.on('uncaughtException', (error) => {
    console.error('The sandbox failed:', error);
    failures.push(error);
    end.abort();
  });
  if (withParent) {
    process.stdin.on('close', () => end.abort());
    process.stdin.on('error', () => end.abort());
    process.stdin.resume();
  }
  return failures;
}

void main().then((code) => process.exit(code));
