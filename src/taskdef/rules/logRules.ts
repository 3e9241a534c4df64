import { replaceValue, setMember, setMembers } from '../document/edits';
import type { ValueView } from '../document/valueView';
import { nearestName } from './nearestName';
import type { Rule } from './rule';
import { apiType, guide } from './sources';
import { allContainersKnown, fargateReason, labelOf, listedNames, type Task } from './task';

const AWSLOGS_PAGE = guide('using_awslogs');
const FIRELENS_PAGE = guide('using_firelens');

/**
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html and
 * https://docs.docker.com/engine/logging/drivers/awslogs/
 */
export const AWSLOGS_OPTIONS = [
  'awslogs-group',
  'awslogs-region',
  'awslogs-stream-prefix',
  'awslogs-create-group',
  'awslogs-datetime-format',
  'awslogs-multiline-pattern',
  'mode',
  'max-buffer-size',
  'awslogs-stream',
  'awslogs-create-stream',
  'awslogs-endpoint',
  'awslogs-credentials-endpoint',
  'awslogs-format',
  'awslogs-force-flush-interval-seconds',
  'awslogs-max-buffered-events',
  'tag',
  'labels',
  'labels-regex',
  'env',
  'env-regex',
  'cache-disabled',
  'cache-max-size',
  'cache-max-file',
  'cache-compress',
];

/** A driver that Fargate does not have. */
export const fargateLogDriver: Rule = {
  id: 'fargate-log-driver',
  severity: 'error',
  source: apiType('LogConfiguration', 'logDriver'),
  *check(task) {
    if (!task.fargate) {
      return;
    }
    const allowed = ['awslogs', 'splunk', 'awsfirelens', ...(task.managedInstances ? ['json-file'] : [])];
    for (const container of task.containers) {
      const log = container.member('logConfiguration');
      const driver = log.member('logDriver');
      if (driver.text !== undefined && !allowed.includes(driver.text)) {
        yield {
          span: driver.span,
          message: `Fargate has no log driver "${driver.text}": ${allowed.join(', ')} are allowed.`,
          related: fargateReason(task),
          fix: {
            title: 'Log to CloudWatch with awslogs',
            guess: true,
            edits: () => replaceValue(log, { logDriver: 'awslogs', options: usualOptions(task) }),
          },
        };
      }
    }
  },
};

/** Log drivers and their options. */
export const logRules: readonly Rule[] = [
  {
    id: 'awslogs-options',
    severity: 'error',
    source: AWSLOGS_PAGE,
    *check(task) {
      for (const log of logsWith(task, 'awslogs')) {
        const options = log.member('options');
        const missing = requiredLogOptions(task, 'awslogs').filter((name) => {
          const option = options.member(name);
          return option.absent || option.text === '';
        });
        if (options.unknown || missing.length === 0) {
          continue;
        }
        const guess = missing.includes('awslogs-region') && regionOf(task) === undefined;
        yield {
          span: log.member('logDriver').span,
          message: `awslogs needs ${missing.map((name) => `"${name}"`).join(' and ')}${missing.includes('awslogs-stream-prefix') ? ' (on Fargate the prefix too)' : ''}. Add ${missing.length > 1 ? 'them' : 'it'} to "options".`,
          fix: {
            title: `Add ${missing.join(', ')}`,
            ...(guess ? { guess } : {}),
            edits: () => {
              const values = usualOptions(task);
              const added = Object.fromEntries(missing.map((name) => [name, values[name]]));
              return options.isObject ? setMembers(options, added) : setMember(log, 'options', added);
            },
          },
        };
      }
    },
  },
  {
    id: 'awslogs-multiline',
    severity: 'error',
    source: AWSLOGS_PAGE,
    *check(task) {
      for (const log of logsWith(task, 'awslogs')) {
        const format = log.member('options').member('awslogs-datetime-format');
        const pattern = log.member('options').member('awslogs-multiline-pattern');
        if (format.written && pattern.written) {
          yield {
            span: pattern.keySpan,
            message:
              'A multi-line pattern and a date format exclude each other: both say where a message begins. Remove one.',
            related: { span: format.keySpan, message: 'The date format' },
          };
        }
      }
    },
  },
  {
    id: 'awslogs-unknown-option',
    severity: 'warning',
    source: AWSLOGS_PAGE,
    *check(task) {
      for (const log of logsWith(task, 'awslogs')) {
        for (const { name, value } of log.member('options').members()) {
          if (!AWSLOGS_OPTIONS.includes(name) && !/[<$%{]/.test(name)) {
            const meant = nearestName(name, AWSLOGS_OPTIONS);
            yield {
              span: value.keySpan,
              message: `awslogs has no option "${name}"${meant ? `. Did you mean "${meant}"?` : ', and the container would not start with it. Remove it.'}`,
            };
          }
        }
      }
    },
  },
  fargateLogDriver,
  {
    id: 'splunk-options',
    severity: 'warning',
    source: apiType('LogConfiguration', 'options'),
    *check(task) {
      for (const log of logsWith(task, 'splunk')) {
        const options = log.member('options');
        const given = listedNames(log.member('secretOptions'));
        if (options.unknown || !given) {
          continue;
        }
        const missing = requiredLogOptions(task, 'splunk').filter(
          (name) => options.member(name).absent && !given.includes(name),
        );
        if (missing.length > 0) {
          yield {
            span: log.member('logDriver').span,
            message: `splunk needs ${missing.map((name) => `"${name}"`).join(' and ')}, in "options" or "secretOptions".`,
          };
        }
      }
    },
  },
  {
    id: 'firelens-container',
    severity: 'error',
    source: FIRELENS_PAGE,
    *check(task) {
      const routed = task.containers.some((container) => !container.member('firelensConfiguration').absent);
      if (routed || !allContainersKnown(task)) {
        return;
      }
      for (const log of logsWith(task, 'awsfirelens')) {
        yield {
          span: log.member('logDriver').span,
          message:
            'awsfirelens sends to a log router, and no container has a "firelensConfiguration". Add one.',
        };
      }
    },
  },
  {
    id: 'fargate-firelens-config',
    severity: 'warning',
    source: FIRELENS_PAGE,
    *check(task) {
      for (const container of task.containers) {
        const type = container.member('firelensConfiguration').member('options').member('config-file-type');
        if (task.fargate && type.text !== undefined && type.text !== 'file') {
          yield {
            span: type.span,
            message: `On Fargate, the configuration of ${labelOf(container)} comes from a file in its image: config-file-type is "file", not "${type.text}".`,
          };
        }
      }
    },
  },
];

/** The log configurations with this driver. */
export function logsWith(task: Task, driver: string): ValueView[] {
  return task.containers
    .map((container) => container.member('logConfiguration'))
    .filter((log) => log.member('logDriver').text === driver);
}

/** What a container does not start without, by its driver; a secret can stand for an option. */
export function requiredLogOptions(task: Task, driver: string): string[] {
  switch (driver) {
    case 'awslogs':
      return ['awslogs-group', 'awslogs-region', ...(task.fargate ? ['awslogs-stream-prefix'] : [])];
    case 'splunk':
      return ['splunk-token', 'splunk-url'];
    default:
      return [];
  }
}

/** The options of awslogs as they usually are. */
function usualOptions(task: Task): Readonly<Record<string, string>> {
  return {
    'awslogs-group': `/ecs/${task.family.text ?? 'app'}`,
    'awslogs-region': regionOf(task) ?? '<AWS_REGION>',
    'awslogs-stream-prefix': 'ecs',
  };
}

/** The region that the file names elsewhere: of another log group, an image in ECR, or a role. */
function regionOf(task: Task): string | undefined {
  const logged = logsWith(task, 'awslogs').map((log) => log.member('options').member('awslogs-region').text);
  const pulled = task.containers.map(
    (container) => /\.dkr\.ecr\.([a-z0-9-]+)\./.exec(container.member('image').text ?? '')?.[1],
  );
  return [...logged, ...pulled].find((region) => region !== undefined && region !== '');
}
