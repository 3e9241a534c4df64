import { unwatchFile, watchFile, type StatsListener } from 'node:fs';
import type * as vscode from 'vscode';

const POLL_MILLISECONDS = 1_000;

/** Programs that write a file several times in a row are waited for. */
const SETTLE_MILLISECONDS = 200;

/**
 * Tells when one of a few files was written, made or removed. They are looked at once a second rather than watched:
 * neither they nor their folders need to be there, and editors and programs that put a new file in the place of an
 * old one are seen on every system.
 */
export function watchFiles(files: readonly string[], onChange: () => void): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  const listener: StatsListener = (now, before) => {
    if (now.mtimeMs !== before.mtimeMs || now.size !== before.size || now.ino !== before.ino) {
      clearTimeout(timer);
      timer = setTimeout(onChange, SETTLE_MILLISECONDS);
    }
  };
  for (const file of files) {
    watchFile(file, { interval: POLL_MILLISECONDS, persistent: false }, listener);
  }
  return {
    dispose: () => {
      clearTimeout(timer);
      files.forEach((file) => unwatchFile(file, listener));
    },
  };
}
