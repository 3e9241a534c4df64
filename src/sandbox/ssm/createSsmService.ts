import type { ServiceDefinition } from '../operation';
import type { Store } from '../state/store';
import { openParameterCatalog } from './parameterCatalog';
import { createParameterOperations } from './parameterOperations';

export interface SsmService {
  readonly definition: ServiceDefinition;
  /** The value of a parameter for a task; `undefined` when there is none such. */
  value(region: string, nameOrArn: string): string | undefined;
}

/** Systems Manager, as far as Parameter Store goes; only the tasks of the sandbox can read values. */
export function createSsmService(store: Store): SsmService {
  const parameters = openParameterCatalog(store);
  return {
    definition: { signingName: 'ssm', operations: createParameterOperations(parameters) },
    value: (region, nameOrArn) => {
      // The ARN of "a" is that of "/a".
      const name = nameOrArn.replace(/^arn:.*?:parameter\//, '');
      const names = name === nameOrArn ? [name] : [name, `/${name}`];
      return names
        .map((candidate) => parameters.find(region, candidate)?.value)
        .find((value) => value !== undefined);
    },
  };
}
