import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { installHost } from './installHost.mjs';
import { runNpm, runProgram } from './runNpm.mjs';

const CHROMIUM = '153.0.0';

/**
 * Finds the Chrome or Chromium that drives the workbench in tests and the demo, and notes it in
 * `.vscode-test/browser.json` as `{ executable, libraries? }`: `CHROME_PATH`, else an installed one, else
 * (Linux) the binary inside the npm package `@sparticuz/chromium`, which brings its own libraries.
 *
 * @param {string} root
 * @param {(line: string) => void} report
 */
export async function installBrowser(root, report) {
  const note = path.join(root, '.vscode-test', 'browser.json');
  await mkdir(path.dirname(note), { recursive: true });
  const chosen = process.env.CHROME_PATH;
  if (chosen && !existsSync(chosen)) {
    throw new Error(`CHROME_PATH names no file: ${chosen}`);
  }
  const found = chosen ?? installedBrowsers().find((file) => existsSync(file));
  if (found) {
    await writeFile(note, JSON.stringify({ executable: found }));
    return;
  }
  const noted = existsSync(note) ? JSON.parse(await readFile(note, 'utf8')) : undefined;
  if (noted && existsSync(noted.executable)) {
    return;
  }
  if (process.platform !== 'linux') {
    throw new Error('No Chrome or Chromium found: install one, or name it in CHROME_PATH');
  }
  await writeFile(note, JSON.stringify(await fetchChromium(root, report)));
}

/**
 * @param {string} root
 * @param {(line: string) => void} report
 */
async function fetchChromium(root, report) {
  report('Browser: none installed, taking Chromium from npm');
  const { node } = await installHost(root, report);
  const folder = path.join(root, '.vscode-test', 'chromium');
  await rm(folder, { recursive: true, force: true });
  await mkdir(path.join(folder, 'unpacked'), { recursive: true });
  await writeFile(
    path.join(folder, 'package.json'),
    JSON.stringify({ private: true, dependencies: { '@sparticuz/chromium': CHROMIUM } }),
  );
  await runNpm(['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
  });
  // Under the name of that runtime the package also unpacks the libraries that a bare system lacks (NSS …).
  const unpack = "import('@sparticuz/chromium').then(({ default: chromium }) => chromium.executablePath())";
  await runProgram(node, ['--input-type=module', '--eval', unpack], {
    cwd: folder,
    env: { TMPDIR: path.join(folder, 'unpacked'), AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x' },
  });
  return {
    executable: path.join(folder, 'unpacked', 'chromium'),
    libraries: path.join(folder, 'unpacked', 'al2023', 'lib'),
  };
}

function installedBrowsers() {
  const { PROGRAMFILES, 'PROGRAMFILES(X86)': programFilesX86, LOCALAPPDATA, HOME } = process.env;
  switch (process.platform) {
    case 'darwin':
      return ['/Applications', path.join(HOME ?? '', 'Applications')].flatMap((folder) => [
        `${folder}/Google Chrome.app/Contents/MacOS/Google Chrome`,
        `${folder}/Chromium.app/Contents/MacOS/Chromium`,
        `${folder}/Microsoft Edge.app/Contents/MacOS/Microsoft Edge`,
      ]);
    case 'win32':
      return [PROGRAMFILES, programFilesX86, LOCALAPPDATA].flatMap((folder) =>
        folder
          ? [
              path.join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
              path.join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
            ]
          : [],
      );
    default:
      return (process.env.PATH ?? '')
        .split(path.delimiter)
        .flatMap((folder) =>
          ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map((name) =>
            path.join(folder, name),
          ),
        );
  }
}
