import type { Command } from '../base/process';
import type { Engine } from './engine';

/** A container to create. Sizes are MiB; paths of `target` are inside of the container. */
export interface ContainerSpec {
  readonly name: string;
  /** An image that the engine has, by id or reference: creating never pulls. */
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly network: ContainerNetwork;
  readonly entryPoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Variables whose values go to the engine's client in its own environment, and into no argument. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  readonly user?: string;
  readonly hostname?: string;
  readonly interactive?: boolean;
  readonly pseudoTerminal?: boolean;
  readonly privileged?: boolean;
  readonly readonlyRootFilesystem?: boolean;
  readonly init?: boolean;
  readonly mounts?: readonly ContainerMount[];
  readonly volumesFrom?: readonly { readonly container: string; readonly readOnly: boolean }[];
  readonly tmpfs?: readonly {
    readonly target: string;
    readonly size: number;
    readonly options: readonly string[];
  }[];
  readonly ulimits?: readonly { readonly name: string; readonly soft: number; readonly hard: number }[];
  readonly capabilities?: { readonly add: readonly string[]; readonly drop: readonly string[] };
  readonly devices?: readonly {
    readonly host: string;
    readonly target: string;
    readonly permissions: string;
  }[];
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly securityOptions?: readonly string[];
  readonly extraHosts?: readonly { readonly name: string; readonly address: string }[];
  readonly dnsServers?: readonly string[];
  readonly dnsSearch?: readonly string[];
  readonly sharedMemory?: number;
  /** Hard limit, above which the kernel kills. */
  readonly memory?: number;
  readonly memoryReservation?: number;
  /** On top of `memory`; none by default. */
  readonly swap?: number;
  /** CPUs that may be used at most: 0.25 is a quarter of one. */
  readonly cpus?: number;
  /** Weight against other containers when CPU is short. */
  readonly cpuShares?: number;
  /** `host`, `shareable` or `container:<id>`, as the engines write it. */
  readonly pid?: string;
  readonly ipc?: string;
}

export type ContainerNetwork =
  | { readonly kind: 'bridge'; readonly publish: readonly PublishedPort[] }
  | { readonly kind: 'host' }
  | { readonly kind: 'none' }
  /** The network namespace, with the ports, of another container. */
  | { readonly kind: 'container'; readonly container: string };

export interface PublishedPort {
  readonly containerPort: number;
  /** `undefined` lets the engine choose one that is free. */
  readonly hostPort?: number;
  readonly protocol: 'tcp' | 'udp';
}

export type ContainerMount =
  | {
      readonly kind: 'volume';
      readonly source: string;
      readonly target: string;
      readonly readOnly: boolean;
    }
  | { readonly kind: 'bind'; readonly source: string; readonly target: string; readonly readOnly: boolean };

/** Creates a container and prints its id. Its ports are published on this machine's loopback only. */
export function createContainer(engine: Engine, spec: ContainerSpec): Command {
  return { file: engine.file, args: ['create', ...containerArguments(engine, spec)], env: spec.secrets };
}

/** Creates and starts a container in the background, and prints its id. */
export function runDetached(engine: Engine, spec: ContainerSpec): Command {
  const args = ['run', '--detach', ...containerArguments(engine, spec)];
  return { file: engine.file, args, env: spec.secrets };
}

function containerArguments(engine: Engine, spec: ContainerSpec): string[] {
  const [entryPoint, ...entryArguments] = spec.entryPoint ?? [];
  return [
    // Options and their values are one argument each, so that no value is taken for an option.
    `--name=${spec.name}`,
    '--pull=never',
    ...entries(spec.labels).map(([name, value]) => `--label=${name}=${value}`),
    ...logArguments(engine),
    ...networkArguments(spec.network),
    ...(spec.entryPoint === undefined ? [] : [entryPointArgument(engine, spec.entryPoint)]),
    ...entries(spec.environment).map(([name, value]) => `--env=${name}=${value}`),
    ...Object.keys(spec.secrets ?? {}).map((name) => `--env=${name}`),
    ...option('workdir', spec.workingDirectory),
    ...option('user', spec.user),
    ...option('hostname', spec.hostname),
    ...flag('interactive', spec.interactive),
    ...flag('tty', spec.pseudoTerminal),
    ...flag('privileged', spec.privileged),
    ...flag('read-only', spec.readonlyRootFilesystem),
    ...flag('init', spec.init),
    ...(spec.mounts ?? []).map((mount) => `--mount=${formatMount(mount)}`),
    ...(spec.volumesFrom ?? []).map(
      ({ container, readOnly }) => `--volumes-from=${container}${readOnly ? ':ro' : ''}`,
    ),
    ...(spec.tmpfs ?? []).map(
      ({ target, size, options }) => `--tmpfs=${target}:${[`size=${size}m`, ...options].join(',')}`,
    ),
    ...(spec.ulimits ?? []).map(({ name, soft, hard }) => `--ulimit=${name}=${soft}:${hard}`),
    ...(spec.capabilities?.add ?? []).map((name) => `--cap-add=${name}`),
    ...(spec.capabilities?.drop ?? []).map((name) => `--cap-drop=${name}`),
    ...(spec.devices ?? []).map(
      ({ host, target, permissions }) => `--device=${host}:${target}:${permissions}`,
    ),
    ...entries(spec.sysctls).map(([name, value]) => `--sysctl=${name}=${value}`),
    ...(spec.securityOptions ?? []).map((value) => `--security-opt=${value}`),
    ...(spec.extraHosts ?? []).map(({ name, address }) => `--add-host=${name}:${address}`),
    ...(spec.dnsServers ?? []).map((address) => `--dns=${address}`),
    ...(spec.dnsSearch ?? []).map((domain) => `--dns-search=${domain}`),
    ...option('shm-size', spec.sharedMemory, 'm'),
    ...memoryArguments(spec),
    ...option('cpus', spec.cpus),
    ...option('cpu-shares', spec.cpuShares),
    ...option('pid', spec.pid),
    ...option('ipc', spec.ipc),
    spec.image,
    ...(engine.id === 'podman' || entryPoint === undefined ? [] : entryArguments),
    ...(spec.command ?? []),
  ];
}

/**
 * Docker and nerdctl take only the program; its arguments then stand before the command. Podman reads a value
 * that starts with "[" as a list, which a program named "[" would run into: so it always gets a list.
 */
function entryPointArgument(engine: Engine, entryPoint: readonly string[]): string {
  return `--entrypoint=${engine.id === 'podman' ? JSON.stringify(entryPoint) : (entryPoint[0] ?? '')}`;
}

/**
 * What the container writes is read from the attached client, not from the engine's log. The log is kept for
 * people who ask the engine, in a format and size that do not depend on how the engine is configured.
 */
function logArguments(engine: Engine): string[] {
  return engine.id === 'podman'
    ? ['--log-driver=k8s-file', '--log-opt=max-size=10mb']
    : ['--log-driver=json-file', '--log-opt=max-size=10m'];
}

function networkArguments(network: ContainerNetwork): string[] {
  switch (network.kind) {
    case 'bridge':
      // By name, because rootless podman would otherwise choose a network without addresses of its own.
      return [
        '--network=bridge',
        ...network.publish.map(
          ({ containerPort, hostPort, protocol }) =>
            `--publish=127.0.0.1:${hostPort ?? ''}:${containerPort}/${protocol}`,
        ),
      ];
    case 'host':
    case 'none':
      return [`--network=${network.kind}`];
    case 'container':
      return [`--network=container:${network.container}`];
  }
}

function memoryArguments({ memory, memoryReservation, swap }: ContainerSpec): string[] {
  return [
    ...option('memory', memory, 'm'),
    // Engines count swap together with memory, and allow twice the memory when they are not told.
    ...(memory === undefined ? [] : option('memory-swap', memory + (swap ?? 0), 'm')),
    ...option('memory-reservation', memoryReservation, 'm'),
  ];
}

/** The value of `--mount` is a line of CSV. */
function formatMount(mount: ContainerMount): string {
  const fields = [`type=${mount.kind}`, `source=${mount.source}`, `target=${mount.target}`];
  return [...fields, ...(mount.readOnly ? ['ro'] : [])]
    .map((field) => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
    .join(',');
}

function entries(record: Readonly<Record<string, string>> | undefined): [string, string][] {
  return Object.entries(record ?? {});
}

function option(name: string, value: string | number | undefined, unit = ''): string[] {
  return value === undefined ? [] : [`--${name}=${value}${unit}`];
}

function flag(name: string, on: boolean | undefined): string[] {
  return on ? [`--${name}`] : [];
}
