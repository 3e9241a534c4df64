import * as vscode from 'vscode';
import type { EngineId } from '../../containers/engine';

/** The user's settings, read when they are needed. */
export const settings = {
  engine: (): EngineId | 'auto' => read<EngineId | 'auto'>('engine', 'auto'),
  /** Absolute path of the engine's program, or `undefined` to look on PATH. Not settable by a workspace. */
  enginePath: (): string | undefined => read('enginePath', '') || undefined,
  /** Minutes of the past that a log stream begins with. */
  logsSinceMinutes: (): number => read('logs.sinceMinutes', 10),
  /** Whether what is shown asks again for itself. */
  explorerAutoRefresh: (): boolean => read('explorer.autoRefresh', true),
  sandboxPort: (): number => read('sandbox.port', 0),
};

function read<T>(key: string, fallback: T): T {
  return vscode.workspace.getConfiguration('awsContainers').get<T>(key, fallback);
}
