import type * as vscode from 'vscode';

/** What VS Code keeps for an extension, kept in the object that is given. */
export function createMemento(stored: Record<string, unknown> = {}): vscode.Memento {
  return {
    keys: () => Object.keys(stored),
    get: <T>(key: string, fallback?: T) => (stored[key] ?? fallback) as T,
    update: async (key: string, value: unknown) => void (stored[key] = value),
  };
}
