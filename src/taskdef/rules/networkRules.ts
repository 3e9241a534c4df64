import { removeAll, setMember } from '../document/edits';
import type { ValueView } from '../document/valueView';
import type { Finding, Rule } from './rule';
import { apiInput, apiType, guide } from './sources';
import { fargateReason, labelOf, type Task } from './task';

/** The network mode, and what depends on it. */
export const networkRules: readonly Rule[] = [
  {
    id: 'fargate-network-mode',
    severity: 'error',
    source: guide('fargate-tasks-services'),
    *check(task) {
      const { fargate, networkMode } = task;
      if (!fargate || (!networkMode.absent && (networkMode.text ?? 'awsvpc') === 'awsvpc')) {
        return;
      }
      yield {
        span: networkMode.absent ? fargate.span : networkMode.span,
        message: networkMode.absent
          ? 'Fargate needs "networkMode": "awsvpc"; without it, ECS takes "bridge".'
          : `Fargate has no network mode "${networkMode.text}". Use "awsvpc".`,
        related: networkMode.absent ? undefined : fargateReason(task),
        fix: {
          title: 'Set networkMode to "awsvpc"',
          edits: () => setMember(task.definition, 'networkMode', 'awsvpc'),
        },
      };
    },
  },
  {
    id: 'host-port-match',
    severity: 'error',
    source: apiType('PortMapping', 'hostPort'),
    *check(task) {
      const mode = task.networkMode.text;
      if (mode !== 'awsvpc' && mode !== 'host') {
        return;
      }
      for (const mapping of task.containers.flatMap(portMappingsOf)) {
        const port = mapping.member('containerPort').number;
        const host = mapping.member('hostPort');
        // An explicit 0 is written by tools, and accepted.
        if (port !== undefined && host.number !== undefined && host.number !== 0 && host.number !== port) {
          yield {
            span: host.span,
            message: `In network mode "${mode}" the host port is the container's: ${host.number} is not ${port}. Leave hostPort out.`,
            related: { span: task.networkMode.span, message: `The network mode: ${mode}` },
            fix: { title: 'Remove hostPort', edits: () => removeAll([host]) },
          };
        }
      }
    },
  },
  {
    id: 'none-port-mappings',
    severity: 'error',
    source: apiInput('networkMode'),
    *check(task) {
      if (task.networkMode.text === 'none') {
        yield* refuse(task, ['portMappings'], 'A task without a network (mode "none") has no ports');
      }
    },
  },
  {
    id: 'links-bridge-only',
    severity: 'error',
    source: apiType('ContainerDefinition', 'links'),
    *check(task) {
      const mode = task.networkMode.text;
      if (mode !== undefined && mode !== 'bridge') {
        yield* refuse(task, ['links'], `Links need network mode "bridge", not "${mode}"`);
      }
    },
  },
  {
    id: 'awsvpc-container-network',
    severity: 'error',
    source: guide('fargate-tasks-services'),
    *check(task) {
      if (task.networkMode.text === 'awsvpc') {
        const members = ['hostname', 'extraHosts', 'dnsServers', 'disableNetworking'];
        yield* refuse(
          task,
          task.fargate ? [...members, 'dnsSearchDomains'] : members,
          'In network mode "awsvpc" the network belongs to the task, not to a container',
        );
      }
    },
  },
];

/** The port mappings of a container. */
export function portMappingsOf(container: ValueView): readonly ValueView[] {
  return container.member('portMappings').items();
}

function* refuse(task: Task, names: readonly string[], reason: string): Generator<Finding> {
  for (const container of task.containers) {
    for (const name of names) {
      const view = container.member(name);
      if (isSet(view)) {
        yield {
          span: view.keySpan,
          message: `${reason}: ${labelOf(container)} may not set "${name}". Remove it.`,
          related: { span: task.networkMode.span, message: `The network mode: ${task.networkMode.text}` },
          fix: { title: `Remove ${name}`, edits: () => removeAll([view]) },
        };
      }
    }
  }
}

/** An empty list, an empty text and false say nothing, and are in what ECS describes. */
export function isSet(view: ValueView): boolean {
  return (
    view.known && view.text !== '' && view.flag !== false && !(view.isArray && view.items().length === 0)
  );
}
