import { constraintMessage, createConstraints } from '../protocol/constraints';
import { ServiceError } from '../protocol/serviceError';

export function groupNotFound(): ServiceError {
  return new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.');
}

export function streamNotFound(): ServiceError {
  return new ServiceError('ResourceNotFoundException', 'The specified log stream does not exist.');
}

export function groupExists(): ServiceError {
  return new ServiceError('ResourceAlreadyExistsException', 'The specified log group already exists');
}

export function streamExists(): ServiceError {
  return new ServiceError('ResourceAlreadyExistsException', 'The specified log stream already exists');
}

export function invalidParameter(message: string): ServiceError {
  return new ServiceError('InvalidParameterException', message);
}

export function invalidToken(): ServiceError {
  return invalidParameter('The specified nextToken is invalid.');
}

/** Checks of single values, refused with an InvalidParameterException. */
export const check = createConstraints('InvalidParameterException');

/** The refusal of a value by a rule that `check` cannot put into the words of the API's model. */
export function constraintBroken(member: string, value: unknown, constraint: string): ServiceError {
  return invalidParameter(constraintMessage(member, value, constraint));
}
