import { removeAll, setMembers } from '../document/edits';
import type { ValueView } from '../document/valueView';
import { isSet } from './networkRules';
import type { Rule } from './rule';
import { apiInput, apiType, guide } from './sources';
import { fargateReason, type Task } from './task';

const DIFFERENCES = guide('fargate-tasks-services');

/**
 * What belongs to a host, which on Fargate is not the user's. tmpfs (since January 2026) and, on Linux,
 * systemControls are allowed.
 */
export const fargateRules: readonly Rule[] = [
  {
    id: 'fargate-unsupported',
    severity: 'error',
    source: DIFFERENCES,
    *check(task) {
      for (const { view, what } of task.fargate ? hostThings(task) : []) {
        yield {
          span: view.keySpan,
          message: `Fargate does not take ${what}, and refuses the definition. Remove it.`,
          related: fargateReason(task),
          fix: { title: `Remove ${what}`, edits: () => removeAll([view]) },
        };
      }
    },
  },
  {
    id: 'fargate-capabilities',
    severity: 'error',
    source: apiType('KernelCapabilities', 'add'),
    *check(task) {
      for (const added of task.containers.flatMap((container) => {
        return container.member('linuxParameters').member('capabilities').member('add').items();
      })) {
        if (task.fargate && added.text !== undefined && added.text !== 'SYS_PTRACE') {
          yield {
            span: added.span,
            message: `Fargate adds no capability but SYS_PTRACE, not ${added.text}. Remove it.`,
            related: fargateReason(task),
            fix: { title: `Remove ${added.text}`, edits: () => removeAll([added]) },
          };
        }
      }
    },
  },
  {
    id: 'fargate-ulimits',
    severity: 'warning',
    source: DIFFERENCES,
    *check(task) {
      for (const name of task.containers.flatMap(ulimitsOf).map((ulimit) => ulimit.member('name'))) {
        if (task.fargate && name.text !== undefined && name.text !== 'nofile') {
          yield {
            span: name.span,
            message: `Fargate sets no limit but "nofile"; "${name.text}" stays as the platform has it.`,
          };
        }
      }
    },
  },
  {
    id: 'fargate-platform',
    severity: 'hint',
    source: apiInput('runtimePlatform'),
    *check(task) {
      if (task.fargate && task.definition.member('runtimePlatform').absent) {
        yield {
          span: task.fargate.span,
          message:
            'No runtimePlatform: Fargate runs it as LINUX on X86_64. Images built on ARM then fail with "exec format error".',
          fix: {
            title: 'Add runtimePlatform LINUX/X86_64',
            guess: true,
            edits: () =>
              setMembers(task.definition, {
                runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
              }),
          },
        };
      }
    },
  },
  {
    id: 'inference-accelerators',
    severity: 'error',
    source: apiInput('inferenceAccelerators'),
    *check({ definition }) {
      const view = definition.member('inferenceAccelerators');
      if (isSet(view)) {
        yield {
          span: view.keySpan,
          message: 'Elastic Inference has ended, and ECS refuses inferenceAccelerators. Remove them.',
          fix: { title: 'Remove inferenceAccelerators', edits: () => removeAll([view]) },
        };
      }
    },
  },
];

/** The ulimits of a container. */
export function ulimitsOf(container: ValueView): readonly ValueView[] {
  return container.member('ulimits').items();
}

function hostThings(task: Task): { readonly view: ValueView; readonly what: string }[] {
  const { definition } = task;
  const things = ['ipcMode', 'placementConstraints'].map((what) => ({ view: definition.member(what), what }));
  if (definition.member('pidMode').text === 'host') {
    things.push({ view: definition.member('pidMode'), what: 'pidMode "host"' });
  }
  for (const container of task.containers) {
    const linux = container.member('linuxParameters');
    for (const what of ['privileged', 'dockerSecurityOptions']) {
      things.push({ view: container.member(what), what });
    }
    for (const what of ['devices', 'sharedMemorySize', 'maxSwap', 'swappiness']) {
      things.push({ view: linux.member(what), what });
    }
    for (const view of container.member('resourceRequirements').items()) {
      if (view.member('type').text === 'GPU') {
        things.push({ view, what: 'a GPU' });
      }
    }
  }
  return things.filter(({ view }) => isSet(view));
}
