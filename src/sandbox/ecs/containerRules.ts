import type { ContainerInput, PortMappingInput, TaskDefinitionInput } from './taskDefinitionInput';
import { clientError, requireOneOf } from './refusals';

const NAME = /^[A-Za-z0-9_-]{1,255}$/;
const ULIMITS = [
  'core',
  'cpu',
  'data',
  'fsize',
  'locks',
  'memlock',
  'msgqueue',
  'nice',
  'nofile',
  'nproc',
  'rss',
  'rtprio',
  'rttime',
  'sigpending',
  'stack',
];
const PROTOCOLS = ['tcp', 'udp'];
const CONDITIONS = ['START', 'COMPLETE', 'SUCCESS', 'HEALTHY'];
const LOG_DRIVERS = [
  'json-file',
  'syslog',
  'journald',
  'gelf',
  'fluentd',
  'awslogs',
  'splunk',
  'awsfirelens',
];
const PORT_NAME = /^[a-z0-9_][a-z0-9_-]{0,63}$/;

/**
 * The rules of one container definition, in the context of its task.
 * Source: SDK documentation of ContainerDefinition; the texts are those of RegisterTaskDefinition.
 * @throws ServiceError ClientException
 */
export function checkContainer(container: ContainerInput, definition: TaskDefinitionInput): void {
  const name = container.name ?? '';
  if (!NAME.test(name)) {
    throw clientError(
      name === '' ? 'Container.name should not be null or empty.' : `Invalid container name: ${name}`,
    );
  }
  if ((container.image ?? '') === '') {
    throw clientError('Container.image should not be null or empty.');
  }
  if (/[^A-Za-z0-9_.:/#@-]/.test(container.image ?? '')) {
    throw clientError(`Invalid image: ${container.image}`);
  }
  checkMemory(container, name, definition.memory !== undefined);
  checkTimes(container, name);
  checkPorts(container.portMappings ?? [], definition.networkMode);
  checkNetworking(container, definition.networkMode);
  checkEnvironment(container, definition);
  checkLogging(container, definition);
  checkHealthCheck(container);
  for (const { condition } of container.dependsOn ?? []) {
    requireOneOf(condition, CONDITIONS, 'dependsOn.condition', clientError);
  }
  for (const limit of container.ulimits ?? []) {
    requireOneOf(limit.name, ULIMITS, 'ulimits.name', clientError);
    if ((limit.softLimit ?? 0) > (limit.hardLimit ?? 0)) {
      throw clientError(`Soft limit exceeds hard limit for ulimit ${limit.name}`);
    }
  }
}

function checkMemory(container: ContainerInput, name: string, taskHasMemory: boolean): void {
  const { cpu, memory, memoryReservation } = container;
  const refuse = (what: string) => clientError(`Invalid setting for container '${name}'. ${what}`);
  if (cpu !== undefined && cpu < 0) {
    throw refuse("'cpu' must not be negative.");
  }
  if (memory === undefined && memoryReservation === undefined && !taskHasMemory) {
    throw refuse("At least one of 'memory' or 'memoryReservation' must be specified.");
  }
  if ((memory ?? 1) <= 0 || (memoryReservation ?? 1) <= 0) {
    throw refuse("'memory' and 'memoryReservation' must be greater than 0.");
  }
  if (memory !== undefined && memoryReservation !== undefined && memory < memoryReservation) {
    throw refuse("'memory' must be greater than or equal to 'memoryReservation'.");
  }
}

function checkTimes(container: ContainerInput, name: string): void {
  if (container.startTimeout !== undefined && container.startTimeout < 2) {
    throw clientError(`Granular start timeout on container '${name}' must be at least 2 seconds.`);
  }
  if (container.stopTimeout !== undefined && container.stopTimeout < 2) {
    throw clientError(`Granular stop timeout on container '${name}' must be at least 2 seconds.`);
  }
  const period = container.restartPolicy?.restartAttemptPeriod;
  if (period !== undefined && (period < 60 || period > 1800)) {
    throw clientError(
      `the 'restartAttemptPeriod' setting for container '${name}' must be between 60 and 1800`,
    );
  }
}

function checkPorts(ports: readonly PortMappingInput[], networkMode: string | undefined): void {
  if (networkMode === 'none' && ports.length > 0) {
    throw clientError('Port mappings are not supported when networkMode=none.');
  }
  for (const port of ports) {
    requireOneOf(port.protocol, PROTOCOLS, 'portMappings.protocol', clientError);
    if (port.containerPortRange !== undefined) {
      checkPortRange(port);
      continue;
    }
    if (port.containerPort === undefined || port.containerPort < 1 || port.containerPort > 65535) {
      throw clientError("Invalid 'containerPort' setting for container.");
    }
    if (port.hostPort !== undefined && (port.hostPort < 0 || port.hostPort > 65535)) {
      throw clientError("Invalid 'hostPort' setting for container.");
    }
    const fixed = networkMode === 'awsvpc' || networkMode === 'host';
    // ECS takes a hostPort of 0 as one that was left out.
    if (fixed && (port.hostPort ?? 0) !== 0 && port.hostPort !== port.containerPort) {
      throw clientError(
        `When networkMode=${networkMode}, the host ports and container ports in port mappings must match.`,
      );
    }
    if (port.name !== undefined && !PORT_NAME.test(port.name)) {
      throw clientError(`Invalid port mapping name: ${port.name}`);
    }
    requireOneOf(port.appProtocol, ['http', 'http2', 'grpc'], 'portMappings.appProtocol', clientError);
    if (port.appProtocol !== undefined && port.name === undefined) {
      throw clientError("Port mapping 'name' must be specified when 'appProtocol' is specified.");
    }
  }
}

function checkPortRange(port: PortMappingInput): void {
  if (port.containerPort !== undefined || port.hostPort !== undefined) {
    throw clientError('cannot specify both single port and port range');
  }
  const [, low, high] = /^(\d+)-(\d+)$/.exec(port.containerPortRange ?? '') ?? [];
  const size = Number(high) - Number(low);
  if (!(Number(low) >= 1 && Number(high) <= 65535 && size > 0 && size < 100)) {
    throw clientError("Invalid 'containerPortRange' setting");
  }
}

function checkNetworking(container: ContainerInput, networkMode: string | undefined): void {
  if ((container.links ?? []).length > 0 && networkMode !== undefined && networkMode !== 'bridge') {
    throw clientError(`Links are not supported when networkMode=${networkMode}.`);
  }
  if (networkMode !== 'awsvpc') {
    return;
  }
  const refuse = (what: string) => clientError(`${what} not supported on container when networkMode=awsvpc.`);
  if (container.hostname !== undefined) {
    throw refuse('Hostname is');
  }
  if ((container.extraHosts ?? []).length > 0) {
    throw refuse('Extra hosts are');
  }
  if ((container.dnsServers ?? []).length > 0) {
    throw refuse('DNS servers are');
  }
  if (container.disableNetworking === true) {
    throw refuse('Disabling networking is');
  }
}

function checkEnvironment(container: ContainerInput, definition: TaskDefinitionInput): void {
  const secrets = container.secrets ?? [];
  if (secrets.length > 0 && definition.executionRoleArn === undefined) {
    throw clientError(
      "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    );
  }
  const names = new Set((container.environment ?? []).map(({ name }) => name));
  const both = secrets.find(({ name }) => names.has(name));
  if (both) {
    throw clientError(
      `The secret name must be unique and not shared with any new or existing environment variables set on the container, such as '${both.name}'.`,
    );
  }
  const files = container.environmentFiles ?? [];
  for (const { type } of files) {
    requireOneOf(type, ['s3'], 'environmentFiles.type', clientError);
  }
  if (files.length > 10) {
    throw clientError(
      'The maximum number of environment files was exceeded. Specify ten or less and try again.',
    );
  }
  if (files.some(({ value }) => !(value ?? '').startsWith('arn:'))) {
    throw clientError('Invalid arn syntax.');
  }
}

function checkLogging(container: ContainerInput, definition: TaskDefinitionInput): void {
  const log = container.logConfiguration;
  requireOneOf(log?.logDriver, LOG_DRIVERS, 'logConfiguration.logDriver', clientError);
  if (log?.logDriver === 'awslogs') {
    const missing = ['awslogs-group', 'awslogs-region'].filter((option) => !log.options?.[option]);
    if (missing.length > 0) {
      throw clientError(`Log driver awslogs requires options: ${missing.join(', ')}`);
    }
    if (log.options?.['awslogs-datetime-format'] && log.options['awslogs-multiline-pattern']) {
      throw clientError(
        'Log driver awslogs does not support options awslogs-datetime-format and awslogs-multiline-pattern together.',
      );
    }
  }
  const routed = definition.containerDefinitions.some((other) => other.firelensConfiguration !== undefined);
  if (log?.logDriver === 'awsfirelens' && !routed) {
    throw clientError(
      'When awsfirelens log driver is specified in log configuration, a firelens configuration object must be specified.',
    );
  }
}

function checkHealthCheck(container: ContainerInput): void {
  const check = container.healthCheck;
  if (check === undefined) {
    return;
  }
  const kind = check.command?.[0];
  if (kind !== 'CMD' && kind !== 'CMD-SHELL' && kind !== 'NONE') {
    throw clientError("Health check command must begin with 'CMD' or 'CMD-SHELL'.");
  }
  const ranges = { interval: [5, 300], timeout: [2, 60], retries: [1, 10], startPeriod: [0, 300] } as const;
  for (const [member, [low, high]] of Object.entries(ranges)) {
    const value = check[member as keyof typeof ranges];
    if (value !== undefined && (value < low || value > high)) {
      throw clientError(`Health check '${member}' must be between ${low} and ${high}.`);
    }
  }
}
