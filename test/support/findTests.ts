import { readdirSync } from 'node:fs';
import path from 'node:path';

/** Every `*.test.ts` below a folder, sorted; none when there is no such folder. */
export function findTests(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts'))
      .sort()
      .map((file) => path.join(folder, file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return [];
    }
    throw error;
  }
}
