import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from './runNpm.mjs';

/**
 * What is derived from the installed AWS SDK: the script that does it, what it imports of ours beside the files
 * of its own folder, and what it writes.
 */
const GENERATORS = [
  {
    script: 'src/sandbox/protocol/generateShapes.ts',
    reads: [],
    writes: ['src/sandbox/protocol/shapes.generated.json'],
  },
  {
    script: 'src/taskdef/schema/generate.ts',
    reads: ['src/taskdef/document/placeholders.ts'],
    writes: [
      'dist/task-definition.schema.json',
      'dist/container-definitions.schema.json',
      'src/taskdef/memberOrder.generated.json',
    ],
  },
];

/**
 * Runs the generators that have not run yet, or not since their sources or the SDK they read changed.
 *
 * @param {string} root
 * @param {(line: string) => void} report
 */
export async function generate(root, report) {
  for (const { script, reads, writes } of GENERATORS) {
    const stamp = path.join(root, 'dist', `.${path.basename(path.dirname(script))}-generated`);
    const wanted = await fingerprint(root, script, reads);
    const done = [stamp, ...writes.map((file) => path.join(root, file))].every((file) => existsSync(file));
    if (done && (await readFile(stamp, 'utf8')) === wanted) {
      continue;
    }
    report(`Generating: ${script}`);
    await runProgram(process.execPath, [path.join(root, 'node_modules/tsx/dist/cli.mjs'), script], {
      cwd: root,
      env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
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
 * The versions of the SDK's clients, and when the script, a file beside it or one that it reads was last changed.
 *
 * @param {string} root
 * @param {string} script
 * @param {readonly string[]} reads
 */
async function fingerprint(root, script, reads) {
  const packages = path.join(root, 'node_modules/@aws-sdk');
  const clients = (await readdir(packages)).filter((name) => name.startsWith('client-')).sort();
  const versions = await Promise.all(
    clients.map(async (name) => {
      const manifest = path.join(packages, name, 'package.json');
      return JSON.parse(await readFile(manifest, 'utf8')).version;
    }),
  );
  const folder = path.dirname(script);
  const beside = (await readdir(path.join(root, folder))).filter((name) => name.endsWith('.ts')).sort();
  const sources = [...beside.map((name) => path.posix.join(folder, name)), ...reads];
  const times = await Promise.all(
    sources.map(async (file) => [file, (await stat(path.join(root, file))).mtimeMs]),
  );
  return JSON.stringify([versions, times]);
}
