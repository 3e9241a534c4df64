import type * as vscode from 'vscode';
import type { SessionPool } from '../../aws/session';
import type { ContextStore } from '../contexts/contextStore';
import type { Trees } from '../trees/registerTrees';
import type { DiffView } from '../ui/diffView';

/** What the files of revisions need of the rest of the editor. */
export interface RevisionServices {
  readonly contexts: ContextStore;
  readonly sessions: SessionPool;
  readonly trees: Trees;
  readonly diffs: DiffView;
  readonly log: vscode.LogOutputChannel;
}
