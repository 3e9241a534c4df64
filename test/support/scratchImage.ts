import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder to build an image from that needs nothing from any registry. */
export interface ScratchImage {
  readonly folder: string;
  readonly dockerfile: string;
  /** Puts a file into the folder, with its parent folders. @returns its path */
  write(name: string, content: string): Promise<string>;
  remove(): Promise<void>;
}

/**
 * @param dockerfile its text; `program` in the folder is the static program
 * @param folderName a name below a fresh temporary folder, to try odd ones
 */
export async function createScratchImage(dockerfile: string, folderName = 'context'): Promise<ScratchImage> {
  const root = await mkdtemp(join(tmpdir(), 'scratch-image-'));
  const folder = join(root, folderName);
  await mkdir(folder, { recursive: true });
  const write = async (name: string, content: string): Promise<string> => {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    return path;
  };
  // A statically linked program that comes with a development dependency: a real HTTP server.
  await copyFile(require.resolve(`@esbuild/linux-${process.arch}/bin/esbuild`), join(folder, 'program'));
  return {
    folder,
    dockerfile: await write('Dockerfile', dockerfile),
    write,
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
