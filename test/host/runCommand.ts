import * as vscode from 'vscode';

/**
 * Runs a command of the extension, and gives its result.
 * @param id without "awsContainers."
 */
export function runCommand<T = unknown>(id: string, ...args: readonly unknown[]): Promise<T> {
  return Promise.resolve(vscode.commands.executeCommand<T>(`awsContainers.${id}`, ...args));
}
