import { AWSLOGS_OPTIONS, requiredLogOptions } from '../rules/logRules';
import type { Task } from '../rules/task';
import type { ValueView } from '../document/valueView';
import type { Scene } from './scene';
import type { Suggestion } from './suggestion';

interface LogOption {
  readonly about?: string;
  readonly values?: readonly string[];
}

/** What Docker's drivers that can describe a container by its labels and variables take for that. */
const METADATA = ['tag', 'labels', 'labels-regex', 'env', 'env-regex'];

/** Taken by every driver. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html */
const DELIVERY = ['mode', 'max-buffer-size'];

/**
 * Options by driver, in the order in which they are offered.
 * https://docs.docker.com/engine/logging/configure/ and, for awsfirelens,
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_firelens.html
 */
const OPTIONS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    awslogs: AWSLOGS_OPTIONS,
    awsfirelens: ['Name', 'region', 'log-driver-buffer-limit'],
    splunk: [
      ...[
        'splunk-token',
        'splunk-url',
        'splunk-source',
        'splunk-sourcetype',
        'splunk-index',
        'splunk-capath',
      ],
      ...['splunk-caname', 'splunk-insecureskipverify', 'splunk-format', 'splunk-verify-connection'],
      ...['splunk-gzip', 'splunk-gzip-level', ...METADATA, ...DELIVERY],
    ],
    'json-file': ['max-size', 'max-file', 'compress', ...METADATA, ...DELIVERY],
    fluentd: [
      ...['fluentd-address', 'fluentd-async', 'fluentd-async-reconnect-interval', 'fluentd-buffer-limit'],
      ...[
        'fluentd-retry-wait',
        'fluentd-max-retries',
        'fluentd-sub-second-precision',
        ...METADATA,
        ...DELIVERY,
      ],
    ],
    gelf: [
      ...['gelf-address', 'gelf-compression-type', 'gelf-compression-level', 'gelf-tcp-max-reconnect'],
      ...['gelf-tcp-reconnect-delay', ...METADATA, ...DELIVERY],
    ],
    syslog: [
      ...['syslog-address', 'syslog-facility', 'syslog-format', 'syslog-tls-ca-cert', 'syslog-tls-cert'],
      ...['syslog-tls-key', 'syslog-tls-skip-verify', ...METADATA, ...DELIVERY],
    ],
    journald: [...METADATA, ...DELIVERY],
  }),
);

const BOOLEAN = ['true', 'false'];

/** What is known of an option, whichever driver takes it. */
const KNOWN: ReadonlyMap<string, LogOption> = new Map(
  Object.entries<LogOption>({
    'awslogs-group': { about: 'The log group that the lines go to' },
    'awslogs-region': { about: 'The region of the log group' },
    'awslogs-stream-prefix': { about: 'Names the log streams: prefix/container/task' },
    'awslogs-create-group': {
      about: 'Create the group; the execution role needs logs:CreateLogGroup',
      values: BOOLEAN,
    },
    'awslogs-create-stream': { values: BOOLEAN },
    'awslogs-datetime-format': {
      about: 'A message begins with this date',
      values: ['%Y-%m-%d %H:%M:%S', '%Y-%m-%dT%H:%M:%S', '%b %d, %Y %H:%M:%S'],
    },
    'awslogs-multiline-pattern': { about: 'A message begins with a match of this regular expression' },
    'awslogs-format': { values: ['json/emf'] },
    mode: {
      about: 'What happens when lines cannot be delivered: wait, or go on and lose some',
      values: ['non-blocking', 'blocking'],
    },
    'max-buffer-size': { about: 'What non-blocking mode keeps in memory', values: ['25m', '10m', '1m'] },
    Name: {
      about: 'The output plugin of Fluent Bit',
      values: [
        'cloudwatch_logs',
        'kinesis_firehose',
        'kinesis_streams',
        's3',
        'opensearch',
        'datadog',
        'splunk',
      ],
    },
    'log-driver-buffer-limit': { about: 'Lines kept in memory while the log router is away' },
    'splunk-token': { about: 'Better as a secret, in "secretOptions"' },
    'splunk-url': { about: 'The HTTP Event Collector, as https://host:8088' },
    'splunk-format': { values: ['inline', 'json', 'raw'] },
    'splunk-insecureskipverify': { values: BOOLEAN },
    'splunk-verify-connection': { values: BOOLEAN },
    'splunk-gzip': { values: BOOLEAN },
    'max-size': { about: 'A file is closed at this size', values: ['10m', '100m'] },
    'max-file': { about: 'Files kept', values: ['3', '10'] },
    compress: { values: BOOLEAN },
    'fluentd-async': { values: BOOLEAN },
    'fluentd-sub-second-precision': { values: BOOLEAN },
    'gelf-compression-type': { values: ['gzip', 'zlib', 'none'] },
    'syslog-format': { values: ['rfc3164', 'rfc5424', 'rfc5424micro'] },
    'cache-disabled': { values: BOOLEAN },
    'cache-compress': { values: BOOLEAN },
  }),
);

/** The names of the driver's options that are not set yet: what it needs first. */
export function logOptionNames({ task, above }: Scene): Suggestion[] {
  const options = above(1);
  const log = above(2);
  const driver = log.member('logDriver').text ?? '';
  const taken = new Set(options.members().map(({ name }) => name));
  const secret = log
    .member('secretOptions')
    .items()
    .map((each) => each.member('name').text);
  const required = requiredOptions(task, driver).filter((name) => !secret.includes(name));
  return [...new Set([...required, ...(OPTIONS.get(driver) ?? [])])]
    .filter((name) => !taken.has(name))
    .map((name) => ({
      value: name,
      kind: 'option',
      details: required.includes(name) ? ['required'] : [],
      documentation: KNOWN.get(name)?.about,
    }));
}

/** The options of a driver whose value is better kept as a secret. */
export function secretOptionNames({ above }: Scene): Suggestion[] {
  const driver = above(3).member('logDriver').text;
  const names = driver === 'splunk' ? ['splunk-token', 'splunk-url'] : [];
  return names.map((value) => ({ value, kind: 'option' }));
}

/** The values of an option that takes only some, or that the file lets one guess. */
export function logOptionValues(scene: Scene): Suggestion[] {
  const name = String(scene.path.at(-1));
  const { task, container } = scene;
  if (name === 'awslogs-stream-prefix') {
    const names = [task.family.text, container?.member('name').text, 'ecs'];
    return [...new Set(names)].flatMap((value) => (value ? [{ value }] : []));
  }
  if (name === 'awslogs-group') {
    return logGroupNames(task, container);
  }
  return (KNOWN.get(name)?.values ?? []).map((value) => ({ value }));
}

/** The groups that other containers use, then the usual one. */
function logGroupNames(task: Task, container: ValueView | undefined): Suggestion[] {
  const others = task.containers
    .filter(({ node }) => node !== container?.node)
    .map((each) => each.member('logConfiguration').member('options').member('awslogs-group').text);
  const usual = task.family.text && `/ecs/${task.family.text}`;
  return [...new Set([...others, usual])].flatMap((value) => (value ? [{ value }] : []));
}

/** The log router may be told in its own configuration where to send; here is where most people say it. */
function requiredOptions(task: Task, driver: string): string[] {
  return driver === 'awsfirelens' ? ['Name'] : requiredLogOptions(task, driver);
}
