import { createRequire } from 'node:module';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { runNpm } from './runNpm.mjs';

/** `code-server` 4.139.1 carries the server of VS Code 1.139.1, which wants Node 24. */
const CODE_SERVER = '4.139.1';
const NODE = '24';

/**
 * The built workbench loads an extension under development only with its smoke test driver switched on, and then
 * it shows no notifications as they come, which users and tests are to see: so that condition is taken out.
 */
const TOASTS = {
  was: '!this.environmentService.enableSmokeTestDriver&&e.priority!==2){',
  now: 'e.priority!==2){',
};

/**
 * @typedef {object} HostPaths
 * @property {string} node the Node that runs the server
 * @property {string} server VS Code's `server-main.js`
 */

/**
 * Installs VS Code's own server and the Node it needs from npm, once. What an aborted run left behind is
 * completed: the stamp, which holds the paths, is written last. No package's install script is run, so no
 * compiler is needed: what the server uses of native code comes ready-made in the packages, except for what
 * nativeStandIns/ holds.
 *
 * @param {string} root the project's folder
 * @param {(line: string) => void} report
 * @returns {Promise<HostPaths>}
 */
export async function installHost(root, report) {
  const folder = path.join(root, '.vscode-test', 'host');
  const stamp = path.join(folder, 'host.json');
  const wanted = JSON.stringify([CODE_SERVER, NODE, process.platform, process.arch, TOASTS.now]);
  const known = await readStamp(stamp);
  if (known?.wanted === wanted && existsSync(known.node) && existsSync(known.server)) {
    return known;
  }

  report(`VS Code server: installing into .vscode-test (about 600 MB, once)`);
  await rm(stamp, { force: true });
  await mkdir(folder, { recursive: true });
  const node = nodePackage();
  await writeFile(
    path.join(folder, 'package.json'),
    JSON.stringify({ private: true, dependencies: { [node]: NODE, 'code-server': CODE_SERVER } }),
  );
  await runNpm([...INSTALL], { cwd: folder });
  const vscode = path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  report('VS Code server: installing what it depends on');
  await runNpm([...INSTALL], { cwd: vscode });
  await replaceNativeModules(vscode);
  await showToasts(vscode);

  const require = createRequire(path.join(folder, 'package.json'));
  const manifest = require.resolve(`${node}/package.json`);
  /** @type {{ bin: { node: string } }} */
  const { bin } = JSON.parse(await readFile(manifest, 'utf8'));
  const paths = {
    node: path.join(path.dirname(manifest), bin.node),
    server: path.join(vscode, 'out', 'server-main.js'),
  };
  await writeFile(stamp, JSON.stringify({ wanted, ...paths }));
  report('VS Code server: ready');
  return paths;
}

const INSTALL = ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

/** @param {string} vscode */
async function replaceNativeModules(vscode) {
  const standIns = path.join(import.meta.dirname, 'nativeStandIns');
  for (const file of await readdir(standIns)) {
    const target = path.join(vscode, 'node_modules', '@vscode', path.basename(file, '.cjs'), 'index.js');
    await copyFile(path.join(standIns, file), target);
  }
}

/** @param {string} vscode */
async function showToasts(vscode) {
  const file = path.join(vscode, 'out', 'vs', 'code', 'browser', 'workbench', 'workbench.js');
  const text = await readFile(file, 'utf8');
  if (text.split(TOASTS.was).length === 2) {
    await writeFile(file, text.replace(TOASTS.was, TOASTS.now));
  } else if (!text.includes(`isNotificationsCenterVisible&&${TOASTS.now}`)) {
    throw new Error(`code-server ${CODE_SERVER} is not the one that is known: ${file}`);
  }
}

/** The package that holds the binary for this platform: what the package `node` fetches when it is installed. */
function nodePackage() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${platform}-${process.arch}`;
}

/**
 * @param {string} file
 * @returns {Promise<(HostPaths & { wanted: string }) | undefined>}
 */
async function readStamp(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}
