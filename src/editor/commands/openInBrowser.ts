import * as vscode from 'vscode';
import { UserError } from '../../base/errors';
import { publishedPorts } from '../../explorer/publishedPorts';
import type { Services } from '../services';
import { pick, type Choice } from '../ui/prompts';
import { readNode } from './commandArguments';
import { readOrPickNode } from './pickNode';

/** "Open in Browser": the address at which a task's container is published. Resolves to `{url}`. */
export async function openInBrowser(services: Services, argument?: unknown): Promise<{ url: string }> {
  const node =
    readNode(argument, 'container') ??
    (await readOrPickNode(services, argument, 'task', vscode.l10n.t('Open in Browser: Which Task?')));
  const ports = publishedPorts(node.kind === 'container' ? [node.container] : node.task.containers);
  const [first, ...others] = ports;
  if (!first) {
    throw new UserError(
      'notFound',
      vscode.l10n.t('This task publishes no port now. Give its container a port mapping, and deploy it.'),
    );
  }
  const choices = ports.map(({ url, container, containerPort }): Choice<string> => ({
    label: url,
    description: `${container}:${containerPort}`,
    value: url,
  }));
  const url =
    others.length === 0 ? first.url : await pick(choices, { title: vscode.l10n.t('Open Which Port?') });
  await vscode.env.openExternal(await vscode.env.asExternalUri(vscode.Uri.parse(url)));
  return { url };
}
