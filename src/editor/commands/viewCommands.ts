import * as vscode from 'vscode';
import { UserError } from '../../base/errors';
import type { ExplorerView } from '../../explorer/explorerNode';
import type { RowOrder } from '../../explorer/shownRows';
import type { Handler, Services } from '../services';
import { input, pick } from '../ui/prompts';
import { readArguments } from './commandArguments';

/** Shows only the rows of a view whose names have some words. Accepts `{text}`; resolves to the text. */
export function filterView(view: ExplorerView): Handler {
  return async ({ trees }, argument) => {
    const { text } = readArguments<{ text: string }>(argument);
    const filter =
      text ??
      (await input({
        title: vscode.l10n.t('Filter'),
        prompt: vscode.l10n.t('Show only names that have all of these words. Empty for all.'),
        value: trees.filterOf(view),
      }));
    await trees.setFilter(view, filter);
    return trees.filterOf(view);
  };
}

export function clearFilter(view: ExplorerView): Handler {
  return ({ trees }: Services) => trees.setFilter(view, '');
}

/**
 * Sets in which order a view shows its rows. Accepts `{order}`; resolves to it.
 * @throws UserError('invalidInput') when it is none of the view's orders
 */
export function sortView(view: ExplorerView, orders: readonly RowOrder[]): Handler {
  return async ({ trees }, argument) => {
    const answers = readArguments<{ order: RowOrder }>(argument);
    const labels: Readonly<Record<RowOrder, string>> = {
      name: vscode.l10n.t('By Name'),
      newest: vscode.l10n.t('Newest First'),
      state: vscode.l10n.t('Failing and Changing First'),
    };
    const choices = orders.map((value) => ({ label: labels[value], value }));
    const active = (value: unknown): boolean => value === trees.orderOf(view);
    const order = answers.order ?? (await pick(choices, { title: vscode.l10n.t('Sort'), active }));
    if (!orders.includes(order)) {
      throw new UserError('invalidInput', vscode.l10n.t('The order is one of {0}.', orders.join(', ')));
    }
    await trees.setOrder(view, order);
    return order;
  };
}
