import type { Handler } from '../services';

/** The commands on policies of repositories and scans of images; loaded when they are first run. */
export const ecrCommands = {
  'awsContainers.repository.editLifecyclePolicy': async (...args) =>
    (await import('./policyCommands')).editPolicy('lifecycle', ...args),
  'awsContainers.repository.deleteLifecyclePolicy': async (...args) =>
    (await import('./policyCommands')).deletePolicy('lifecycle', ...args),
  'awsContainers.repository.previewLifecyclePolicy': async (...args) =>
    (await import('./previewLifecyclePolicy')).previewLifecyclePolicy(...args),
  'awsContainers.repository.editPolicy': async (...args) =>
    (await import('./policyCommands')).editPolicy('repository', ...args),
  'awsContainers.repository.deletePolicy': async (...args) =>
    (await import('./policyCommands')).deletePolicy('repository', ...args),
  'awsContainers.image.showScanFindings': async (...args) =>
    (await import('./scanCommands')).showScanFindings(...args),
  'awsContainers.image.startScan': async (...args) => (await import('./scanCommands')).startScan(...args),
} satisfies Record<string, Handler>;
