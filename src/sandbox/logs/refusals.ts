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

/** A member whose value breaks a rule that the API's model declares, in the words of AWS. */
export function constraintBroken(member: string, value: unknown, constraint: string): ServiceError {
  return invalidParameter(
    `1 validation error detected: Value '${String(value).slice(0, 512)}' at '${member}' ` +
      `failed to satisfy constraint: ${constraint}`,
  );
}
