import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runNpm } from './runNpm.mjs';

/**
 * Runs `npm ci` unless node_modules was installed from this very lock file, by this step or by hand: npm
 * leaves its own copy of what it installed in node_modules/.package-lock.json.
 *
 * @param {string} root
 * @param {(line: string) => void} report
 */
export async function installPackages(root, report) {
  const lock = await readFile(path.join(root, 'package-lock.json'), 'utf8');
  const stamp = path.join(root, 'node_modules', '.installed-from');
  const wanted = createHash('sha256').update(lock).digest('hex');
  if ((await readText(stamp)) === wanted) {
    return;
  }
  if (!(await holdsAll(root, lock))) {
    report('Packages: npm ci');
    await runNpm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root });
  }
  await writeFile(stamp, wanted);
}

/**
 * @param {string} root
 * @param {string} lock
 */
async function holdsAll(root, lock) {
  const installed = await readText(path.join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined) {
    return false;
  }
  const have = JSON.parse(installed).packages;
  return Object.entries(JSON.parse(lock).packages).every(
    ([name, wanted]) => name === '' || wanted.optional || have[name]?.version === wanted.version,
  );
}

/**
 * @param {string} file
 * @returns {Promise<string | undefined>}
 */
async function readText(file) {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}
