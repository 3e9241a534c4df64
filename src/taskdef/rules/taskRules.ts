import { keyed } from './keyed';
import { suggestName } from './nearestName';
import type { Rule } from './rule';
import { apiInput, apiType } from './sources';
import { containerNames, listedNames } from './task';

const PROXY_PROPERTIES = ['ProxyIngressPort', 'ProxyEgressPort', 'AppPorts', 'EgressIgnoredIPs'];
const MOST_TAGS = 50;
const MOST_CONSTRAINTS = 10;

/** Proxy, tags and placement: what stands beside the containers. */
export const taskRules: readonly Rule[] = [
  {
    id: 'proxy-configuration',
    severity: 'error',
    source: apiType('ProxyConfiguration', 'properties'),
    *check(task) {
      const proxy = task.definition.member('proxyConfiguration');
      if (!proxy.isObject) {
        return;
      }
      if (!task.networkMode.unknown && task.networkMode.text !== 'awsvpc') {
        yield {
          span: task.networkMode.absent ? proxy.keySpan : task.networkMode.span,
          message: 'A proxy needs network mode "awsvpc".',
          related: { span: proxy.keySpan, message: 'The proxy' },
        };
      }
      const names = containerNames(task);
      const container = proxy.member('containerName');
      if (names && container.text !== undefined && !names.includes(container.text)) {
        yield {
          span: container.span,
          message: `No container is called "${container.text}". ${suggestName(container.text, names)}`,
        };
      }
      const properties = listedNames(proxy.member('properties'));
      const missing = PROXY_PROPERTIES.filter((name) => properties && !properties.includes(name));
      if (missing.length > 0) {
        yield {
          span: proxy.keySpan,
          message: `The proxy needs ${missing.map((name) => `"${name}"`).join(', ')} in "properties".`,
        };
      }
    },
  },
  {
    id: 'proxy-ignored-user',
    severity: 'warning',
    source: apiType('ProxyConfiguration', 'properties'),
    *check({ definition }) {
      const proxy = definition.member('proxyConfiguration');
      const properties = listedNames(proxy.member('properties'));
      if (
        proxy.isObject &&
        properties &&
        !properties.some((name) => name === 'IgnoredUID' || name === 'IgnoredGID')
      ) {
        yield {
          span: proxy.keySpan,
          message:
            'Without "IgnoredUID" or "IgnoredGID", the traffic of the proxy goes through the proxy again.',
        };
      }
    },
  },
  {
    id: 'tags',
    severity: 'error',
    source: apiInput('tags'),
    *check({ definition }) {
      const tags = definition.member('tags').items();
      const extra = tags[MOST_TAGS];
      if (extra) {
        yield { span: extra.span, message: `${tags.length} tags; ${MOST_TAGS} are allowed.` };
      }
      const keys = tags.map((tag) => tag.member('key'));
      for (const { item: view, key, earlier } of keyed(keys, ({ text }) => text)) {
        const problem = keyProblem(key);
        if (problem) {
          yield { span: view.span, message: problem };
        } else if (earlier) {
          yield {
            span: view.span,
            message: `Two tags have the key "${key}". Remove one.`,
            related: { span: earlier.span, message: 'The other one' },
          };
        }
      }
      for (const value of tags.map((tag) => tag.member('value'))) {
        if ((value.text?.length ?? 0) > 256) {
          yield {
            span: value.span,
            message: `A tag value of ${value.text?.length} characters; 256 are allowed.`,
          };
        }
      }
    },
  },
  {
    id: 'placement-constraints',
    severity: 'error',
    source: apiInput('placementConstraints'),
    *check({ definition }) {
      const constraints = definition.member('placementConstraints').items();
      const extra = constraints[MOST_CONSTRAINTS];
      if (extra) {
        yield {
          span: extra.span,
          message: `${constraints.length} placement constraints; ${MOST_CONSTRAINTS} are allowed.`,
        };
      }
      for (const type of constraints.map((constraint) => constraint.member('type'))) {
        if (type.text !== undefined && type.text !== 'memberOf') {
          yield {
            span: type.span,
            message: `A definition's placement constraints are of type "memberOf", not "${type.text}".`,
          };
        }
      }
    },
  },
];

function keyProblem(key: string): string | undefined {
  if (key === '' || key.length > 128) {
    return `A tag key of ${key.length} characters; 1 to 128 are allowed.`;
  }
  return /^aws:/i.test(key) ? `Tag key "${key}": names that begin with "aws:" are Amazon's own.` : undefined;
}
