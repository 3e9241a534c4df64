import * as vscode from 'vscode';
import { AutoRefresh } from '../../explorer/autoRefresh';
import type { ExplorerSource } from '../../explorer/children';
import { refreshTargets } from '../../explorer/refreshTargets';
import { settings } from '../ui/settings';
import type { View } from './view';

/** Asks again for what can be seen, while it can be seen. */
export function keepUpToDate(views: readonly View[], source: ExplorerSource): vscode.Disposable {
  const inSight = (): View[] => views.filter(({ treeView }) => treeView.visible);
  const refresher = new AutoRefresh(
    () => inSight().flatMap(({ tree, closed }) => refreshTargets(tree.model, source, (id) => closed.has(id))),
    {
      now: () => performance.now(),
      after(milliseconds, run) {
        const timer = setTimeout(run, milliseconds);
        return () => clearTimeout(timer);
      },
    },
  );
  const update = (): void => {
    const wanted = settings.explorerAutoRefresh() && vscode.window.state.focused;
    refresher.setAwake(wanted && inSight().length > 0);
    refresher.replan();
  };
  update();
  return vscode.Disposable.from(
    refresher,
    vscode.window.onDidChangeWindowState(update),
    vscode.workspace.onDidChangeConfiguration(update),
    ...views.flatMap(({ tree, treeView }) => [
      tree.onDidLoad(update),
      treeView.onDidChangeVisibility(update),
      treeView.onDidCollapseElement(update),
      treeView.onDidExpandElement(update),
    ]),
  );
}
