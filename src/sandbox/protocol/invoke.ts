import type { RequestScope, ServiceDefinition } from '../operation';
import { validateInput } from './inputValidation';
import { ServiceError } from './serviceError';
import { shapesOf } from './shapes';

/**
 * Carries out an operation on input that nobody has checked yet.
 * @throws ServiceError in the service's terms
 */
export async function invoke(
  service: ServiceDefinition,
  operation: string,
  input: unknown,
  scope: RequestScope,
): Promise<object> {
  const handler = Object.hasOwn(service.operations, operation) ? service.operations[operation] : undefined;
  if (handler === undefined) {
    throw new ServiceError(
      'NotImplementedException',
      `The sandbox does not serve this operation: ${operation}`,
      {},
      501,
    );
  }
  const missingCode = missingMemberCode(service.signingName, operation);
  return handler(validateInput(input, operation, shapesOf(service.signingName), missingCode), scope);
}

/** What the services give for an absent required member; of ECS, RegisterTaskDefinition has its own. */
function missingMemberCode(signingName: string, operation: string): string {
  switch (signingName) {
    case 'iam':
    case 'sts':
    case 'elasticloadbalancing':
      return 'ValidationError';
    case 'secretsmanager':
    case 'ssm':
    case 'elasticfilesystem':
      return 'ValidationException';
    default:
      return operation === 'RegisterTaskDefinition' ? 'ClientException' : 'InvalidParameterException';
  }
}
