import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * Runs npm to its end with its output on ours, and rejects when it fails. npm's own program is run by this
 * Node: on Windows `npm` is a command file, which cannot be spawned without a shell.
 *
 * @param {readonly string[]} args
 * @param {{ cwd: string }} options
 * @returns {Promise<void>}
 */
export function runNpm(args, options) {
  const program = findNpm();
  return runProgram(program ? process.execPath : 'npm', program ? [program, ...args] : args, options);
}

/**
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: Record<string, string> }} options
 * @returns {Promise<void>}
 */
export function runProgram(file, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) {
        resolve();
      } else {
        reject(new Error(`${path.basename(file)} ${args.join(' ')} ended with code ${code}`));
      }
    });
  });
}

/** @returns {string | undefined} */
function findNpm() {
  const beside = path.dirname(process.execPath);
  return [
    // Set by npm for its scripts; another package manager or npx may have put itself there.
    process.env.npm_execpath?.endsWith('npm-cli.js') ? process.env.npm_execpath : undefined,
    path.join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    path.join(beside, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ].find((file) => file !== undefined && existsSync(file));
}
