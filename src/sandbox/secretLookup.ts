import type { SecretsService } from './secretsmanager/createSecretsService';
import type { SsmService } from './ssm/createSsmService';
import type { SecretLookup } from './tasks/taskSecrets';

/**
 * Finds the values of secrets and parameters for tasks.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html
 */
export function createSecretLookup(secrets: SecretsService, parameters: SsmService): SecretLookup {
  return (valueFrom, taskRegion) => {
    const [prefix, , service, region = taskRegion] = valueFrom.split(':');
    if (prefix !== 'arn') {
      return parameters.value(taskRegion, valueFrom);
    }
    switch (service) {
      case 'secretsmanager':
        return secrets.value(region, valueFrom);
      case 'ssm':
        return parameters.value(region, valueFrom);
      default:
        return undefined;
    }
  };
}
