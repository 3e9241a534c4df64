import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { SuiteResult } from '../support/runMocha';
import { endOnSignals } from './endOnSignals';
import { PROJECT } from './session';

/*
 * `npm test [-- SUITE...] [-- --grep PATTERN]`: runs the suites one after another, all of them even when one
 * fails, and adds up. A suite that ends without a result, or without having run a test, counts as a failure.
 */
const SUITES: Readonly<Record<string, readonly string[]>> = {
  lint: ['lint.ts'],
  unit: ['runSuite.ts', 'unit'],
  sandbox: ['runSuite.ts', 'sandbox'],
  host: ['runHost.ts'],
  ui: ['runSuite.ts', 'ui'],
};

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { grep: { type: 'string' } },
  });
  const unknown = positionals.filter((name) => !(name in SUITES));
  if (unknown.length > 0) {
    throw new Error(`No suite ${unknown.join(', ')}: there are ${Object.keys(SUITES).join(', ')}`);
  }
  const names = Object.keys(SUITES).filter((name) =>
    positionals.length > 0 ? positionals.includes(name) : name !== 'lint' || values.grep === undefined,
  );
  const results = new Map<string, SuiteResult>();
  for (const name of names) {
    const started = Date.now();
    console.log(`\n--- ${name}`);
    results.set(name, await runSuite(name, values.grep));
    console.log(`--- ${name}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
  summarize(results);
}

async function runSuite(name: string, grep: string | undefined): Promise<SuiteResult> {
  const [script = '', ...rest] = SUITES[name] ?? [];
  const folder = await mkdtemp(path.join(tmpdir(), 'aws-containers-result-'));
  const resultFile = path.join(folder, 'result.json');
  try {
    const code = await runScript([
      path.join(__dirname, script),
      ...rest,
      ...['--result', resultFile],
      ...(grep === undefined ? [] : ['--grep', grep]),
    ]);
    const result = await readResult(resultFile);
    if (result === undefined) {
      return crashed(name, `ended with code ${code} before it had a result`);
    }
    const ran = result.passed + result.failures.length + result.skipped.length;
    if (ran === 0 && grep === undefined) {
      return crashed(name, 'found no test to run');
    }
    return code !== 0 && result.failures.length === 0
      ? crashed(name, `passed its tests and then ended with code ${code}`, result)
      : result;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function crashed(suite: string, message: string, so: SuiteResult = NOTHING): SuiteResult {
  return { ...so, failures: [...so.failures, { title: `The ${suite} suite`, message }] };
}

const NOTHING: SuiteResult = { passed: 0, failures: [], skipped: [] };

/** Runs a TypeScript program with its output on ours, and gives its exit code. */
function runScript(args: readonly string[]): Promise<number | string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--enable-source-maps', '--require', 'tsx/cjs', ...args], {
      cwd: PROJECT,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    });
    const kill = (): void => void child.kill();
    process.once('exit', kill);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.off('exit', kill);
      resolve(code ?? signal ?? 'unknown');
    });
  });
}

async function readResult(file: string): Promise<SuiteResult | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as SuiteResult;
  } catch {
    return undefined;
  }
}

function summarize(results: ReadonlyMap<string, SuiteResult>): void {
  const all = [...results].flatMap(([suite, result]) => ({ suite, ...result }));
  const skipped = all.flatMap(({ suite, skipped }) => skipped.map((title) => `${suite}: ${title}`));
  const failures = all.flatMap(({ suite, failures }) => failures.map((failure) => ({ suite, ...failure })));
  const passed = all.reduce((sum, result) => sum + result.passed, 0);
  if (skipped.length > 0) {
    console.log(`\nSkipped:\n${skipped.map((title) => `  ${title}`).join('\n')}`);
  }
  if (failures.length > 0) {
    console.log('\nFailed:');
    for (const { suite, title, message } of failures) {
      console.log(`  ${suite}: ${title}\n${message.replace(/^/gm, '    ')}`);
    }
  }
  console.log('');
  for (const { suite, passed, failures, skipped } of all) {
    console.log(`${suite}: ${passed} passed, ${failures.length} failed, ${skipped.length} skipped`);
  }
  console.log(`${passed} passed, ${failures.length} failed, ${skipped.length} skipped`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

endOnSignals();
main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
