import * as vscode from 'vscode';
import { contextKey, type AwsContext } from '../../aws/context';
import { loadProfiles, profileFilePaths, profileOf, type ProfileFiles } from '../../aws/profiles';
import { signInOf } from '../../aws/signIn';
import { signInFiles } from '../../aws/ssoToken';
import type { AwsSession, SessionPool } from '../../aws/session';
import { contextNode, type ExplorerView } from '../../explorer/explorerNode';
import type { Trees } from '../trees/registerTrees';
import type { ContextStore } from './contextStore';
import { watchFiles } from './watchFiles';

const VIEWS: readonly ExplorerView[] = ['registry', 'clusters', 'taskDefinitions'];

interface KeepSignedInDependencies {
  readonly contexts: ContextStore;
  readonly sessions: SessionPool;
  readonly trees: Pick<Trees, 'refresh'>;
}

/**
 * Keeps the views in step with who is signed in and with what the AWS files say. A context to which nobody is signed in
 * has one row that says so; its rows come back by themselves after the sign-in, be it done here or by the AWS CLI. A
 * profile that was edited takes effect.
 */
export function keepSignedIn({ contexts, sessions, trees }: KeepSignedInDependencies): vscode.Disposable {
  const waiting = new Set<string>();
  const fingerprints = new Map<string, string>();
  const reload = (context: AwsContext): void => {
    if (contexts.all().length === 1) {
      void trees.refresh();
      return;
    }
    for (const view of VIEWS) {
      void trees.refresh(contextNode(context, view));
    }
  };
  let signIns = watchFiles([], () => undefined);
  /** Looks for the sign-ins that are waited for, wherever they are done. */
  const watchSignIns = async (): Promise<void> => {
    const wanted = (): AwsContext[] => contexts.all().filter((context) => sessions.needsSignIn(context));
    // A window in which everybody is signed in need not read the files for it.
    const files = wanted().length > 0 ? await loadProfiles() : undefined;
    const found = files
      ? await Promise.all(wanted().map((context) => signInFiles(signInOf(context, files))))
      : [];
    signIns.dispose();
    signIns = watchFiles([...new Set(found.flat())], () => void sessions.resume());
  };
  const onSignIn = (): void => {
    for (const context of contexts.all()) {
      const key = contextKey(context);
      const needed = sessions.needsSignIn(context);
      if (needed !== waiting.has(key)) {
        if (needed) {
          waiting.add(key);
        } else {
          waiting.delete(key);
        }
        reload(context);
      }
    }
    void watchSignIns();
  };
  /** @returns whether the profile says something else than when this was asked last */
  const hasChanged = (files: ProfileFiles, name: string): boolean => {
    const before = fingerprints.get(name);
    const now = files.fingerprint(name);
    fingerprints.set(name, now);
    return before !== undefined && before !== now;
  };
  const onFiles = async (): Promise<void> => {
    const files = await loadProfiles();
    const changed = new Set([...fingerprints.keys()].filter((name) => hasChanged(files, name)));
    const isChanged = (context: AwsContext): boolean => changed.has(profileOf(context, files) ?? '');
    sessions.renew(isChanged);
    contexts.all().filter(isChanged).forEach(reload);
    await sessions.resume();
  };
  const onOpen = async ({ context }: AwsSession): Promise<void> => {
    const files = await loadProfiles();
    const name = profileOf(context, files);
    if (name !== undefined && !fingerprints.has(name)) {
      hasChanged(files, name);
    }
  };
  return vscode.Disposable.from(
    sessions.onDidChangeSignIn(onSignIn),
    contexts.onDidChange(onSignIn),
    sessions.onDidOpen((session) => void onOpen(session)),
    watchFiles(profileFilePaths(), () => void onFiles()),
    new vscode.Disposable(() => void signIns.dispose()),
  );
}
