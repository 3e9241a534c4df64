import { removeAll, replaceValue } from '../document/edits';
import type { ValueView } from '../document/valueView';
import { keyed } from './keyed';
import { isSet, portMappingsOf } from './networkRules';
import type { Rule } from './rule';
import { apiType } from './sources';
import type { Task } from './task';

const PORT_NAME = /^[a-z0-9_][a-z0-9_-]{0,63}$/;
const MOST_PORTS = 65_535;
/** Ports that a task may have in ranges: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html */
export const WIDEST_RANGE = 100;

/** Port mappings. */
export const portRules: readonly Rule[] = [
  {
    id: 'port-number',
    severity: 'error',
    source: apiType('PortMapping', 'containerPort'),
    *check({ containers }) {
      for (const mapping of containers.flatMap(portMappingsOf)) {
        for (const [name, least] of [
          ['containerPort', 1],
          ['hostPort', 0],
        ] as const) {
          const view = mapping.member(name);
          const port = view.number;
          if (port !== undefined && !(Number.isInteger(port) && port >= least && port <= MOST_PORTS)) {
            yield { span: view.span, message: `${name} ${port}: a port is ${least} to ${MOST_PORTS}.` };
          }
        }
      }
    },
  },
  {
    // RegisterTaskDefinition: "TCP host port '3000' is mapped multiple times in task."
    // https://github.com/aws/amazon-ecs-agent/issues/1220
    id: 'host-port-conflict',
    severity: 'error',
    source: apiType('PortMapping', 'hostPort'),
    *check(task) {
      const ports = task.containers
        .flatMap(portMappingsOf)
        .map((mapping) => ({ view: hostPortOf(task, mapping), protocol: protocolOf(mapping) }));
      const portOf = ({ view, protocol }: (typeof ports)[number]): string | undefined =>
        view.number === undefined || protocol === undefined ? undefined : `${view.number}/${protocol}`;
      for (const { item, key, earlier } of keyed(ports, portOf)) {
        if (earlier) {
          yield {
            span: item.view.span,
            message: `Port ${key} of the host is mapped twice in this task. Choose another.`,
            related: { span: earlier.view.span, message: 'Mapped here first' },
          };
        }
      }
    },
  },
  {
    // Registers, though the API's page says otherwise. What may fail is a service: "Container port 53 is used in more
    // than one port mapping for container", so that two containers are not compared.
    // https://github.com/terraform-aws-modules/terraform-aws-ecs/issues/89
    id: 'port-two-protocols',
    severity: 'hint',
    source: apiType('PortMapping', 'protocol'),
    *check({ containers }) {
      for (const container of containers) {
        const ports = portMappingsOf(container)
          .map((mapping) => ({ view: mapping.member('containerPort'), protocol: protocolOf(mapping) }))
          .filter(({ protocol }) => protocol !== undefined);
        for (const { item, key: port, earlier } of keyed(ports, ({ view }) => view.number)) {
          if (earlier && earlier.protocol !== item.protocol) {
            yield {
              span: item.view.span,
              message: `Port ${port} on tcp and on udp: allowed, but attaching a load balancer to the service may fail.`,
              related: { span: earlier.view.span, message: `The same port on ${earlier.protocol}` },
            };
          }
        }
      }
    },
  },
  {
    id: 'port-name',
    severity: 'error',
    source: apiType('PortMapping', 'name'),
    *check({ containers }) {
      const names = containers.flatMap(portMappingsOf).map((mapping) => mapping.member('name'));
      for (const { item: view, key: name, earlier } of keyed(names, ({ text }) => text)) {
        if (!PORT_NAME.test(name)) {
          yield {
            span: view.span,
            message: `Port name "${name}": up to 64 lower-case letters, digits, "_" and "-", not beginning with "-".`,
          };
        } else if (earlier) {
          yield {
            span: view.span,
            message: `Two ports of this task are called "${name}". Service Connect needs different names.`,
            related: { span: earlier.span, message: 'The other one' },
          };
        }
      }
    },
  },
  {
    id: 'app-protocol-name',
    severity: 'warning',
    source: apiType('PortMapping', 'appProtocol'),
    *check({ containers }) {
      for (const mapping of containers.flatMap(portMappingsOf)) {
        const view = mapping.member('appProtocol');
        if (view.known && mapping.member('name').absent) {
          yield {
            span: view.keySpan,
            message: 'appProtocol is for Service Connect, which finds a port by its name. Add "name".',
          };
        }
      }
    },
  },
  {
    id: 'port-range',
    severity: 'error',
    source: apiType('PortMapping', 'containerPortRange'),
    *check(task) {
      const seen: { low: number; high: number; protocol: string; view: ValueView }[] = [];
      for (const mapping of task.containers.flatMap(portMappingsOf)) {
        const view = mapping.member('containerPortRange');
        if (!isSet(view)) {
          continue;
        }
        const mode = task.networkMode.text;
        if (mode === 'host' || mode === 'none') {
          yield {
            span: view.span,
            message: `A range of ports needs network mode "bridge" or "awsvpc", not "${mode}".`,
            related: { span: task.networkMode.span, message: `The network mode: ${mode}` },
          };
        }
        const beside = [mapping.member('containerPort'), mapping.member('hostPort')].filter(isSet);
        const [first] = beside;
        if (first) {
          yield {
            span: first.keySpan,
            message: 'A mapping has a range or a port, not both. Remove the port.',
            related: { span: view.span, message: 'The range' },
            fix: { title: 'Remove containerPort and hostPort', edits: () => removeAll(beside) },
          };
        }
        const [low, high] = (/^(\d+)-(\d+)$/.exec(view.text ?? '') ?? []).slice(1).map(Number);
        if (view.text === undefined) {
          continue;
        }
        const isPort = (port: number | undefined): port is number =>
          port !== undefined && port >= 1 && port <= MOST_PORTS;
        if (!isPort(low) || !isPort(high)) {
          yield { span: view.span, message: `"${view.text}": write a range of ports as "8000-8010".` };
          continue;
        }
        if (low >= high) {
          const swapped = low === high || low - high >= WIDEST_RANGE ? undefined : `${high}-${low}`;
          yield {
            span: view.span,
            message: `"${view.text}": a range begins with its lower port.`,
            fix: swapped
              ? { title: `Change to "${swapped}"`, edits: () => replaceValue(view, swapped) }
              : undefined,
          };
          continue;
        }
        if (high - low + 1 > WIDEST_RANGE) {
          const narrowed = `${low}-${low + WIDEST_RANGE - 1}`;
          yield {
            span: view.span,
            message: `"${view.text}" has ${high - low + 1} ports; a task may have ${WIDEST_RANGE} in ranges.`,
            fix: { title: `Narrow to "${narrowed}"`, guess: true, edits: () => replaceValue(view, narrowed) },
          };
        }
        const protocol = protocolOf(mapping);
        if (protocol === undefined) {
          continue;
        }
        const other = seen.find((each) => each.protocol === protocol && each.low <= high && low <= each.high);
        if (other) {
          yield {
            span: view.span,
            message: `"${view.text}" overlaps another range of this task. Choose ports that are free.`,
            related: { span: other.view.span, message: 'The other range' },
          };
        }
        seen.push({ low, high, protocol, view });
      }
    },
  },
];

/** The port of the host as far as the file says it. Containers that share the host's network have no other. */
function hostPortOf(task: Task, mapping: ValueView): ValueView {
  const host = mapping.member('hostPort');
  if (host.number !== undefined && host.number > 0) {
    return host;
  }
  const shared = task.networkMode.text === 'awsvpc' || task.networkMode.text === 'host';
  return shared && !host.unknown ? mapping.member('containerPort') : host.member('');
}

function protocolOf(mapping: ValueView): string | undefined {
  const protocol = mapping.member('protocol');
  return protocol.absent ? 'tcp' : protocol.text;
}
