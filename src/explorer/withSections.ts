import type { Service, ServiceEvent } from '@aws-sdk/client-ecs';
import { resourceName } from '../aws/arn';
import {
  nodeId,
  type CapacityProviderNode,
  type ClusterNode,
  type DeploymentNode,
  type EventNode,
  type ExplorerNode,
  type NetworkEntryNode,
  type RolesNode,
  type SectionNode,
  type ServiceNode,
} from './explorerNode';
import { primaryDeployment } from './serviceState';

/**
 * The rows of a branch with what its node itself says in more rows, each folded: below a cluster its capacity
 * providers, below a service its deployments, events and networking, all from what was described of it, and its
 * roles, which are asked for when they are opened. They are made anew whenever the cluster or service is.
 */
export function withSections(
  node: ExplorerNode | undefined,
  rows: readonly ExplorerNode[],
): readonly ExplorerNode[] {
  return node?.kind === 'service' || node?.kind === 'cluster'
    ? [...rows.filter(({ kind }) => kind !== 'section' && kind !== 'roles'), ...sectionsOf(node)]
    : rows;
}

function sectionsOf(node: ServiceNode | ClusterNode): (SectionNode | RolesNode)[] {
  const section = (
    name: SectionNode['section'],
    label: string,
    rows: readonly ExplorerNode[],
  ): SectionNode[] =>
    rows.length === 0
      ? []
      : [
          {
            kind: 'section',
            id: nodeId(node.context, 'section', node.arn, name),
            context: node.context,
            section: name,
            label,
            rows,
          },
        ];
  if (node.kind === 'cluster') {
    return section('capacity', 'Capacity providers', capacityOf(node));
  }
  return [
    ...section('deployments', 'Deployments', deploymentsOf(node)),
    ...section('events', 'Events', eventsOf(node)),
    ...section('networking', 'Networking', networkOf(node)),
    ...rolesOf(node),
  ];
}

/** Another revision is another row: what its roles are has to be asked for anew. */
function rolesOf({ context, arn, service: { taskDefinition } }: ServiceNode): RolesNode[] {
  return taskDefinition === undefined
    ? []
    : [{ kind: 'roles', id: nodeId(context, 'roles', arn, taskDefinition), context, taskDefinition }];
}

function capacityOf({ context, arn, cluster }: ClusterNode): CapacityProviderNode[] {
  const { capacityProviders = [], defaultCapacityProviderStrategy: strategy = [] } = cluster;
  return capacityProviders.map((name) => {
    const item = strategy.find(({ capacityProvider }) => capacityProvider === name);
    return {
      kind: 'capacityProvider',
      id: nodeId(context, 'capacityProvider', arn, name),
      context,
      name,
      ...(item && { byDefault: { base: item.base ?? 0, weight: item.weight ?? 0 } }),
    };
  });
}

function deploymentsOf({ context, arn, clusterArn, name, service }: ServiceNode): DeploymentNode[] {
  const present = service.taskDefinition;
  return (service.deployments ?? []).map((deployment) => ({
    kind: 'deployment',
    id: nodeId(context, 'deployment', arn, deployment.id ?? ''),
    context,
    clusterArn,
    serviceName: name,
    deployment,
    ...(present === undefined ? {} : { present }),
  }));
}

/**
 * Events, newest first, as the service gives them; one that it repeats without another in between is one row, named
 * by the oldest, so that it stays the same row when it is said once more.
 */
export function eventsOf({ context, arn, name, service }: ServiceNode): EventNode[] {
  const runs: ServiceEvent[][] = [];
  for (const event of service.events ?? []) {
    const run = runs.at(-1);
    if (run?.[0]?.message === event.message && run) {
      run.push(event);
    } else {
      runs.push([event]);
    }
  }
  return runs.map((run, index) => {
    const newest = run[0];
    const oldest = run.at(-1);
    return {
      kind: 'event',
      id: nodeId(context, 'event', arn, oldest?.id ?? String(runs.length - index)),
      context,
      message: withoutName(newest?.message ?? '', name),
      count: run.length,
      ...(newest?.createdAt && { at: newest.createdAt }),
      ...(run.length > 1 && oldest?.createdAt && { since: oldest.createdAt }),
    };
  });
}

/** Each message begins with "(service NAME) ", by the developer guide's page "Service event messages". */
function withoutName(message: string, service: string): string {
  const prefix = `(service ${service}) `;
  return message.startsWith(prefix) ? message.slice(prefix.length) : message;
}

function networkOf(node: ServiceNode): NetworkEntryNode[] {
  const entries = entriesOf(node.service);
  const { context, arn } = node;
  return entries.map((entry) => ({
    kind: 'networkEntry',
    id: nodeId(context, 'networkEntry', arn, entry.entry, entry.arn ?? entry.name, entry.target ?? ''),
    context,
    ...entry,
  }));
}

type Entry = Pick<NetworkEntryNode, 'entry' | 'name' | 'arn' | 'target'>;

function entriesOf(service: Service): Entry[] {
  const primary = primaryDeployment(service);
  const network = (service.networkConfiguration ?? primary?.networkConfiguration)?.awsvpcConfiguration;
  const connect = primary?.serviceConnectConfiguration;
  return [
    ...(service.loadBalancers ?? []).map((balancer): Entry => {
      const target = { target: `${balancer.containerName ?? ''}:${balancer.containerPort ?? ''}` };
      return balancer.targetGroupArn === undefined
        ? { entry: 'classicLoadBalancer', name: balancer.loadBalancerName ?? '', ...target }
        : {
            entry: 'targetGroup',
            name: targetGroupName(balancer.targetGroupArn),
            arn: balancer.targetGroupArn,
            ...target,
          };
    }),
    ...(primary?.vpcLatticeConfigurations ?? []).map(({ targetGroupArn = '', portName = '' }): Entry => ({
      entry: 'latticeTargetGroup',
      name: resourceName(targetGroupArn),
      arn: targetGroupArn,
      target: portName,
    })),
    ...(service.serviceRegistries ?? []).map(
      ({ registryArn = '', containerName, containerPort, port }): Entry => {
        const target = [containerName, containerPort ?? port].filter((part) => part !== undefined).join(':');
        return {
          entry: 'serviceRegistry',
          name: resourceName(registryArn),
          arn: registryArn,
          ...(target === '' ? {} : { target }),
        };
      },
    ),
    ...(connect?.enabled ? connectEntries(connect) : []),
    ...(network?.subnets ?? []).map((name): Entry => ({ entry: 'subnet', name })),
    ...(network?.securityGroups ?? []).map((name): Entry => ({ entry: 'securityGroup', name })),
    ...(network
      ? [{ entry: 'publicIp' as const, name: network.assignPublicIp === 'ENABLED' ? 'assigned' : 'none' }]
      : []),
  ];
}

/** The names by which others of the namespace reach the service; the namespace alone for one that only reaches others. */
function connectEntries({
  namespace = '',
  services = [],
}: NonNullable<ReturnType<typeof primaryDeployment>>['serviceConnectConfiguration'] & object): Entry[] {
  const names = services.flatMap(({ portName = '', discoveryName, clientAliases = [] }) => {
    const own = discoveryName ?? portName;
    const aliases = clientAliases.map(({ dnsName, port }) => `${dnsName ?? own}:${port ?? ''}`);
    return (aliases.length > 0 ? aliases : [own]).map((name): Entry => ({
      entry: 'serviceConnect',
      name,
      target: portName,
    }));
  });
  return names.length > 0 ? names : [{ entry: 'serviceConnect', name: resourceName(namespace) }];
}

/** "web" of "arn:…:targetgroup/web/0123456789abcdef", by Elastic Load Balancing's resource types. */
function targetGroupName(arn: string): string {
  return /:targetgroup\/([^/]+)\//.exec(arn)?.[1] ?? resourceName(arn);
}
