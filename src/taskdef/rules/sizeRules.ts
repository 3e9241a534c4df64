import { replaceValue, setMember, setMembers } from '../document/edits';
import type { ValueView } from '../document/valueView';
import type { Rule } from './rule';
import { apiInput, apiType, guide } from './sources';
import { fargateReason, headOf, labelOf, type Task } from './task';
import {
  cpuUnitsOf,
  FARGATE_SIZES,
  FARGATE_WINDOWS_CPU,
  inGigabytes,
  memoryMibOf,
  nearest,
} from './taskSize';

const FARGATE_SIZE_PAGE = `${guide('fargate-tasks-services')}#fargate-tasks-size`;
const LEAST_MEMORY = 6;

/** CPU and memory of the task and of its containers. */
export const sizeRules: readonly Rule[] = [
  {
    id: 'fargate-size-required',
    severity: 'error',
    source: FARGATE_SIZE_PAGE,
    *check(task) {
      const missing = (['cpu', 'memory'] as const).filter((name) => task[name].absent);
      if (!task.fargate || missing.length === 0) {
        return;
      }
      const size = smallestFit(task);
      const values = Object.fromEntries(missing.map((name) => [name, String(size[name])]));
      yield {
        span: task.fargate.span,
        message: `Fargate needs the size of the task: add ${missing.map((name) => `"${name}"`).join(' and ')}.`,
        fix: {
          title: `Add ${missing.map((name) => `${name} "${values[name]}"`).join(' and ')}`,
          edits: () => setMembers(task.definition, values),
        },
      };
    },
  },
  {
    id: 'fargate-cpu-memory',
    severity: 'error',
    source: FARGATE_SIZE_PAGE,
    *check(task) {
      const cpu = cpuUnitsOf(task.cpu);
      if (!task.fargate || cpu === undefined) {
        return;
      }
      const offered = FARGATE_SIZES.get(cpu);
      if (!offered) {
        const valid = nearest(cpu, [...FARGATE_SIZES.keys()]);
        yield {
          span: task.cpu.span,
          message: `Fargate has no size of ${cpu} CPU units: ${[...FARGATE_SIZES.keys()].join(', ')} are offered.`,
          related: fargateReason(task),
          fix: { title: `Change cpu to "${valid}"`, edits: () => replaceValue(task.cpu, String(valid)) },
        };
        return;
      }
      const memory = memoryMibOf(task.memory);
      if (memory !== undefined && !offered.includes(memory)) {
        const valid = String(nearest(memory, offered));
        yield {
          span: task.memory.span,
          message: `Fargate has no ${inGigabytes(memory)} of memory with ${cpu} CPU units: ${rangeOf(offered)}.`,
          related: { span: task.cpu.span, message: `${cpu} CPU units` },
          fix: { title: `Change memory to "${valid}"`, edits: () => replaceValue(task.memory, valid) },
        };
      }
    },
  },
  {
    id: 'fargate-windows-size',
    severity: 'error',
    source: FARGATE_SIZE_PAGE,
    *check(task) {
      const cpu = cpuUnitsOf(task.cpu);
      const valid = cpu === undefined || !FARGATE_SIZES.has(cpu) || FARGATE_WINDOWS_CPU.includes(cpu);
      if (task.fargate && task.windows && !valid) {
        yield {
          span: task.cpu.span,
          message: `Windows on Fargate takes ${FARGATE_WINDOWS_CPU.join(', ')} CPU units, not ${cpu}.`,
          related: fargateReason(task),
        };
      }
    },
  },
  {
    id: 'windows-architecture',
    severity: 'error',
    source: apiType('RuntimePlatform', 'cpuArchitecture'),
    *check(task) {
      const architecture = task.definition.member('runtimePlatform').member('cpuArchitecture');
      if (task.windows && architecture.text === 'ARM64') {
        yield { span: architecture.span, message: 'There are no Windows containers on ARM64. Use X86_64.' };
      }
    },
  },
  {
    id: 'task-size-format',
    severity: 'error',
    source: apiInput('cpu'),
    *check(task) {
      for (const [name, read, unit] of [
        ['cpu', cpuUnitsOf, 'vCPU'],
        ['memory', memoryMibOf, 'GB'],
      ] as const) {
        const view = task[name];
        if (!view.known || (view.text !== undefined && read(view) !== undefined)) {
          continue;
        }
        const digits = read(view) ?? /^\s*(\d+)\s*(?:mib|mb|m|units?)?\s*$/i.exec(view.text ?? '')?.[1];
        yield {
          span: view.span,
          message: `The task's ${name} is text, as "1024" or "1 ${unit}"${view.number === undefined ? '' : ': put it in quotes'}.`,
          fix:
            digits === undefined
              ? undefined
              : { title: `Change to "${digits}"`, edits: () => replaceValue(view, String(digits)) },
        };
      }
    },
  },
  {
    id: 'ec2-cpu-range',
    severity: 'warning',
    source: apiInput('cpu'),
    *check(task) {
      const cpu = cpuUnitsOf(task.cpu);
      if (!task.fargate && !task.windows && cpu !== undefined && (cpu < 128 || cpu > 196_608)) {
        yield {
          span: task.cpu.span,
          message: `${cpu} CPU units: between 128 and 196608 are possible (1024 are one vCPU).`,
        };
      }
    },
  },
  {
    id: 'windows-task-size',
    severity: 'hint',
    source: apiInput('cpu'),
    *check(task) {
      if (!task.windows || task.fargate) {
        return;
      }
      for (const view of [task.cpu, task.memory].filter(({ absent }) => !absent)) {
        yield {
          span: view.span,
          message: 'Windows containers on EC2 ignore the size of the task. Set it for each container.',
        };
      }
    },
  },
  {
    id: 'container-memory-required',
    severity: 'error',
    source: apiType('ContainerDefinition', 'memory'),
    *check(task) {
      if (!task.memory.absent || task.fargate) {
        return;
      }
      for (const container of task.containers) {
        if (container.member('memory').absent && container.member('memoryReservation').absent) {
          yield {
            span: headOf(container),
            message: `${labelOf(container)} has no memory, nor has the task. Set "memory" or "memoryReservation".`,
            fix: { title: 'Add memory 512', edits: () => setMember(container, 'memory', 512) },
          };
        }
      }
    },
  },
  {
    id: 'memory-reservation',
    severity: 'error',
    source: apiType('ContainerDefinition', 'memoryReservation'),
    *check({ containers }) {
      for (const container of containers) {
        const memory = container.member('memory');
        const reservation = container.member('memoryReservation');
        if ((reservation.number ?? -Infinity) > (memory.number ?? Infinity)) {
          yield {
            span: reservation.span,
            message: `memoryReservation ${reservation.number} is above the container's limit of ${memory.number} MiB. Reserve at most that.`,
            related: { span: memory.span, message: `The limit: ${memory.number} MiB` },
            fix: {
              title: `Reserve ${memory.number}`,
              edits: () => replaceValue(reservation, memory.number),
            },
          };
        }
      }
    },
  },
  {
    id: 'container-memory',
    severity: 'error',
    source: apiType('ContainerDefinition', 'memory'),
    *check(task) {
      const limit = memoryMibOf(task.memory);
      for (const memory of task.containers.map((container) => container.member('memory'))) {
        if (limit !== undefined && !ignoresTaskSize(task) && (memory.number ?? 0) > limit) {
          yield {
            span: memory.span,
            message: `The container's ${memory.number} MiB are more than the task's ${limit} MiB. Lower it, or give the task more.`,
            related: { span: task.memory.span, message: `The task's memory: ${limit} MiB` },
            fix: { title: `Lower to ${limit}`, edits: () => replaceValue(memory, limit) },
          };
        }
      }
    },
  },
  {
    id: 'container-memory-sum',
    severity: 'warning',
    source: apiInput('memory'),
    *check(task) {
      const limit = memoryMibOf(task.memory);
      const sum = total(task.containers, (container) => {
        return container.member('memoryReservation').number ?? container.member('memory').number;
      });
      const one = task.containers.some(
        (container) => (container.member('memory').number ?? 0) > (limit ?? 0),
      );
      if (limit !== undefined && !ignoresTaskSize(task) && sum > limit && !one) {
        yield {
          span: task.memory.span,
          message: `The containers reserve ${sum} MiB together, and the task has ${limit} MiB. Give it more, or them less.`,
        };
      }
    },
  },
  {
    id: 'container-cpu-sum',
    severity: 'error',
    source: apiInput('cpu'),
    *check(task) {
      const limit = cpuUnitsOf(task.cpu);
      const sum = total(task.containers, (container) => container.member('cpu').number);
      if (limit !== undefined && !ignoresTaskSize(task) && sum > limit) {
        const largest = task.containers
          .map((container) => container.member('cpu'))
          .reduce((most, cpu) => ((cpu.number ?? 0) > (most.number ?? 0) ? cpu : most));
        yield {
          span: largest.span,
          message: `The containers take ${sum} CPU units together, and the task has ${limit}. Lower them, or give the task more.`,
          related: { span: task.cpu.span, message: `The task's CPU: ${limit} units` },
        };
      }
    },
  },
  {
    id: 'memory-zero',
    severity: 'error',
    source: apiType('ContainerDefinition', 'memory'),
    *check({ containers }) {
      for (const view of containers.flatMap(memoryValues)) {
        if (view.number !== undefined && view.number <= 0) {
          yield {
            span: view.span,
            message: `Memory of ${view.number}: leave it out, or give at least ${LEAST_MEMORY} MiB.`,
          };
        }
      }
    },
  },
  {
    id: 'memory-minimum',
    severity: 'warning',
    source: apiType('ContainerDefinition', 'memory'),
    *check({ containers }) {
      for (const view of containers.flatMap(memoryValues)) {
        if (view.number !== undefined && view.number > 0 && view.number < LEAST_MEMORY) {
          yield {
            span: view.span,
            message: `${view.number} MiB: Docker gives a container at least ${LEAST_MEMORY} MiB.`,
          };
        }
      }
    },
  },
];

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html: "ignored for Windows". */
function ignoresTaskSize(task: Task): boolean {
  return task.windows && !task.fargate;
}

function memoryValues(container: ValueView): ValueView[] {
  return [container.member('memory'), container.member('memoryReservation')];
}

function total(containers: readonly ValueView[], read: (container: ValueView) => number | undefined): number {
  return containers.reduce((sum, container) => sum + (read(container) ?? 0), 0);
}

function rangeOf(offered: readonly number[]): string {
  const amounts = offered.map((mib) => mib / 1024);
  const step = (amounts[1] ?? 0) - (amounts[0] ?? 0);
  const even = amounts.every((amount, index) => index === 0 || amount - (amounts[index - 1] ?? 0) === step);
  return even && amounts.length > 3
    ? `${amounts[0]} to ${amounts.at(-1)} GB in steps of ${step} GB are offered`
    : `${amounts.join(', ')} GB are offered`;
}

/** The smallest Fargate size that holds the containers and goes with what the definition already says. */
function smallestFit(task: Task): { readonly cpu: number; readonly memory: number } {
  const given = cpuUnitsOf(task.cpu);
  const cpu = given ?? total(task.containers, (each) => each.member('cpu').number);
  const memory =
    memoryMibOf(task.memory) ??
    total(task.containers, (each) => each.member('memory').number ?? each.member('memoryReservation').number);
  // What is written stays; of what is no size, its own rule has to say so first.
  const isPossible = (units: number): boolean =>
    (!task.windows || FARGATE_WINDOWS_CPU.includes(units)) &&
    (given === undefined || !FARGATE_SIZES.has(given) || units === given);
  const sizes = [...FARGATE_SIZES]
    .filter(([units]) => isPossible(units))
    .flatMap(([units, offered]) => offered.map((mib) => ({ cpu: units, memory: mib })));
  return (
    sizes.find((size) => size.cpu >= cpu && size.memory >= memory) ??
    sizes.at(-1) ?? { cpu: 256, memory: 512 }
  );
}
