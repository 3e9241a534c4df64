import * as vscode from 'vscode';
import { isFailing } from '../../explorer/serviceState';
import type { View } from './view';

/** Says on the view, folded or not, how many of the services that were loaded are failing. */
export function showFailureBadge({ tree, treeView }: View): void {
  const failing = tree.model.findAll((node) => node.kind === 'service' && isFailing(node.service));
  const names = failing.flatMap((node) => (node.kind === 'service' ? [node.name] : []));
  const tooltip =
    names.length === 1
      ? vscode.l10n.t('1 service is failing: {0}', names.join())
      : vscode.l10n.t('{0} services are failing: {1}', names.length, names.join(', '));
  if (treeView.badge?.tooltip !== (names.length > 0 ? tooltip : undefined)) {
    treeView.badge = names.length > 0 ? { value: names.length, tooltip } : undefined;
  }
}
