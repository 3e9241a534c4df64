import type { ServiceDefinition } from '../operation';
import type { Store } from '../state/store';
import { openRoleCatalog } from './roleCatalog';
import { createRoleOperations } from './roleOperations';
import { createRolePolicyOperations } from './rolePolicyOperations';

/** IAM, as far as roles go. Nothing that the sandbox does depends on what they permit. */
export function createIamService(store: Store): ServiceDefinition {
  const roles = openRoleCatalog(store);
  return {
    signingName: 'iam',
    operations: { ...createRoleOperations(roles), ...createRolePolicyOperations(roles) },
  };
}
