import { CALLER_ARN } from './account';
import { ServiceError } from './serviceError';

/** Errors that every service gives, named as each service names them. */
export interface CommonErrors {
  throttled(): ServiceError;
  internal(): ServiceError;
  expiredToken(): ServiceError;
  accessDenied(action: string): ServiceError;
}

function accessDeniedMessage(action: string): string {
  return (
    `User: ${CALLER_ARN} is not authorized to perform: ${action} ` +
    `because no identity-based policy allows the ${action} action`
  );
}

const EXPIRED = 'The security token included in the request is expired';

/**
 * For the services of the JSON protocol, which share all names but that of their own failure.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html
 */
export function jsonCommonErrors(signingName: string): CommonErrors {
  return {
    throttled: () => new ServiceError('ThrottlingException', 'Rate exceeded'),
    internal: () => jsonInternalError(signingName),
    expiredToken: () => new ServiceError('ExpiredTokenException', EXPIRED),
    accessDenied: (action) => new ServiceError('AccessDeniedException', accessDeniedMessage(action)),
  };
}

function jsonInternalError(signingName: string): ServiceError {
  switch (signingName) {
    case 'logs':
      return new ServiceError(
        'ServiceUnavailableException',
        'The service cannot complete the request.',
        {},
        500,
      );
    case 'secretsmanager':
      return new ServiceError('InternalServiceError', 'An error occurred on the server side.', {}, 500);
    case 'ssm':
      return new ServiceError('InternalServerError', 'An error occurred on the server side.', {}, 500);
    default:
      return new ServiceError(
        'ServerException',
        'These errors are usually caused by a server issue.',
        {},
        500,
      );
  }
}

/** For the REST protocol, as EFS: https://docs.aws.amazon.com/efs/latest/ug/CommonErrors.html */
export const REST_COMMON_ERRORS: CommonErrors = {
  throttled: () => new ServiceError('ThrottlingException', 'Rate exceeded', {}, 429),
  internal: () => new ServiceError('InternalServerError', 'An error occurred on the server side.', {}, 500),
  expiredToken: () => new ServiceError('ExpiredTokenException', EXPIRED, {}, 403),
  accessDenied: (action) => new ServiceError('AccessDeniedException', accessDeniedMessage(action), {}, 403),
};

/** For the Query protocol: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
export const QUERY_COMMON_ERRORS: CommonErrors = {
  throttled: () => new ServiceError('Throttling', 'Rate exceeded'),
  internal: () => new ServiceError('InternalFailure', 'The request processing has failed.', {}, 500),
  expiredToken: () => new ServiceError('ExpiredToken', EXPIRED, {}, 403),
  accessDenied: (action) => new ServiceError('AccessDenied', accessDeniedMessage(action), {}, 403),
};
