import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { SuiteResult } from '../support/runMocha';
import { PROJECT } from './session';

/*
 * Types, rules, formatting and who imports whom: `npm run lint`. Each counts as a test when run by `npm test`.
 */
const CHECKS: Readonly<Record<string, readonly string[]>> = {
  'types (tsc)': ['typescript/bin/tsc', '--noEmit', '--project', '.'],
  'rules (eslint)': ['eslint/bin/eslint.js', '--max-warnings', '0', '.'],
  'formatting (prettier)': ['prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
  'imports (dependency-cruiser)': [
    'dependency-cruiser/bin/dependency-cruise.mjs',
    ...[
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'err',
      ...['src', 'test', 'bench'].filter((folder) => existsSync(path.join(PROJECT, folder))),
    ],
  ],
};

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { result: { type: 'string' }, grep: { type: 'string' } } });
  // They share the processors: one after another would take the sum of their times.
  const outcomes = await Promise.all(
    Object.entries(CHECKS).map(async ([title, [program = '', ...args]]) => {
      const started = Date.now();
      const { code, output } = await runProgram(path.join(PROJECT, 'node_modules', program), args);
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      console.log(
        `  ${code === 0 ? '✔' : '✖'} ${title} (${seconds} s)\n${code === 0 ? '' : output}`.trimEnd(),
      );
      return { title, message: output, failed: code !== 0 };
    }),
  );
  const failures = outcomes.filter(({ failed }) => failed);
  const result: SuiteResult = { passed: outcomes.length - failures.length, failures, skipped: [] };
  if (values.result !== undefined) {
    await writeFile(values.result, JSON.stringify(result));
  }
  process.exitCode = failures.length > 0 ? 1 : 0;
}

function runProgram(
  program: string,
  args: readonly string[],
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: PROJECT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

void main();
