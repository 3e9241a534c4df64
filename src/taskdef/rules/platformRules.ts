import { ulimitsOf } from './fargateRules';
import { isSet } from './networkRules';
import type { Rule } from './rule';
import { apiType, guide } from './sources';

const SYSTEM_CONTROL =
  /^(?:kernel\.(?:msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced)|fs\.mqueue\..+|net\..+)$/;

const NOT_ON_WINDOWS = [
  'links',
  'linuxParameters',
  'ulimits',
  'user',
  'dnsServers',
  'dnsSearchDomains',
  'readonlyRootFilesystem',
  'privileged',
];

/** What the kernel and the host offer a container. */
export const platformRules: readonly Rule[] = [
  {
    id: 'ulimit-order',
    severity: 'error',
    source: apiType('Ulimit', 'softLimit'),
    *check({ containers }) {
      for (const ulimit of containers.flatMap(ulimitsOf)) {
        const soft = ulimit.member('softLimit');
        const hard = ulimit.member('hardLimit');
        // -1 is "no limit".
        const above =
          soft.number === -1 ? hard.number !== -1 : (soft.number ?? 0) > (hard.number ?? Infinity);
        if (soft.number !== undefined && hard.number !== undefined && hard.number !== -1 && above) {
          yield {
            span: soft.span,
            message: `The soft limit ${soft.number} is above the hard limit ${hard.number}. Lower it, or raise that.`,
            related: { span: hard.span, message: 'The hard limit' },
          };
        }
      }
    },
  },
  {
    id: 'swappiness',
    severity: 'warning',
    source: apiType('LinuxParameters', 'swappiness'),
    *check({ containers }) {
      for (const linux of containers.map((container) => container.member('linuxParameters'))) {
        const view = linux.member('swappiness');
        if (view.number !== undefined && (view.number < 0 || view.number > 100)) {
          yield { span: view.span, message: `swappiness ${view.number}: 0 to 100 is possible.` };
        } else if (view.number !== undefined && linux.member('maxSwap').absent) {
          yield { span: view.keySpan, message: 'Without "maxSwap", swappiness is ignored. Add it.' };
        }
      }
    },
  },
  {
    id: 'system-controls',
    severity: 'warning',
    source: apiType('SystemControl', 'namespace'),
    *check({ containers, networkMode }) {
      for (const control of containers.flatMap((container) => container.member('systemControls').items())) {
        const view = control.member('namespace');
        if (view.text === undefined) {
          continue;
        }
        if (!SYSTEM_CONTROL.test(view.text)) {
          yield {
            span: view.span,
            message: `"${view.text}" cannot be set for one container: net.*, fs.mqueue.* and the kernel's IPC parameters can.`,
          };
        } else if (view.text.startsWith('net.') && networkMode.text === 'host') {
          yield {
            span: view.span,
            message: `"${view.text}" belongs to the host in network mode "host", and is not set.`,
            related: { span: networkMode.span, message: 'The network mode: host' },
          };
        }
      }
    },
  },
  {
    id: 'credential-specs',
    severity: 'error',
    source: apiType('ContainerDefinition', 'credentialSpecs'),
    *check({ containers }) {
      for (const container of containers) {
        const specs = container.member('credentialSpecs').items();
        const extra = specs[1];
        if (extra) {
          yield { span: extra.span, message: `${specs.length} credential specs; a container takes one.` };
        }
      }
    },
  },
  {
    id: 'resource-requirement',
    severity: 'error',
    source: apiType('ResourceRequirement', 'value'),
    *check({ containers }) {
      for (const view of containers.flatMap((container) =>
        container.member('resourceRequirements').items(),
      )) {
        const value = view.member('value');
        const strategy = view.member('sharingStrategy');
        if (value.written && strategy.written) {
          yield {
            span: strategy.keySpan,
            message: 'A resource has a value or a sharing strategy, not both. Remove one.',
            related: { span: value.keySpan, message: 'The value' },
          };
        } else if (view.isObject && value.absent && strategy.absent) {
          yield {
            span: view.span,
            message: 'A resource needs a "value" (or, for a GPU, a "sharingStrategy").',
          };
        }
      }
    },
  },
  {
    id: 'windows-unsupported',
    severity: 'warning',
    source: guide('windows_task_definitions'),
    *check({ windows, containers }) {
      for (const container of windows ? containers : []) {
        for (const name of NOT_ON_WINDOWS) {
          const view = container.member(name);
          if (isSet(view)) {
            yield { span: view.keySpan, message: `Windows containers do not have "${name}". Remove it.` };
          }
        }
      }
    },
  },
];
