import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/**
 * The absolute path of a program on PATH, or `undefined`. Resolved by us, because Windows would look into the
 * current folder (a workspace, perhaps) before PATH; relative entries of PATH are passed over for that reason.
 */
export async function findProgram(
  name: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  const windows = process.platform === 'win32';
  const path = environment['PATH'] ?? environment['Path'] ?? '';
  for (const folder of path.split(delimiter)) {
    if (!isAbsolute(folder)) {
      continue;
    }
    // Only .exe: a .cmd or .bat cannot be started without a shell.
    const candidate = join(folder, windows && !name.endsWith('.exe') ? `${name}.exe` : name);
    if (await isExecutableFile(candidate)) {
      return candidate;
    }
  }
  return undefined;
}

async function isExecutableFile(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
