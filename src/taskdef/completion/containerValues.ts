import type { ValueView } from '../document/valueView';
import { containerNamed, type Task } from '../rules/task';
import type { Scene } from './scene';
import type { Suggestion } from './suggestion';

/** Containers that this one can wait for: not itself, none that waits for it, none that it waits for already. */
export function dependencyTargets({ task, container, above }: Scene): Suggestion[] {
  const taken = above(2)
    .items()
    .map((dependency) => dependency.member('containerName').text);
  return others(task, container)
    .filter((other) => {
      const name = other.member('name').text;
      return !taken.includes(name) && !(container && waitsFor(task, other, container));
    })
    .map(suggestContainer);
}

const CONDITIONS = [
  { value: 'START', about: 'it has been started' },
  { value: 'HEALTHY', about: 'its health check passes' },
  { value: 'SUCCESS', about: 'it has ended with exit code 0' },
  { value: 'COMPLETE', about: 'it has ended, with any exit code' },
];

/** What can be waited for of the chosen container; all conditions where that is not known. */
export function dependencyConditions({ task, above }: Scene): Suggestion[] {
  const name = above(1).member('containerName').text;
  const target = name === undefined ? undefined : containerNamed(task, name);
  const possible = target ? possibleConditions(target) : CONDITIONS.map(({ value }) => value);
  return CONDITIONS.filter(({ value }) => possible.includes(value)).map(({ value, about }) => ({
    value,
    details: [`wait until ${about}`],
  }));
}

function possibleConditions(target: ValueView): string[] {
  const essential = target.member('essential');
  return [
    'START',
    ...(target.member('healthCheck').absent ? [] : ['HEALTHY']),
    ...(essential.unknown || essential.flag === false ? ['SUCCESS', 'COMPLETE'] : []),
  ];
}

/** The other containers that the place's own list does not name yet: for `links` and `volumesFrom`. */
export function otherContainers({ task, container, above, path }: Scene): Suggestion[] {
  const inList = path.at(-2) === 'links';
  const list = above(inList ? 1 : 2);
  const taken = list
    .items()
    .map((item) => (inList ? item.text?.split(':')[0] : item.member('sourceContainer').text));
  return others(task, container)
    .filter((other) => !taken.includes(other.member('name').text))
    .map(suggestContainer);
}

/** Links are for the network mode "bridge" only. */
export function linkedContainers(scene: Scene): Suggestion[] {
  const mode = scene.task.networkMode.text;
  return mode === undefined || mode === 'bridge' ? otherContainers(scene) : [];
}

/** All containers: for the proxy. */
export function allContainers({ task }: Scene): Suggestion[] {
  return others(task, undefined).map(suggestContainer);
}

/** The declared volumes, those first that this container does not mount yet. */
export function declaredVolumes({ task, above }: Scene): Suggestion[] {
  const mounted = above(2)
    .items()
    .map((mount) => mount.member('sourceVolume').text);
  const volumes = task.definition
    .member('volumes')
    .items()
    .flatMap((volume): Suggestion[] => {
      const name = volume.member('name').text;
      return name ? [{ value: name, kind: 'resource', details: [volumeKind(volume)] }] : [];
    });
  const isMounted = ({ value }: Suggestion): boolean => mounted.includes(String(value));
  return [...volumes.filter((volume) => !isMounted(volume)), ...volumes.filter(isMounted)];
}

function volumeKind(volume: ValueView): string {
  const efs = volume.member('efsVolumeConfiguration');
  if (!efs.absent) {
    return ['EFS', efs.member('fileSystemId').text].filter(Boolean).join(' ');
  }
  const sourcePath = volume.member('host').member('sourcePath').text;
  if (sourcePath) {
    return `folder ${sourcePath} of the host`;
  }
  const kinds = {
    dockerVolumeConfiguration: 'Docker volume',
    fsxWindowsFileServerVolumeConfiguration: 'FSx for Windows File Server',
    s3filesVolumeConfiguration: 'S3 Files',
  };
  const found = Object.entries(kinds).find(([name]) => !volume.member(name).absent);
  return (
    found?.[1] ?? (volume.member('configuredAtLaunch').flag ? 'set at launch' : 'lives as long as the task')
  );
}

const LOG_DRIVERS: Readonly<Record<string, string>> = {
  awslogs: 'CloudWatch Logs',
  awsfirelens: 'anywhere, through a log router container',
  splunk: 'Splunk',
  fluentd: 'a Fluentd daemon',
  gelf: 'Graylog or Logstash',
  'json-file': 'files on the host',
  journald: "the host's journal",
  syslog: 'a syslog daemon',
};

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html */
export function logDrivers({ task }: Scene): Suggestion[] {
  const allowed = [...['awslogs', 'awsfirelens', 'splunk'], ...(task.managedInstances ? ['json-file'] : [])];
  return Object.entries(LOG_DRIVERS)
    .filter(([driver]) => !task.fargate || allowed.includes(driver))
    .map(([value, about]) => ({ value, details: [about] }));
}

const ULIMITS = [
  ...['nofile', 'nproc', 'memlock', 'core', 'cpu', 'data', 'fsize', 'locks', 'msgqueue', 'nice', 'rss'],
  ...['rtprio', 'rttime', 'sigpending', 'stack'],
];

/** The limits that are not set yet; Fargate sets the number of open files only. */
export function ulimitNames({ task, above }: Scene): Suggestion[] {
  const taken = above(2)
    .items()
    .map((ulimit) => ulimit.member('name').text);
  return ULIMITS.filter((name) => !taken.includes(name) && (!task.fargate || name === 'nofile')).map(
    (value) => ({ value, details: value === 'nofile' ? ['open files'] : [] }),
  );
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KernelCapabilities.html */
const CAPABILITIES = [
  ...['ALL', 'AUDIT_CONTROL', 'AUDIT_WRITE', 'BLOCK_SUSPEND', 'CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH'],
  ...['FOWNER', 'FSETID', 'IPC_LOCK', 'IPC_OWNER', 'KILL', 'LEASE', 'LINUX_IMMUTABLE', 'MAC_ADMIN'],
  ...['MAC_OVERRIDE', 'MKNOD', 'NET_ADMIN', 'NET_BIND_SERVICE', 'NET_BROADCAST', 'NET_RAW', 'SETFCAP'],
  ...['SETGID', 'SETPCAP', 'SETUID', 'SYS_ADMIN', 'SYS_BOOT', 'SYS_CHROOT', 'SYS_MODULE', 'SYS_NICE'],
  ...['SYS_PACCT', 'SYS_PTRACE', 'SYS_RAWIO', 'SYS_RESOURCE', 'SYS_TIME', 'SYS_TTY_CONFIG', 'SYSLOG'],
  'WAKE_ALARM',
];

/** Capabilities that the list does not have yet. Fargate adds SYS_PTRACE only, and drops any. */
export function capabilities({ task, above, path }: Scene): Suggestion[] {
  const taken = above(1)
    .items()
    .map(({ text }) => text);
  const allowed = task.fargate && path.at(-2) === 'add' ? ['SYS_PTRACE'] : CAPABILITIES;
  return allowed.filter((name) => !taken.includes(name)).map((value) => ({ value }));
}

const SYSTEM_CONTROLS = [
  ...['net.core.somaxconn', 'net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_keepalive_intvl'],
  ...['net.ipv4.ip_local_port_range', 'net.ipv4.tcp_tw_reuse', 'kernel.msgmax', 'kernel.msgmnb'],
  ...['kernel.sem', 'kernel.shmmax', 'kernel.shmall', 'fs.mqueue.msg_max'],
];

/** Kernel parameters that can be set for a container; those of the network are the host's in mode "host". */
export function systemControls({ task, above }: Scene): Suggestion[] {
  const taken = above(2)
    .items()
    .map((control) => control.member('namespace').text);
  const host = task.networkMode.text === 'host';
  return SYSTEM_CONTROLS.filter((name) => !taken.includes(name) && !(host && name.startsWith('net.'))).map(
    (value) => ({ value }),
  );
}

/** With its own network, a task's host port is the container's; else 0 lets the host choose. */
export function hostPorts({ task, above }: Scene): Suggestion[] {
  const port = above(1).member('containerPort').number;
  const mode = task.networkMode.text;
  const same: Suggestion[] = port === undefined ? [] : [{ value: port, details: ['the container port'] }];
  return mode === 'awsvpc' || mode === 'host'
    ? same
    : [...same, { value: 0, details: ['any free port of the host'] }];
}

/** How the command of a health check is run: its first element. */
export function healthCommands({ path }: Scene): Suggestion[] {
  return path.at(-1) === 0
    ? [
        { value: 'CMD-SHELL', details: ['a line for the shell'] },
        { value: 'CMD', details: ['a program and its arguments'] },
        { value: 'NONE', details: ["none, not even the image's own"] },
      ]
    : [];
}

/** Options of the log router. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/firelens-taskdef.html */
const FIRELENS_OPTIONS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    'enable-ecs-log-metadata': ['true', 'false'],
    'config-file-type': ['file', 's3'],
    'config-file-value': [],
  }),
);

export function firelensOptionNames({ above }: Scene): Suggestion[] {
  const taken = above(1)
    .members()
    .map(({ name }) => name);
  return [...FIRELENS_OPTIONS.keys()]
    .filter((name) => !taken.includes(name))
    .map((value) => ({ value, kind: 'option' }));
}

/** On Fargate, the configuration comes from a file in the image. */
export function firelensOptionValues({ task, path }: Scene): Suggestion[] {
  return (FIRELENS_OPTIONS.get(String(path.at(-1))) ?? [])
    .filter((value) => !(task.fargate && value === 's3'))
    .map((value) => ({ value }));
}

function others(task: Task, container: ValueView | undefined): ValueView[] {
  return task.containers.filter(({ node }) => node !== container?.node);
}

function suggestContainer(container: ValueView): Suggestion {
  const essential = container.member('essential').flag !== false;
  const checked = !container.member('healthCheck').absent;
  return {
    value: container.member('name').text ?? '',
    kind: 'container',
    details: [essential ? 'essential' : 'not essential', ...(checked ? ['has a health check'] : [])],
  };
}

/** Whether a container waits for another one, be it by way of others. */
function waitsFor(task: Task, container: ValueView, awaited: ValueView, seen = new Set<unknown>()): boolean {
  if (container.node === awaited.node) {
    return true;
  }
  if (seen.has(container.node)) {
    return false;
  }
  seen.add(container.node);
  return container
    .member('dependsOn')
    .items()
    .some((dependency) => {
      const name = dependency.member('containerName').text;
      const target = name === undefined ? undefined : containerNamed(task, name);
      return target !== undefined && waitsFor(task, target, awaited, seen);
    });
}
