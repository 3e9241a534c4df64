import type { Container, Task } from '@aws-sdk/client-ecs';

/** A port of a container that can be reached by a browser on this machine or network. */
export interface PublishedPort {
  readonly container: string;
  readonly containerPort: number;
  readonly url: string;
}

/** The TCP ports that running containers publish on their host, by `networkBindings` of the API reference. */
export function publishedPorts(containers: Task['containers'] = []): PublishedPort[] {
  return containers.filter(({ lastStatus }) => lastStatus === 'RUNNING').flatMap(portsOf);
}

function portsOf({ name = '', networkBindings = [] }: Container): PublishedPort[] {
  return networkBindings.flatMap(({ bindIP, containerPort = 0, hostPort, protocol }) => {
    if (!hostPort || protocol === 'udp') {
      return [];
    }
    const everywhere = bindIP === undefined || bindIP === '0.0.0.0' || bindIP === '::';
    return [
      { container: name, containerPort, url: `http://${everywhere ? '127.0.0.1' : bindIP}:${hostPort}/` },
    ];
  });
}
