import type { SessionPool } from '../../aws/session';
import type { ContextStore } from '../contexts/contextStore';
import type { Trees } from '../trees/registerTrees';
import type { DiffView } from '../ui/diffView';

/** What the files of policies need of the rest of the editor. */
export interface PolicyServices {
  readonly contexts: ContextStore;
  readonly sessions: SessionPool;
  readonly trees: Trees;
  readonly diffs: DiffView;
}
