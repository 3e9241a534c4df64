import type { ContainerMount, ContainerNetwork, ContainerSpec } from '../../containers/runContainer';
import type { PlannedContainer, TaskPlan } from './taskPlan';

/** What of a container is known only when its task runs. Maps are keyed by names of the task definition. */
export interface ContainerSurroundings {
  readonly name: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly network: ContainerNetwork;
  /** The container that holds the task's namespaces. */
  readonly pause: string | undefined;
  /** The engine's volumes of the task's. */
  readonly volumes: ReadonlyMap<string, string>;
  /** The engine's names of the task's containers. */
  readonly containers: ReadonlyMap<string, string>;
  /** Addresses of the containers on the bridge network that have started. */
  readonly addresses: ReadonlyMap<string, string>;
  /** CPUs that the engine has: it refuses a limit above. */
  readonly cpus: number | undefined;
}

/** Translates a container of a task into what an engine is asked to create. */
export function buildContainerSpec(
  plan: TaskPlan,
  container: PlannedContainer,
  around: ContainerSurroundings,
): ContainerSpec {
  const { definition } = container;
  const linux = definition.linuxParameters ?? {};
  // Containers that join a network namespace also share its host name, its hosts and its name servers.
  const ownNetwork = around.network.kind !== 'container';
  return {
    name: around.name,
    image: around.image,
    labels: { ...definition.dockerLabels, ...around.labels },
    network: around.network,
    entryPoint: definition.entryPoint?.length ? definition.entryPoint : undefined,
    command: definition.command,
    environment: container.environment,
    secrets: container.secrets,
    workingDirectory: definition.workingDirectory,
    user: definition.user,
    interactive: definition.interactive,
    pseudoTerminal: definition.pseudoTerminal,
    privileged: definition.privileged,
    readonlyRootFilesystem: definition.readonlyRootFilesystem,
    init: linux.initProcessEnabled,
    mounts: listMounts(plan, container, around.volumes),
    volumesFrom: definition.volumesFrom?.flatMap(({ sourceContainer, readOnly }) => {
      const source = around.containers.get(sourceContainer ?? '');
      return source === undefined ? [] : [{ container: source, readOnly: readOnly === true }];
    }),
    tmpfs: linux.tmpfs?.map(({ containerPath, size, mountOptions }) => ({
      target: containerPath,
      size,
      options: mountOptions ?? [],
    })),
    ulimits: definition.ulimits?.map(({ name, softLimit, hardLimit }) => ({
      name,
      soft: softLimit,
      hard: hardLimit,
    })),
    capabilities: { add: linux.capabilities?.add ?? [], drop: linux.capabilities?.drop ?? [] },
    devices: linux.devices?.map(({ hostPath, containerPath, permissions }) => ({
      host: hostPath,
      target: containerPath ?? hostPath,
      permissions: (permissions ?? ['read', 'write', 'mknod']).map((name) => name.charAt(0)).join(''),
    })),
    sysctls: Object.fromEntries(
      (definition.systemControls ?? []).map(({ namespace, value }) => [namespace ?? '', value ?? '']),
    ),
    securityOptions: definition.dockerSecurityOptions,
    ...(ownNetwork && {
      hostname: definition.hostname,
      dnsServers: definition.dnsServers,
      dnsSearch: definition.dnsSearchDomains,
      extraHosts: [...listExtraHosts(container), ...listLinks(container, around.addresses)],
    }),
    sharedMemory: linux.sharedMemorySize,
    ...limitResources(plan, container, around.cpus),
    ...shareNamespaces(plan, around.pause),
  };
}

function listMounts(
  plan: TaskPlan,
  { definition }: PlannedContainer,
  volumes: ReadonlyMap<string, string>,
): ContainerMount[] {
  return (definition.mountPoints ?? []).flatMap(
    ({ sourceVolume, containerPath, readOnly }): ContainerMount[] => {
      if (containerPath === undefined) {
        return [];
      }
      const target = { target: containerPath, readOnly: readOnly === true };
      const hostPath = findHostPath(plan, sourceVolume);
      if (hostPath !== undefined) {
        return [{ kind: 'bind', source: hostPath, ...target }];
      }
      const source = volumes.get(sourceVolume ?? '');
      return source === undefined ? [] : [{ kind: 'volume', source, ...target }];
    },
  );
}

/** The path on this machine that a volume of an EC2 task stands for. */
export function findHostPath(plan: TaskPlan, volume: string | undefined): string | undefined {
  const path = plan.volumes.find(({ name }) => name === volume)?.host?.sourcePath;
  return plan.fargate || path === '' ? undefined : path;
}

function listExtraHosts({ definition }: PlannedContainer): { name: string; address: string }[] {
  return (definition.extraHosts ?? []).map(({ hostname, ipAddress }) => ({
    name: hostname,
    address: ipAddress,
  }));
}

/** Links ("container:alias") become hosts entries: not every engine has links, or names on its network. */
function listLinks(
  { definition }: PlannedContainer,
  addresses: ReadonlyMap<string, string>,
): { name: string; address: string }[] {
  return (definition.links ?? []).flatMap((link) => {
    const [name = '', alias = name] = link.split(':');
    const address = addresses.get(name);
    return address === undefined ? [] : [...new Set([alias, name])].map((host) => ({ name: host, address }));
  });
}

/**
 * A container has its own memory limit below the task's, or the task's. Engines cannot limit several containers
 * together without a parent control group, which depends on how the host is set up: so the CPUs of the task
 * are the limit of each container, too.
 */
function limitResources(
  plan: TaskPlan,
  { definition }: PlannedContainer,
  cpus: number | undefined,
): Pick<ContainerSpec, 'memory' | 'memoryReservation' | 'swap' | 'cpus' | 'cpuShares'> {
  const memory = least(definition.memory, plan.memory);
  const share = definition.cpu ?? 0;
  return {
    memory,
    memoryReservation: least(definition.memoryReservation, memory),
    swap: definition.linuxParameters?.maxSwap,
    cpus: plan.cpu === undefined ? undefined : least(plan.cpu / 1024, cpus),
    // The kernel's least share is 2.
    cpuShares: share > 0 ? Math.max(2, share) : undefined,
  };
}

function shareNamespaces(plan: TaskPlan, pause: string | undefined): Pick<ContainerSpec, 'pid' | 'ipc'> {
  const shared = pause === undefined ? undefined : `container:${pause}`;
  return {
    pid: plan.pidMode === 'task' ? shared : plan.pidMode,
    ipc: plan.ipcMode === 'task' ? shared : plan.ipcMode,
  };
}

function least(...values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
