import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from './runNpm.mjs';

/**
 * What is derived from the installed AWS SDK: the script that does it, and what it writes.
 */
const GENERATORS = [
  {
    script: 'src/sandbox/protocol/generateShapes.ts',
    writes: ['src/sandbox/protocol/shapes.generated.json'],
  },
  {
    script: 'src/taskdef/schema/generate.ts',
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
  for (const { script, writes } of GENERATORS) {
    const stamp = path.join(root, 'dist', `.${path.basename(path.dirname(script))}-generated`);
    const wanted = await fingerprint(root, script);
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
 * The versions of the SDK's clients, and when the script or anything of ours that it imports was last changed.
 *
 * @param {string} root
 * @param {string} script
 */
async function fingerprint(root, script) {
  const packages = path.join(root, 'node_modules/@aws-sdk');
  const clients = (await readdir(packages)).filter((name) => name.startsWith('client-')).sort();
  const versions = await Promise.all(
    clients.map(async (name) => {
      const manifest = path.join(packages, name, 'package.json');
      return JSON.parse(await readFile(manifest, 'utf8')).version;
    }),
  );
  const sources = [...(await importsOf(path.join(root, script)))].sort();
  const times = await Promise.all(
    sources.map(async (file) => [path.relative(root, file), (await stat(file)).mtimeMs]),
  );
  return JSON.stringify([versions, times]);
}

/**
 * A source of ours and all that it imports of ours, in whatever steps.
 *
 * @param {string} file
 * @param {Set<string>} found
 */
async function importsOf(file, found = new Set()) {
  if (!found.has(file)) {
    found.add(file);
    const text = await readFile(file, 'utf8');
    for (const [, imported] of text.matchAll(/^(?:import|export|\}) .*from '(\.[^']+)';$/gm)) {
      const source = `${path.join(path.dirname(file), imported)}.ts`;
      // JSON is imported with its ending; what is generated is no source.
      if (existsSync(source) && !source.includes('.generated.')) {
        await importsOf(source, found);
      }
    }
  }
  return found;
}
