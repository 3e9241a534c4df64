import type { RequestScope } from '../operation';
import { ServiceError } from '../protocol/serviceError';
import { ecsArn } from './arns';
import type { EcsState } from './ecsState';
import { clusterNameOf, DEFAULT_CLUSTER, findCluster, requireActiveCluster } from './findCluster';
import { compareText, cutPage, type PageRequest, tokenOf } from './page';
import type { CapacityProviderStrategyItem, ClusterRecord, Tag, WireObject } from './records';
import { clientError, invalidParameter, requireAtMost, requireOneOf } from './refusals';
import { checkTags, readTags, writeTags } from './tags';

interface ClusterSettingsInput {
  readonly settings?: ClusterRecord['settings'];
  readonly configuration?: WireObject;
  readonly serviceConnectDefaults?: WireObject;
}

interface CapacityInput {
  readonly capacityProviders?: readonly string[];
  readonly defaultCapacityProviderStrategy?: readonly CapacityProviderStrategyItem[];
}

interface CreateClusterInput extends ClusterSettingsInput, CapacityInput {
  readonly clusterName?: string;
  readonly tags?: readonly Tag[];
}

const CLUSTER_NAME = /^[A-Za-z0-9_-]{1,255}$/;

/** Creating, describing, listing, changing and deleting clusters. */
export function createClusterOperations(state: EcsState) {
  const all = ['SETTINGS', 'CONFIGURATIONS', 'TAGS', 'STATISTICS', 'ATTACHMENTS'];
  const view = (cluster: ClusterRecord, scope: RequestScope): object =>
    viewCluster(state, cluster, scope, all, countByCluster(state, scope.region));
  const change = (cluster: ClusterRecord, scope: RequestScope, members: Partial<ClusterRecord>): object => {
    const changed = { ...cluster, ...members };
    state.clusters.put(`${scope.region}/${cluster.clusterName}`, changed);
    return { cluster: view(changed, scope) };
  };

  return {
    /** Asking again for a cluster that is there gives that cluster, unchanged. */
    CreateCluster: (input: CreateClusterInput, scope: RequestScope): object => {
      const clusterName = input.clusterName ?? DEFAULT_CLUSTER;
      if (!CLUSTER_NAME.test(clusterName)) {
        throw invalidParameter('Invalid identifier: Identifier is not valid for a cluster.');
      }
      checkTags(input.tags ?? []);
      checkSettings(input.settings ?? []);
      const existing = state.clusters.get(`${scope.region}/${clusterName}`);
      if (existing?.status === 'ACTIVE') {
        return { cluster: view(existing, scope) };
      }
      const cluster: ClusterRecord = {
        clusterName,
        clusterArn: ecsArn(scope, 'cluster', clusterName),
        status: 'ACTIVE',
        settings: input.settings ?? [{ name: 'containerInsights', value: 'disabled' }],
        ...(input.configuration && { configuration: input.configuration }),
        ...(input.serviceConnectDefaults && { serviceConnectDefaults: input.serviceConnectDefaults }),
        ...capacityOf(input),
      };
      writeTags(state, scope.region, cluster.clusterArn, input.tags ?? []);
      return change(cluster, scope, {});
    },

    DescribeClusters: (
      input: { clusters?: readonly string[]; include?: readonly string[] },
      scope: RequestScope,
    ): object => {
      const names = input.clusters?.length ? input.clusters : [DEFAULT_CLUSTER];
      requireAtMost(names, 100, 'clusters');
      const clusters: object[] = [];
      const failures: object[] = [];
      const counts = countByCluster(state, scope.region);
      for (const name of new Set(names)) {
        const cluster = state.clusters.get(`${scope.region}/${clusterNameOf(name, scope)}`);
        if (cluster) {
          clusters.push(viewCluster(state, cluster, scope, input.include ?? [], counts));
        } else {
          failures.push({
            arn: name.startsWith('arn:') ? name : ecsArn(scope, 'cluster', name),
            reason: 'MISSING',
          });
        }
      }
      return { clusters, failures };
    },

    ListClusters: (input: PageRequest, scope: RequestScope): object => {
      const arns = [...state.clusters.entries(`${scope.region}/`)]
        .filter(([, { status }]) => status === 'ACTIVE')
        .map(([, { clusterArn }]) => clusterArn)
        .sort(compareText);
      const page = cutPage(arns, input, ['ListClusters', scope.region]);
      return { ...tokenOf(page), clusterArns: page.items };
    },

    DeleteCluster: (input: { cluster: string }, scope: RequestScope): object => {
      const cluster = findCluster(state, input.cluster, scope);
      const counts = countByCluster(state, scope.region)(cluster.clusterName);
      if (counts.services > 0) {
        throw new ServiceError(
          'ClusterContainsServicesException',
          'The Cluster cannot be deleted while Services are active.',
        );
      }
      if (counts.running + counts.pending + counts.stopping > 0) {
        throw new ServiceError(
          'ClusterContainsTasksException',
          'The Cluster cannot be deleted while Tasks are active.',
        );
      }
      writeTags(state, scope.region, cluster.clusterArn, []);
      return change(cluster, scope, { status: 'INACTIVE' });
    },

    UpdateCluster: (input: ClusterSettingsInput & { cluster: string }, scope: RequestScope): object => {
      const { cluster, ...members } = input;
      const found = requireActiveCluster(state, cluster, scope);
      return change(found, scope, {
        ...members,
        settings: mergeSettings(found.settings, members.settings ?? []),
      });
    },

    UpdateClusterSettings: (
      input: { cluster: string; settings: ClusterRecord['settings'] },
      scope: RequestScope,
    ): object => {
      const cluster = requireActiveCluster(state, input.cluster, scope);
      return change(cluster, scope, { settings: mergeSettings(cluster.settings, input.settings) });
    },

    PutClusterCapacityProviders: (input: CapacityInput & { cluster: string }, scope: RequestScope): object =>
      change(requireActiveCluster(state, input.cluster, scope), scope, capacityOf(input)),
  };
}

/** Capacity that the sandbox knows without its having been made: Fargate's. */
export const FARGATE_PROVIDERS = ['FARGATE', 'FARGATE_SPOT'];

function capacityOf(
  input: CapacityInput,
): Pick<ClusterRecord, 'capacityProviders' | 'defaultCapacityProviderStrategy'> {
  const capacityProviders = input.capacityProviders ?? [];
  const strategy = input.defaultCapacityProviderStrategy ?? [];
  const unknown = capacityProviders.find((name) => !FARGATE_PROVIDERS.includes(name));
  if (unknown !== undefined) {
    throw clientError(`The specified capacity provider '${unknown}' was not found.`);
  }
  const unlisted = strategy.find(({ capacityProvider }) => !capacityProviders.includes(capacityProvider));
  if (unlisted) {
    throw invalidParameter(
      'The specified default capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. Specify a capacity provider that is associated with the cluster and try again.',
    );
  }
  return { capacityProviders, defaultCapacityProviderStrategy: strategy };
}

function mergeSettings(
  old: ClusterRecord['settings'],
  changes: ClusterRecord['settings'],
): ClusterRecord['settings'] {
  checkSettings(changes);
  return [...old.filter(({ name }) => !changes.some((change) => change.name === name)), ...changes];
}

/** Source: SDK documentation of ClusterSetting. */
function checkSettings(settings: ClusterRecord['settings']): void {
  for (const { name, value } of settings) {
    requireOneOf(name, ['containerInsights'], 'settings.name', invalidParameter);
    requireOneOf(value, ['enhanced', 'enabled', 'disabled'], 'settings.value', invalidParameter);
  }
}

interface ClusterCounts {
  services: number;
  running: number;
  pending: number;
  stopping: number;
  readonly statistics: Readonly<Record<'FARGATE' | 'EC2', { running: number; pending: number }>>;
}

/** Services and tasks of each cluster, counted in one pass; a service counts until it is INACTIVE. */
function countByCluster(state: EcsState, region: string): (clusterName: string) => ClusterCounts {
  const counted = new Map<string, ClusterCounts>();
  const of = (clusterName: string): ClusterCounts => {
    const counts = counted.get(clusterName) ?? {
      services: 0,
      running: 0,
      pending: 0,
      stopping: 0,
      statistics: { FARGATE: { running: 0, pending: 0 }, EC2: { running: 0, pending: 0 } },
    };
    counted.set(clusterName, counts);
    return counts;
  };
  for (const [, { clusterName, status }] of state.services.entries(`${region}/`)) {
    of(clusterName).services += status === 'INACTIVE' ? 0 : 1;
  }
  for (const [, { clusterName, state: task, launchType }] of state.tasks.entries(`${region}/`)) {
    const counts = of(clusterName);
    const kind = launchType === 'FARGATE' ? 'FARGATE' : 'EC2';
    switch (task.lastStatus) {
      case 'RUNNING':
        counts.running += 1;
        counts.statistics[kind].running += 1;
        break;
      case 'PROVISIONING':
      case 'PENDING':
      case 'ACTIVATING':
        counts.pending += 1;
        counts.statistics[kind].pending += 1;
        break;
      case 'DEACTIVATING':
      case 'STOPPING':
      case 'DEPROVISIONING':
        counts.stopping += 1;
        break;
      case 'STOPPED':
        break;
    }
  }
  return of;
}

function viewCluster(
  state: EcsState,
  cluster: ClusterRecord,
  scope: RequestScope,
  include: readonly string[],
  countIn: (clusterName: string) => ClusterCounts,
): object {
  const counts = countIn(cluster.clusterName);
  const { FARGATE, EC2 } = counts.statistics;
  return {
    clusterArn: cluster.clusterArn,
    clusterName: cluster.clusterName,
    status: cluster.status,
    registeredContainerInstancesCount: 0,
    runningTasksCount: counts.running,
    pendingTasksCount: counts.pending,
    activeServicesCount: counts.services,
    statistics: include.includes('STATISTICS')
      ? [
          { name: 'runningEC2TasksCount', value: String(EC2.running) },
          { name: 'runningFargateTasksCount', value: String(FARGATE.running) },
          { name: 'pendingEC2TasksCount', value: String(EC2.pending) },
          { name: 'pendingFargateTasksCount', value: String(FARGATE.pending) },
        ]
      : [],
    tags: include.includes('TAGS') ? readTags(state, scope.region, cluster.clusterArn) : [],
    settings: include.includes('SETTINGS') ? cluster.settings : [],
    ...(include.includes('CONFIGURATIONS') &&
      cluster.configuration && { configuration: cluster.configuration }),
    ...(include.includes('ATTACHMENTS') && { attachments: [] }),
    capacityProviders: cluster.capacityProviders,
    defaultCapacityProviderStrategy: cluster.defaultCapacityProviderStrategy,
    ...(cluster.serviceConnectDefaults && { serviceConnectDefaults: cluster.serviceConnectDefaults }),
  };
}
