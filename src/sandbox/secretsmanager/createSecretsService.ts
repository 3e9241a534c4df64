import { isObject } from '../../base/isObject';
import type { ServiceDefinition } from '../operation';
import type { Store } from '../state/store';
import { openSecretCatalog } from './secretCatalog';
import { createSecretOperations } from './secretOperations';

export interface SecretsService {
  readonly definition: ServiceDefinition;
  /**
   * The value of a secret for a task; `undefined` when there is none, or it is marked for deletion.
   * @param arn may have "…:json-key:version-stage:version-id" behind it, as in a task definition
   */
  value(region: string, arn: string): string | undefined;
}

/** Secrets Manager: secrets with one version each, which only the tasks of the sandbox can read. */
export function createSecretsService(store: Store): SecretsService {
  const secrets = openSecretCatalog(store);
  return {
    definition: { signingName: 'secretsmanager', operations: createSecretOperations(secrets) },
    value: (region, arn) => {
      const [name = '', jsonKey = ''] = arn.split(':').slice(6);
      const secret = secrets.find(region, [...arn.split(':').slice(0, 6), name].join(':'));
      if (secret === undefined || secret.deletion !== undefined) {
        return undefined;
      }
      const { text } = secret.version ?? {};
      return jsonKey === '' || text === undefined ? text : readJsonKey(text, jsonKey);
    },
  };
}

function readJsonKey(text: string, key: string): string | undefined {
  try {
    const members: unknown = JSON.parse(text);
    if (!isObject(members) || !Object.hasOwn(members, key)) {
      return undefined;
    }
    const { [key]: value } = members;
    return typeof value === 'string' ? value : JSON.stringify(value);
  } catch {
    return undefined;
  }
}
