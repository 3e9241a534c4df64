import assert from 'node:assert/strict';
import { isLoopbackRegistry, registryHost } from '../../../src/containers/registryHost';

describe('the host of a registry', () => {
  it('is what stands before the repository', () => {
    for (const registry of ['https://a.example:443', 'a.example:443', 'a.example:443/team/web:v1']) {
      assert.equal(registryHost(registry), 'a.example:443');
    }
  });

  it('is loopback by name or address, with or without a port', () => {
    for (const registry of ['localhost', 'LOCALHOST:5000', '127.0.0.1:5000', '127.1.2.3', '[::1]:5000']) {
      assert.equal(isLoopbackRegistry(registry), true, registry);
    }
    for (const registry of [
      'localhost.example',
      '127.0.0.1.example:1',
      '10.0.0.1',
      'my-localhost:1',
      '128.0.0.1',
    ]) {
      assert.equal(isLoopbackRegistry(registry), false, registry);
    }
  });
});
