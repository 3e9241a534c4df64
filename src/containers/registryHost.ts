/** The `host[:port]` of a registry given as such or as an address, as ECR's `proxyEndpoint` is. */
export function registryHost(registry: string): string {
  return registry.replace(/^https?:\/\//i, '').replace(/\/.*$/s, '');
}

/**
 * Whether a registry (`host[:port]`) is this machine's own loopback. Docker speaks plain HTTP with these
 * without configuration (127.0.0.0/8 is in its built-in list of insecure registries); the others must be told.
 */
export function isLoopbackRegistry(registry: string): boolean {
  const host = registryHost(registry)
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
