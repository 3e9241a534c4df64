import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runNpm } from './runNpm.mjs';

/**
 * Puts the web server of the sample's image beside its Dockerfile. It is the Linux binary of esbuild for the
 * processor at hand, which serves a folder over HTTP and is linked statically: an image for it needs no base
 * image, so that it can be built where nothing can be pulled.
 *
 * @param {string} root
 * @param {(line: string) => void} report
 */
export async function prepareSamples(root, report) {
  const server = path.join(root, 'samples', 'web', 'server');
  if (existsSync(server)) {
    return;
  }
  const name = `@esbuild/linux-${process.arch}`;
  let binary = path.join(root, 'node_modules', name, 'bin', 'esbuild');
  if (!existsSync(binary)) {
    report(`Samples: taking their web server from ${name}`);
    const manifest = path.join(root, 'node_modules', 'esbuild', 'package.json');
    const folder = path.join(root, '.vscode-test', 'samples');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'package.json'), JSON.stringify({ private: true }));
    const { version } = JSON.parse(await readFile(manifest, 'utf8'));
    // By force: it is not for the system that npm runs on.
    await runNpm(['install', '--force', '--ignore-scripts', '--loglevel=error', `${name}@${version}`], {
      cwd: folder,
    });
    binary = path.join(folder, 'node_modules', name, 'bin', 'esbuild');
  }
  await copyFile(binary, `${server}.partial`);
  await chmod(`${server}.partial`, 0o755);
  await rename(`${server}.partial`, server);
}
