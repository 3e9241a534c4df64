import type { DeploymentConfiguration } from './records';

/**
 * How many failed tasks make a deployment fail: half of the desired count, rounded up, between 3 and 200,
 * unless the service has its own threshold.
 * Source: SDK documentation of DeploymentCircuitBreaker and ThresholdConfiguration.
 */
export function failureThreshold(desired: number, configuration: DeploymentConfiguration): number {
  const { type = 'BOUNDED_PERCENT', value = 50 } =
    configuration.deploymentCircuitBreaker?.thresholdConfiguration ?? {};
  const share = Math.ceil((value / 100) * desired);
  switch (type) {
    case 'COUNT':
      return value;
    case 'UNBOUNDED_PERCENT':
      return Math.max(1, share);
    default:
      return Math.min(200, Math.max(3, share));
  }
}
