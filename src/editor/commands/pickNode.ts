import * as vscode from 'vscode';
import { UserError } from '../../base/errors';
import { children, type ExplorerSource } from '../../explorer/children';
import { contextNode, type ExplorerNode, type ExplorerView } from '../../explorer/explorerNode';
import { describeNode } from '../../explorer/rowText';
import { unfolded } from '../../explorer/sectionText';
import type { Services } from '../services';
import { iconOf } from '../trees/treeItem';
import { pick, type Choice } from '../ui/prompts';
import { readNode } from './commandArguments';
import { readContext } from './readContext';

export type NodeOf<K extends ExplorerNode['kind']> = Extract<ExplorerNode, { kind: K }>;

/** Kinds that can be picked, each with the kinds of the rows that one goes through to it. */
const PATHS = {
  repository: [['repository']],
  image: [['repository'], ['image']],
  cluster: [['cluster']],
  service: [['cluster'], ['service']],
  task: [['cluster'], ['service', 'taskGroup'], ['task']],
  container: [['cluster'], ['service', 'taskGroup'], ['task'], ['container']],
  family: [['family']],
  revision: [['family'], ['revision']],
} as const satisfies Partial<
  Record<ExplorerNode['kind'], readonly (readonly [ExplorerNode['kind'], ...ExplorerNode['kind'][]])[]>
>;

export type PickableKind = keyof typeof PATHS;

const VIEWS: Readonly<Record<PickableKind, ExplorerView>> = {
  repository: 'registry',
  image: 'registry',
  cluster: 'clusters',
  service: 'clusters',
  task: 'clusters',
  container: 'clusters',
  family: 'taskDefinitions',
  revision: 'taskDefinitions',
};

/**
 * The node that a command was called on, or one that the user picks from the same rows that the trees show.
 * @throws UserError('cancelled') when dismissed; why the rows could not be listed
 */
export async function readOrPickNode<K extends PickableKind>(
  services: Services,
  argument: unknown,
  kind: K,
  title: string,
): Promise<NodeOf<K>> {
  const given = readNode(argument, kind);
  if (given) {
    return given;
  }
  const context = await readContext(services, argument);
  const view = VIEWS[kind];
  let node: ExplorerNode = contextNode(context, view);
  for (const kinds of PATHS[kind]) {
    node = await pickChild(services, node, kinds, title);
  }
  return node as NodeOf<K>;
}

function pickChild(
  services: Services,
  parent: ExplorerNode,
  kinds: readonly ExplorerNode['kind'][],
  title: string,
): Promise<ExplorerNode> {
  const source: ExplorerSource = {
    contexts: () => services.contexts.all(),
    gateways: (context) => services.sessions.get(context),
  };
  const stop = new AbortController();
  async function* choices(): AsyncGenerator<Choice<ExplorerNode>[]> {
    const listed = new Set<string>();
    let last: readonly ExplorerNode[] = [];
    for await (last of children(parent, source, stop.signal)) {
      const found = unfolded(last).filter(({ kind, id }) => kinds.includes(kind) && !listed.has(id));
      found.forEach(({ id }) => listed.add(id));
      yield found.map(toChoice);
    }
    if (listed.size === 0) {
      throw nothingToPick(last);
    }
  }
  return pick(choices(), { title }).finally(() => stop.abort());
}

function toChoice(node: ExplorerNode): Choice<ExplorerNode> {
  const { label, description } = describeNode(node, new Date());
  return {
    label,
    ...(description === undefined ? {} : { description }),
    iconPath: new vscode.ThemeIcon(iconOf(node)),
    value: node,
  };
}

/** What the trees would show as a message row: why there is nothing. */
function nothingToPick(rows: readonly ExplorerNode[]): UserError {
  for (const row of rows) {
    if (row.kind === 'message') {
      const { action } = row;
      const options =
        action === undefined || action === 'showMore' || action === 'clearFilter' ? {} : { action };
      return new UserError(row.reason ?? 'notFound', row.detail ?? row.text, options);
    }
  }
  return new UserError('notFound', vscode.l10n.t('There is nothing to choose from.'));
}
