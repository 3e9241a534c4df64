import * as vscode from 'vscode';
import type { Services } from '../services';
import { pick } from '../ui/prompts';
import { readArguments, readNode } from './commandArguments';
import { readOrPickNode, type NodeOf, type PickableKind } from './pickNode';
import { readContext } from './readContext';

/** Copies a repository's URI, without a tag. Accepts `{repository}`; resolves to the URI. */
export async function copyRepositoryUri(services: Services, argument?: unknown): Promise<string> {
  const answers = readArguments<{ repository: string }>(argument);
  if (answers.repository !== undefined) {
    const { ecr } = services.sessions.get(await readContext(services, argument));
    return copyText((await ecr.repository(answers.repository)).repositoryUri ?? answers.repository);
  }
  const title = vscode.l10n.t('Copy Repository URI');
  return copyText((await readOrPickNode(services, argument, 'repository', title)).uri);
}

/** Copies what an engine pulls an image by: its tag where it has just one, else its digest. Resolves to the URI. */
export async function copyImageUri(services: Services, argument?: unknown): Promise<string> {
  const image = await readOrPickNode(services, argument, 'image', vscode.l10n.t('Copy Image URI'));
  const [tag, ...others] = image.tags;
  const exact = `${image.repositoryUri}@${image.digest}`;
  if (tag === undefined) {
    return copyText(exact);
  }
  const tagged = (name: string): string => `${image.repositoryUri}:${name}`;
  if (others.length === 0) {
    return copyText(tagged(tag));
  }
  const uris = [...image.tags.map(tagged), exact];
  const choices = uris.map((uri) => ({ label: uri, value: uri }));
  return copyText(await pick(choices, { title: vscode.l10n.t('Copy Image URI') }));
}

/** Copies an image's digest. Resolves to it. */
export async function copyImageDigest(services: Services, argument?: unknown): Promise<string> {
  return copyText((await readOrPickNode(services, argument, 'image', vscode.l10n.t('Copy Digest'))).digest);
}

const WITH_ARN = ['repository', 'cluster', 'service', 'task', 'container', 'revision'] as const;
const WITH_NAME = ['repository', 'cluster', 'service', 'container', 'family', 'revision'] as const;

/** Copies a resource's ARN. Resolves to it. */
export async function copyArn(services: Services, argument?: unknown): Promise<string> {
  const entry = readNode(argument, 'networkEntry', 'role');
  if (entry?.arn !== undefined) {
    return copyText(entry.arn);
  }
  const node = await readOrPickOf(services, argument, WITH_ARN, vscode.l10n.t('Copy ARN'));
  switch (node.kind) {
    case 'repository':
      return copyText(node.repository.repositoryArn ?? '');
    case 'container':
      return copyText(node.container.containerArn ?? '');
    default:
      return copyText(node.arn);
  }
}

/** Copies a resource's name. Resolves to it. */
export async function copyName(services: Services, argument?: unknown): Promise<string> {
  const entry = readNode(argument, 'networkEntry', 'capacityProvider', 'role');
  if (entry) {
    return copyText(entry.name);
  }
  const node = await readOrPickOf(services, argument, WITH_NAME, vscode.l10n.t('Copy Name'));
  switch (node.kind) {
    case 'family':
      return copyText(node.family);
    case 'revision':
      return copyText(`${node.family}:${node.revision}`);
    default:
      return copyText(node.name);
  }
}

/** The node that a command was called on, or one of a kind that the user chooses first. */
export async function readOrPickOf<K extends PickableKind>(
  services: Services,
  argument: unknown,
  kinds: readonly K[],
  title: string,
): Promise<NodeOf<K>> {
  const given = readNode(argument, ...kinds);
  if (given) {
    return given;
  }
  const names: Readonly<Record<PickableKind, string>> = {
    repository: vscode.l10n.t('Repository'),
    image: vscode.l10n.t('Image'),
    cluster: vscode.l10n.t('Cluster'),
    service: vscode.l10n.t('Service'),
    task: vscode.l10n.t('Task'),
    container: vscode.l10n.t('Container'),
    family: vscode.l10n.t('Task Definition Family'),
    revision: vscode.l10n.t('Task Definition Revision'),
  };
  const choices = kinds.map((kind) => ({ label: names[kind], value: kind }));
  return readOrPickNode(services, argument, await pick(choices, { title }), title);
}

export async function copyText(text: string): Promise<string> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(
    vscode.l10n.t('Copied {0}', text.length > 100 ? `${text.slice(0, 100)}...` : text),
    3000,
  );
  return text;
}
