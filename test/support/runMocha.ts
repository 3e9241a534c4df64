import { writeFileSync } from 'node:fs';
import { format, inspect } from 'node:util';
import Mocha from 'mocha';

/** What a suite came to, as it passes from the process that ran it to the one that adds up. */
export interface SuiteResult {
  readonly passed: number;
  readonly failures: readonly { readonly title: string; readonly message: string }[];
  /** Full titles; a test says why it is skipped in its own or its suite's title. */
  readonly skipped: readonly string[];
}

export interface MochaRun {
  readonly files: readonly string[];
  /** Pattern of the full titles to run. */
  readonly grep?: string | undefined;
  /** Milliseconds a test may take that does not say otherwise. */
  readonly timeout: number;
  /** Written, as JSON, when the run has ended: a suite that crashed leaves none. */
  readonly resultFile?: string | undefined;
  /** Takes the printed report line by line. Default: standard output. */
  readonly print?: (line: string) => void;
}

/**
 * Runs test files with mocha in this process, which must be able to require TypeScript, and prints the tests
 * as they end. Files are loaded by `require`: it is what the extension host can give `vscode` to.
 */
export async function runMocha(run: MochaRun): Promise<SuiteResult> {
  const mocha = new RequiringMocha({
    ui: 'bdd',
    reporter: 'spec',
    color: true,
    timeout: run.timeout,
    slow: 1000,
    forbidOnly: process.env['CI'] !== undefined,
    ...(run.grep === undefined ? {} : { grep: run.grep }),
  });
  for (const file of run.files) {
    mocha.addFile(file);
  }
  mocha.requireFiles();
  const { print } = run;
  if (print) {
    Mocha.reporters.Base.consoleLog = (...parts: unknown[]) => print(format(...parts));
  }
  let passed = 0;
  const failures: { title: string; message: string }[] = [];
  const skipped: string[] = [];
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on('pass', () => passed++);
    runner.on('pending', (test) => skipped.push(test.fullTitle()));
    runner.on('fail', (test, error: unknown) => {
      const message = error instanceof Error ? (error.stack ?? error.message) : inspect(error);
      failures.push({ title: test.fullTitle(), message });
    });
  });
  const result: SuiteResult = { passed, failures, skipped };
  if (run.resultFile !== undefined) {
    writeFileSync(run.resultFile, JSON.stringify(result));
  }
  return result;
}

/** Loads files at once, where mocha's own `loadFilesAsync` would import them as modules of the other kind. */
class RequiringMocha extends Mocha {
  requireFiles(): void {
    this.loadFiles();
  }
}
