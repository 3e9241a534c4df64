import * as vscode from 'vscode';
import { resourceName } from '../../aws/arn';
import { consoleUrl, type ConsoleResource } from '../../aws/consoleUrl';
import { UserError } from '../../base/errors';
import type { DeploymentNode, NetworkEntryNode, RoleNode } from '../../explorer/explorerNode';
import { consoleRegion } from '../language/consoleRegion';
import type { Services } from '../services';
import { readNode } from './commandArguments';
import { copyText, readOrPickOf } from './copyResource';
import type { NodeOf, PickableKind } from './pickNode';

const KINDS = [
  'repository',
  'image',
  'cluster',
  'service',
  'task',
  'container',
  'family',
  'revision',
] as const satisfies readonly PickableKind[];

type ResourceNode = NodeOf<(typeof KINDS)[number]>;

/** Copies what AWS says of a resource, as the JSON of the CLI's describe commands. Resolves to the text. */
export async function copyJson(services: Services, argument?: unknown): Promise<string> {
  const part = readNode(argument, 'deployment', 'target');
  if (part) {
    return copyText(JSON.stringify(part.kind === 'target' ? part.target : part.deployment, undefined, 2));
  }
  const node = await readOrPickOf(services, argument, KINDS, vscode.l10n.t('Copy as JSON'));
  return copyText(JSON.stringify(await dataOf(services, node), undefined, 2));
}

async function dataOf({ sessions }: Services, node: ResourceNode): Promise<unknown> {
  switch (node.kind) {
    case 'repository':
      return node.repository;
    case 'image':
      return node.image;
    case 'cluster':
      return node.cluster;
    case 'service':
      return node.service;
    case 'task':
      return node.task;
    case 'container':
      return node.container;
    case 'family':
    case 'revision': {
      const id = node.kind === 'family' ? node.family : node.arn;
      return (await sessions.get(node.context).ecs.taskDefinition(id)).taskDefinition;
    }
  }
}

/**
 * Opens a resource's page in the AWS console of its partition. Resolves to the address.
 * @throws UserError('invalidInput') for what is behind another endpoint
 */
export async function openInConsole(services: Services, argument?: unknown): Promise<string> {
  const node =
    readNode(argument, 'deployment', 'networkEntry', 'role') ??
    (await readOrPickOf(services, argument, KINDS, vscode.l10n.t('Open in AWS Console')));
  const region = await consoleRegion(node.context);
  const resource = consoleResource(node);
  const url = region === undefined || !resource ? undefined : consoleUrl(resource, region);
  if (url === undefined) {
    throw new UserError(
      'invalidInput',
      vscode.l10n.t(
        'The AWS console does not show what is here: {0}',
        `${node.context.label} · ${node.context.region}`,
      ),
    );
  }
  await vscode.env.openExternal(vscode.Uri.parse(url, true));
  return url;
}

function consoleResource(
  node: ResourceNode | DeploymentNode | NetworkEntryNode | RoleNode,
): ConsoleResource | undefined {
  switch (node.kind) {
    case 'repository':
      return { kind: 'repository', account: node.repository.registryId ?? '', name: node.name };
    case 'image':
      return {
        kind: 'image',
        account: node.image.registryId ?? '',
        repository: node.repositoryName,
        digest: node.digest,
      };
    case 'cluster':
      return { kind: 'cluster', name: node.name };
    case 'service':
      return { kind: 'service', cluster: resourceName(node.clusterArn), name: node.name };
    case 'deployment':
      return { kind: 'deployments', cluster: resourceName(node.clusterArn), service: node.serviceName };
    case 'networkEntry':
      return consoleResourceOf(node);
    case 'role':
      return { kind: 'role', name: node.name };
    case 'container':
      return consoleResource(node.task);
    case 'task':
      return { kind: 'task', cluster: resourceName(node.clusterArn), id: resourceName(node.arn) };
    case 'family':
      return { kind: 'family', name: node.family };
    case 'revision':
      return { kind: 'revision', family: node.family, revision: node.revision };
  }
}

/** Of what the AWS console has a page for, by an id or ARN alone. */
function consoleResourceOf({ entry, name, arn = '' }: NetworkEntryNode): ConsoleResource | undefined {
  switch (entry) {
    case 'subnet':
    case 'securityGroup':
      return { kind: entry, id: name };
    case 'targetGroup':
      return { kind: 'targetGroup', arn };
    case 'publicIp':
    case 'classicLoadBalancer':
    case 'serviceRegistry':
    case 'serviceConnect':
    case 'latticeTargetGroup':
      return undefined;
  }
}
