import { throwIfCancelled } from '../base/errors';
import { start, type Command } from '../base/process';
import { OutputLines } from '../containers/outputLines';
import { redact } from '../containers/registryLogin';
import type { PushEvent } from './pushEvent';

export interface EngineRunOptions {
  readonly signal: AbortSignal;
  /** Taken out of everything that is passed on: a belt, for no engine prints what it signs in with. */
  readonly secrets: readonly string[];
  /** Gets the output, as events, while it arrives. */
  readonly emit: (event: PushEvent) => void;
  /** Gets each line, without control sequences. */
  readonly onLine: (line: string) => void;
}

/** Lines of output kept to read a failure from. */
const KEPT_LINES = 1000;

/**
 * Runs a command of the engine to its end.
 * @returns its exit code (`undefined` when a signal ended it) and its last lines, of both streams
 * @throws UserError('cancelled') after its process tree has ended; UserError('programMissing')
 */
export async function runEngine(
  command: Command,
  options: EngineRunOptions,
): Promise<{ readonly exitCode: number | undefined; readonly lines: readonly string[] }> {
  const kept: string[] = [];
  const streams = { stdout: new OutputLines(), stderr: new OutputLines() };
  const take = (lines: readonly string[]): void => {
    if (lines.length === 0) {
      return;
    }
    const clean = lines.map((line) => options.secrets.reduce(redact, line));
    kept.push(...clean.slice(-KEPT_LINES));
    kept.splice(0, kept.length - KEPT_LINES);
    options.emit({ kind: 'output', text: `${clean.join('\n')}\n` });
    clean.forEach(options.onLine);
  };
  const { exitCode } = await start(command, {
    signal: options.signal,
    keep: 1,
    onOutput: (text, stream) => take(streams[stream].add(text)),
  }).ended;
  throwIfCancelled(options.signal);
  take([...streams.stdout.end(), ...streams.stderr.end()]);
  return { exitCode, lines: kept };
}
