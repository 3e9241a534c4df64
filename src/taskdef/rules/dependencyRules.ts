import { replaceValue, setMember } from '../document/edits';
import type { ValueView } from '../document/valueView';
import { nearestName, suggestName } from './nearestName';
import type { Fix, Rule } from './rule';
import { apiType } from './sources';
import { containerNamed, containerNames, type Task } from './task';

const LEAST_TIMEOUT = 2;
const FARGATE_TIMEOUT = 120;

/** The order in which containers start and stop. */
export const dependencyRules: readonly Rule[] = [
  {
    id: 'depends-on-target',
    severity: 'error',
    source: apiType('ContainerDependency', 'containerName'),
    *check(task) {
      const names = containerNames(task);
      for (const target of task.containers
        .flatMap(dependenciesOf)
        .map((each) => each.member('containerName'))) {
        if (names && target.text !== undefined && !names.includes(target.text)) {
          yield {
            span: target.span,
            message: `No container is called "${target.text}". ${suggestName(target.text, names)}`,
            fix: renameFix(target, names),
          };
        }
      }
    },
  },
  {
    id: 'depends-on-condition',
    severity: 'error',
    source: apiType('ContainerDependency', 'condition'),
    *check(task) {
      for (const dependency of task.containers.flatMap(dependenciesOf)) {
        const condition = dependency.member('condition');
        const name = dependency.member('containerName').text;
        const target = name === undefined ? undefined : containerNamed(task, name);
        if (!target) {
          continue;
        }
        const essential = target.member('essential');
        const ends = condition.text === 'SUCCESS' || condition.text === 'COMPLETE';
        if (ends && (essential.absent || essential.flag === true)) {
          yield {
            span: condition.span,
            message: `${condition.text} waits until "${name}" has ended, which ends the task: "${name}" is essential. Set its "essential" to false.`,
            related: {
              span: (essential.absent ? target.member('name') : essential).span,
              message: 'Essential',
            },
            fix: {
              title: `Make "${name}" not essential`,
              edits: () => setMember(target, 'essential', false),
            },
          };
        }
        if (condition.text === 'HEALTHY' && target.member('healthCheck').absent) {
          yield {
            span: condition.span,
            message: `HEALTHY needs a healthCheck in "${name}" (that of its image does not count). Add one, or wait for START.`,
            related: { span: target.member('name').span, message: 'Has no healthCheck' },
            fix: { title: 'Wait for START', edits: () => replaceValue(condition, 'START') },
          };
        }
      }
    },
  },
  {
    id: 'depends-on-cycle',
    severity: 'error',
    source: apiType('ContainerDefinition', 'dependsOn'),
    *check(task) {
      const done = new Set<ValueView>();
      for (const container of task.containers) {
        const found = cycleFrom(task, container, [], done);
        if (found) {
          const path = found.path.map((each) => each.member('name').text).join(' → ');
          yield {
            span: found.edge.span,
            message:
              found.path.length === 1
                ? `"${found.edge.text}" depends on itself, and would never start. Remove this.`
                : `These wait for each other, and none would start: ${path} → ${found.edge.text}. Remove one of the dependencies.`,
          };
        }
      }
    },
  },
  {
    id: 'container-timeout',
    severity: 'error',
    source: apiType('ContainerDefinition', 'stopTimeout'),
    *check(task) {
      for (const container of task.containers) {
        for (const name of ['startTimeout', 'stopTimeout']) {
          const view = container.member(name);
          const seconds = view.number;
          const most = task.fargate && name === 'stopTimeout' ? FARGATE_TIMEOUT : Infinity;
          const least = LEAST_TIMEOUT;
          if (seconds !== undefined && (seconds < least || seconds > most)) {
            const valid = seconds < least ? least : most;
            yield {
              span: view.span,
              message:
                seconds < least
                  ? `${name} of ${seconds} s: at least ${least} s are needed.`
                  : `${name} of ${seconds} s: Fargate waits ${most} s at most.`,
              fix: { title: `Change to ${valid}`, edits: () => replaceValue(view, valid) },
            };
          }
        }
      }
    },
  },
  {
    id: 'fargate-start-timeout',
    severity: 'warning',
    source: apiType('ContainerDefinition', 'startTimeout'),
    *check(task) {
      for (const view of task.containers.map((container) => container.member('startTimeout'))) {
        if (task.fargate && (view.number ?? 0) > FARGATE_TIMEOUT) {
          yield {
            span: view.span,
            message: `startTimeout of ${view.number} s: Fargate's documentation allows ${FARGATE_TIMEOUT} s.`,
            fix: { title: `Change to ${FARGATE_TIMEOUT}`, edits: () => replaceValue(view, FARGATE_TIMEOUT) },
          };
        }
      }
    },
  },
];

/** "Change to X", where a known name is near enough to be what was meant. */
export function renameFix(view: ValueView, names: readonly string[]): Fix | undefined {
  const meant = view.text === undefined ? undefined : nearestName(view.text, names);
  return meant === undefined
    ? undefined
    : { title: `Change to "${meant}"`, guess: true, edits: () => replaceValue(view, meant) };
}

function dependenciesOf(container: ValueView): readonly ValueView[] {
  return container.member('dependsOn').items();
}

/** Walks the dependencies; what is done is on no cycle that was not found before. */
function cycleFrom(
  task: Task,
  container: ValueView,
  above: readonly ValueView[],
  done: Set<ValueView>,
): { readonly path: readonly ValueView[]; readonly edge: ValueView } | undefined {
  if (done.has(container)) {
    return undefined;
  }
  done.add(container);
  const path = [...above, container];
  for (const edge of dependenciesOf(container).map((each) => each.member('containerName'))) {
    const target = edge.text === undefined ? undefined : containerNamed(task, edge.text);
    const start = target ? path.indexOf(target) : -1;
    const found =
      start >= 0 ? { path: path.slice(start), edge } : target && cycleFrom(task, target, path, done);
    if (found) {
      return found;
    }
  }
  return undefined;
}
