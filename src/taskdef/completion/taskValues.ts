import {
  cpuUnitsOf,
  FARGATE_SIZES,
  FARGATE_WINDOWS_CPU,
  inGigabytes,
  inVcpu,
  memoryMibOf,
  UNITS_PER_VCPU,
} from '../rules/taskSize';
import type { Task } from '../rules/task';
import type { Scene } from './scene';
import type { Suggestion } from './suggestion';

/** The CPU units that go with the task's memory; all that there are where that is not known, or goes with none. */
export function cpuSizes({ task }: Scene): Suggestion[] {
  const memory = memoryMibOf(task.memory);
  const offered = [...FARGATE_SIZES.keys()].filter(
    (cpu) => !task.fargate || !task.windows || FARGATE_WINDOWS_CPU.includes(cpu),
  );
  const fitting = offered.filter((cpu) => memory !== undefined && FARGATE_SIZES.get(cpu)?.includes(memory));
  const fits = task.fargate !== undefined && memory !== undefined && fitting.length > 0;
  return (fits ? fitting : offered).map((cpu) => ({
    value: String(cpu),
    details: [inVcpu(cpu), ...(fits ? [`valid with ${inGigabytes(memory)}`] : [])],
  }));
}

/** The memory that goes with the task's CPU units; all that there is where these are not known, or are no size. */
export function memorySizes({ task }: Scene): Suggestion[] {
  const cpu = cpuUnitsOf(task.cpu);
  const fitting = cpu === undefined ? undefined : FARGATE_SIZES.get(cpu);
  if (task.fargate && cpu !== undefined && fitting) {
    return fitting.map((mib) => ({
      value: String(mib),
      details: [inGigabytes(mib), `valid with ${inVcpu(cpu)}`],
    }));
  }
  const all = new Set([...FARGATE_SIZES.values()].flat());
  return [...all]
    .sort((one, other) => one - other)
    .map((mib) => ({
      value: String(mib),
      details: [inGigabytes(mib), ...(task.fargate ? [`valid with ${vcpuRange(task, mib)}`] : [])],
    }));
}

const NETWORK_MODES: Readonly<Record<string, string>> = {
  awsvpc: 'a network interface of its own',
  bridge: "Docker's network of the host",
  host: "the host's own network",
  none: 'no network',
};

/**
 * Fargate has awsvpc only; external instances have all but that.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-anywhere.html
 */
export function networkModes({ task }: Scene): Suggestion[] {
  const external = task.compatibilities.items().some(({ text }) => text === 'EXTERNAL');
  return Object.entries(NETWORK_MODES)
    .filter(([mode]) => (task.fargate ? mode === 'awsvpc' : !external || mode !== 'awsvpc'))
    .map(([value, about]) => ({ value, details: [about] }));
}

/** Only one of the two on Fargate: the host is not the user's there. */
export function processNamespaces({ task }: Scene): Suggestion[] {
  const own = { value: 'task', details: ['containers see the processes of the task'] };
  return task.fargate ? [own] : [own, { value: 'host', details: ['containers see those of the host'] }];
}

/** Windows containers run on Intel and AMD only. */
export function architectures({ task }: Scene): Suggestion[] {
  return [
    { value: 'X86_64', details: ['Intel and AMD'] },
    ...(task.windows ? [] : [{ value: 'ARM64', details: ['Graviton'] }]),
  ];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#runtime-platform */
const FARGATE_WINDOWS = ['2022_CORE', '2022_FULL', '2019_CORE', '2019_FULL'];
const EC2_WINDOWS = ['2025_CORE', '2025_FULL', ...FARGATE_WINDOWS, '2016_FULL', '2004_CORE', '20H2_CORE'];

/** What runs on this launch type with this architecture. */
export function operatingSystems({ task }: Scene): Suggestion[] {
  const arm = task.definition.member('runtimePlatform').member('cpuArchitecture').text === 'ARM64';
  const windows = arm ? [] : task.fargate ? FARGATE_WINDOWS : EC2_WINDOWS;
  return ['LINUX', ...windows.map((version) => `WINDOWS_SERVER_${version}`)].map((value) => ({ value }));
}

const PROXY_PROPERTIES = new Map(
  Object.entries<{ readonly about: string; readonly value?: string }>({
    AppPorts: { about: 'ports of the application, parted by commas' },
    ProxyIngressPort: { about: 'where traffic to the application goes', value: '15000' },
    ProxyEgressPort: { about: 'where traffic from the application goes', value: '15001' },
    EgressIgnoredIPs: { about: 'not sent to the proxy', value: '169.254.170.2,169.254.169.254' },
    EgressIgnoredPorts: { about: 'not sent to the proxy' },
    IgnoredUID: { about: "the proxy's own user", value: '1337' },
    IgnoredGID: { about: "the proxy's own group" },
  }),
);

/** The properties of a proxy that are not set yet. */
export function proxyPropertyNames({ above }: Scene): Suggestion[] {
  const taken = above(2)
    .items()
    .map((property) => property.member('name').text);
  return [...PROXY_PROPERTIES]
    .filter(([name]) => !taken.includes(name))
    .map(([value, { about }]) => ({ value, kind: 'option', details: [about] }));
}

/** What a proxy's property usually has; of the application's ports, those that the containers expose. */
export function proxyPropertyValues({ task, above }: Scene): Suggestion[] {
  const name = above(1).member('name').text ?? '';
  const proxy = task.definition.member('proxyConfiguration').member('containerName').text;
  const ports = task.containers
    .filter((container) => proxy === undefined || container.member('name').text !== proxy)
    .flatMap((container) => container.member('portMappings').items())
    .flatMap((mapping) => mapping.member('containerPort').number ?? []);
  const value = name === 'AppPorts' ? ports.join(',') : PROXY_PROPERTIES.get(name)?.value;
  return value ? [{ value }] : [];
}

function vcpuRange(task: Task, mib: number): string {
  const cpus = [...FARGATE_SIZES]
    .filter(([cpu, offered]) => offered.includes(mib) && (!task.windows || FARGATE_WINDOWS_CPU.includes(cpu)))
    .map(([cpu]) => cpu);
  const [least = 0] = cpus;
  const most = cpus.at(-1) ?? least;
  return least === most ? inVcpu(least) : `${least / UNITS_PER_VCPU} to ${inVcpu(most)}`;
}
