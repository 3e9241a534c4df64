import * as vscode from 'vscode';
import type { NetworkBinding } from '@aws-sdk/client-ecs';
import { UserError } from '../../base/errors';
import type { Services } from '../services';
import { pick, type Choice } from '../ui/prompts';
import { readNode } from './commandArguments';

/** "Open in Browser": the address at which a task's container is published. Resolves to `{url}`. */
export async function openInBrowser(_services: Services, argument?: unknown): Promise<{ url: string }> {
  const node = readNode(argument, 'task', 'container');
  const containers = node?.kind === 'container' ? [node.container] : (node?.task.containers ?? []);
  const bindings = containers.flatMap(({ name, networkBindings = [] }) =>
    networkBindings.filter(({ protocol }) => protocol !== 'udp').map((binding) => ({ name, ...binding })),
  );
  const [first, ...others] = bindings;
  if (!first) {
    throw new UserError(
      'notFound',
      vscode.l10n.t('This task publishes no port. Give its container a port mapping, and deploy it.'),
    );
  }
  const choices = bindings.map((binding): Choice<NetworkBinding> => ({
    label: urlOf(binding),
    description: `${binding.name}:${binding.containerPort}`,
    value: binding,
  }));
  const url = urlOf(
    others.length === 0 ? first : await pick(choices, { title: vscode.l10n.t('Open Which Port?') }),
  );
  await vscode.env.openExternal(await vscode.env.asExternalUri(vscode.Uri.parse(url)));
  return { url };
}

function urlOf({ bindIP, hostPort }: NetworkBinding): string {
  const host = bindIP === undefined || bindIP === '0.0.0.0' || bindIP === '::' ? '127.0.0.1' : bindIP;
  return `http://${host}:${hostPort}/`;
}
