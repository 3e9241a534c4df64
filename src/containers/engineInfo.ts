import type { Engine, EngineId } from './engine';

/** What the answer of `info` says about an engine. */
export type EngineInfo = Pick<Engine, 'serverVersion' | 'remote' | 'platform'>;

/** The machine that asks. */
export interface Host {
  readonly operatingSystem: NodeJS.Platform;
  readonly name: string;
}

/** Reads `Docker version 28.2.2, build …`, `podman version 4.3.1`, `finch version v1.2.0`, … */
export function parseVersionLine(text: string): { id: EngineId; clientVersion: string } | undefined {
  const match = /^(docker|podman|finch|nerdctl)(?:\.\w+)? version v?([^\s,]+)/im.exec(text);
  return match?.[1] && match[2]
    ? { id: match[1].toLowerCase() as EngineId, clientVersion: match[2] }
    : undefined;
}

interface DockerInfo {
  readonly ServerVersion?: string;
  readonly ServerErrors?: readonly string[];
  readonly OperatingSystem?: string;
  readonly OSType?: string;
  readonly Architecture?: string;
  readonly Name?: string;
  readonly SecurityOptions?: readonly string[] | null;
}

/**
 * Reads `info --format '{{json .}}'` of docker, and of nerdctl and finch, which answer in its shape.
 * @param endpoint where docker's client reaches its engine, e.g. `unix:///var/run/docker.sock`
 * @returns `undefined` when the text is no such answer; `said` when the engine behind the client is silent
 */
export function parseDockerInfo(
  text: string,
  host: Host,
  endpoint?: string,
): EngineInfo | { readonly said: string } | undefined {
  const info = parseJson<DockerInfo>(text);
  if (!info) {
    return undefined;
  }
  if (info.ServerErrors?.length) {
    return { said: info.ServerErrors.join(' ').trim() };
  }
  if (!info.ServerVersion) {
    return undefined;
  }
  const remote =
    // Containers need Linux (or Windows) kernels: on a Mac every engine is in a virtual machine, on Windows
    // all but one of Windows containers.
    host.operatingSystem === 'darwin' ||
    (host.operatingSystem === 'win32' && info.OSType !== 'windows') ||
    info.OperatingSystem?.startsWith('Docker Desktop') === true ||
    (endpoint !== undefined && endpoint !== '' && !/^(unix|npipe|fd):/.test(endpoint)) ||
    // A rootless engine has a network namespace of its own, with a loopback of its own.
    info.SecurityOptions?.some((option) => option.includes('rootless')) === true ||
    // A socket mounted into a development container, or forwarded: the engine is on another host.
    (info.Name !== undefined && info.Name !== '' && info.Name !== host.name);
  return {
    serverVersion: info.ServerVersion,
    remote,
    platform: formatPlatform(info.OSType, info.Architecture),
  };
}

interface PodmanInfo {
  readonly host?: { readonly os?: string; readonly arch?: string; readonly serviceIsRemote?: boolean };
  readonly version?: { readonly Version?: string };
}

/** Reads `podman info --format '{{json .}}'`. Without a service, podman is its own engine. */
export function parsePodmanInfo(text: string, host: Host): EngineInfo | undefined {
  const info = parseJson<PodmanInfo>(text);
  if (!info?.version?.Version) {
    return undefined;
  }
  return {
    serverVersion: info.version.Version,
    remote: info.host?.serviceIsRemote === true || host.operatingSystem !== 'linux',
    platform: formatPlatform(info.host?.os, info.host?.arch),
  };
}

/** Reads `docker buildx inspect`: whether the current builder has a node without an error. */
export function parseBuildxUsable(text: string): boolean {
  const nodes = text.split(/^Nodes:\s*$/m)[1];
  if (nodes === undefined) {
    return false;
  }
  return nodes
    .split(/^Name:/m)
    .slice(1)
    .some((node) => !/^(Error|Err):/m.test(node));
}

const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  'x86-64': 'amd64',
  aarch64: 'arm64',
  armv7l: 'arm/v7',
  armv6l: 'arm/v6',
  i386: '386',
  i686: '386',
};

/** `os/architecture` in the names that image indexes use (Go's), from those that kernels use. */
export function formatPlatform(os = 'linux', architecture = 'amd64'): string {
  const name = architecture.toLowerCase();
  return `${os.toLowerCase()}/${ARCHITECTURES[name] ?? name}`;
}

function parseJson<T>(text: string): T | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}
