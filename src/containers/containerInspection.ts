import { parseJsonArray } from './engineOutput';
import type { PublishedPort } from './runContainer';

/** What an engine says about a container. */
export interface ContainerInspection {
  readonly id: string;
  readonly running: boolean;
  /** Epoch milliseconds; absent when it never started. */
  readonly startedAt?: number;
  /** Of a container that has ended. */
  readonly exitCode?: number;
  readonly outOfMemory: boolean;
  /** Why the engine could not start it. */
  readonly error?: string;
  /** What the image wants to be stopped with: "SIGTERM", "SIGQUIT", or a number. */
  readonly stopSignal: string;
  /** On the bridge network. */
  readonly address?: string;
  readonly ports: readonly BoundPort[];
}

export interface BoundPort extends PublishedPort {
  readonly hostAddress: string;
  readonly hostPort: number;
}

interface InspectedContainer {
  readonly Id?: string;
  readonly State?: {
    readonly Running?: boolean;
    readonly OOMKilled?: boolean;
    readonly ExitCode?: number;
    readonly Error?: string;
    readonly StartedAt?: string;
  };
  readonly Config?: { readonly StopSignal?: string | number };
  readonly NetworkSettings?: {
    readonly IPAddress?: string;
    readonly Networks?: Readonly<Record<string, { readonly IPAddress?: string }>> | null;
    readonly Ports?: Readonly<
      Record<string, readonly { HostIp?: string; HostPort?: string }[] | null>
    > | null;
  };
}

/**
 * Reads `container inspect` of docker, podman and nerdctl.
 * @returns `undefined` when the text describes no container
 */
export function parseContainerInspection(text: string): ContainerInspection | undefined {
  const [container] = parseJsonArray(text) as InspectedContainer[];
  if (container?.Id === undefined || !container.State) {
    return undefined;
  }
  const { State: state, NetworkSettings: network } = container;
  const running = state.Running === true;
  const startedAt = parseTime(state.StartedAt);
  const address = [
    network?.IPAddress,
    ...Object.values(network?.Networks ?? {}).map(({ IPAddress }) => IPAddress),
  ].find(Boolean);
  return {
    id: container.Id,
    running,
    ...(startedAt !== undefined && { startedAt }),
    ...(!running && startedAt !== undefined && { exitCode: state.ExitCode ?? 0 }),
    outOfMemory: state.OOMKilled === true,
    ...(state.Error && { error: state.Error }),
    // 0 is podman's way to say that the image names none.
    stopSignal: container.Config?.StopSignal ? String(container.Config.StopSignal) : 'SIGTERM',
    ...(address && { address }),
    ports: Object.entries(network?.Ports ?? {}).flatMap(([port, bindings]) =>
      parsePort(port, bindings ?? []),
    ),
  };
}

/** The number of CPUs, from `info --format '{{json .}}'` of any engine. */
export function parseEngineCpus(text: string): number | undefined {
  const [info] = parseJsonArray(`[${text}]`) as { NCPU?: number; host?: { cpus?: number } }[];
  return info?.NCPU ?? info?.host?.cpus;
}

function parsePort(port: string, bindings: readonly { HostIp?: string; HostPort?: string }[]): BoundPort[] {
  const [number, protocol = 'tcp'] = port.split('/');
  return bindings.flatMap(({ HostIp, HostPort }) =>
    Number(HostPort) > 0 && (protocol === 'tcp' || protocol === 'udp')
      ? [
          {
            containerPort: Number(number),
            protocol,
            hostAddress: HostIp === undefined || HostIp === '' ? '0.0.0.0' : HostIp,
            hostPort: Number(HostPort),
          },
        ]
      : [],
  );
}

/** Engines write the year 1 for "never". */
function parseTime(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return time > 0 ? time : undefined;
}
