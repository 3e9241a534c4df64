import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';

/** Programs that write a file several times in a row are waited for. */
const SETTLE_MILLISECONDS = 300;

/**
 * Tells when the AWS config or credentials file, or a sign-in that the AWS CLI keeps, was written, made or removed:
 * whatever waits for it goes on by itself.
 */
export function watchAwsFiles(onChange: () => void, environment = process.env): vscode.Disposable {
  const home = join(homedir(), '.aws');
  const files = [
    environment.AWS_CONFIG_FILE || join(home, 'config'),
    environment.AWS_SHARED_CREDENTIALS_FILE || join(home, 'credentials'),
  ];
  const patterns = [
    ...files.map((file) => [dirname(file), basename(file)] as const),
    [join(home, 'sso', 'cache'), '*.json'] as const,
    [environment.AWS_LOGIN_CACHE_DIRECTORY || join(home, 'login', 'cache'), '*.json'] as const,
  ];
  let timer: NodeJS.Timeout | undefined;
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onChange, SETTLE_MILLISECONDS);
  };
  const watchers = patterns.map(([folder, pattern]) => {
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.file(folder), pattern),
    );
    return vscode.Disposable.from(
      watcher,
      watcher.onDidChange(changed),
      watcher.onDidCreate(changed),
      watcher.onDidDelete(changed),
    );
  });
  return vscode.Disposable.from(...watchers, { dispose: () => clearTimeout(timer) });
}
