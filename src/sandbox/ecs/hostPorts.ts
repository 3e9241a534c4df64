import type { TaskDefinitionRecord } from './records';

/**
 * The ports of the host, as `80/tcp`, that a task of this definition needs to itself. With awsvpc there are
 * none: each task has an interface of its own, for which the runtime takes other ports where these are taken.
 */
export function fixedHostPorts(definition: TaskDefinitionRecord): string[] {
  if (definition.networkMode !== 'bridge' && definition.networkMode !== 'host') {
    return [];
  }
  return definition.containerDefinitions.flatMap(({ portMappings }) =>
    portMappings
      .filter(({ hostPort }) => (hostPort ?? 0) > 0)
      .map(({ hostPort, protocol }) => `${hostPort}/${protocol}`),
  );
}
