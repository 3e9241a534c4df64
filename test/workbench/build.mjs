import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from './runNpm.mjs';

/** What is derived from the installed AWS SDK: its script, and what it writes. */
const GENERATORS = ['src/sandbox/protocol/generateShapes.ts', 'src/taskdef/schema/generate.ts'];

/**
 * Runs the generators whose script, or the SDK they read, has changed since they last ran.
 *
 * @param {string} root
 * @param {(line: string) => void} report
 */
export async function generate(root, report) {
  for (const script of GENERATORS.filter((file) => existsSync(path.join(root, file)))) {
    const stamp = path.join(root, 'dist', `.${path.basename(path.dirname(script))}-generated`);
    const wanted = await fingerprint(root, script);
    if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) {
      continue;
    }
    report(`Generating: ${script}`);
    await runProgram(process.execPath, [path.join(root, 'node_modules/tsx/dist/cli.mjs'), script], {
      cwd: root,
    });
    await mkdir(path.dirname(stamp), { recursive: true });
    await writeFile(stamp, wanted);
  }
}

/**
 * @param {string} root
 * @param {(line: string) => void} report
 * @param {'production' | 'watch'} mode
 */
export async function build(root, report, mode) {
  report(mode === 'watch' ? 'Building, and again after every change' : 'Building');
  const flags = mode === 'watch' ? ['--mode', 'development', '--watch'] : ['--mode', 'production'];
  await runProgram(process.execPath, [path.join(root, 'node_modules/webpack/bin/webpack.js'), ...flags], {
    cwd: root,
  });
}

/**
 * @param {string} root
 * @param {string} script
 */
async function fingerprint(root, script) {
  const packages = ['client-ecs', 'client-ecr', 'client-cloudwatch-logs', 'client-sts'];
  const versions = await Promise.all(
    packages.map(async (name) => {
      const manifest = path.join(root, 'node_modules', '@aws-sdk', name, 'package.json');
      return JSON.parse(await readFile(manifest, 'utf8')).version;
    }),
  );
  return JSON.stringify([versions, (await stat(path.join(root, script))).mtimeMs]);
}
