import { constraintMessage } from '../protocol/constraints';
import { ServiceError } from '../protocol/serviceError';

/** An identifier or action that is not valid: the exception ECS gives for task definitions above all. */
export function clientError(message: string): ServiceError {
  return new ServiceError('ClientException', message);
}

/** A parameter whose shape is right and whose value is not. */
export function invalidParameter(message: string): ServiceError {
  return new ServiceError('InvalidParameterException', message);
}

export function clusterNotFound(): ServiceError {
  return new ServiceError('ClusterNotFoundException', 'Cluster not found.');
}

export function serviceNotFound(): ServiceError {
  return new ServiceError('ServiceNotFoundException', 'Service not found.');
}

/**
 * Refuses a value that an enumeration of the API does not have, in the words that AWS services share.
 * @param refuse the exception that the operation gives
 */
export function requireOneOf(
  value: string | undefined,
  allowed: readonly string[],
  member: string,
  refuse: (message: string) => ServiceError,
): void {
  if (value !== undefined && !allowed.includes(value)) {
    throw refuse(constraintMessage(member, value, `satisfy enum value set: [${allowed.join(', ')}]`));
  }
}

/** Refuses a list that is longer than the operation takes, in ECS's words for it. */
export function requireAtMost(items: readonly unknown[], limit: number, what: string): void {
  if (items.length > limit) {
    throw invalidParameter(`${what} can have at most ${limit} items.`);
  }
}
