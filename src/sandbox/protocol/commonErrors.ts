import { ServiceError } from './serviceError';

/** Errors that every service gives, named as each service names them. */
export interface CommonErrors {
  throttled(): ServiceError;
  internal(): ServiceError;
  expiredToken(): ServiceError;
  accessDenied(action: string): ServiceError;
}

const ACCESS_DENIED_USER = 'arn:aws:iam::000000000000:user/sandbox';

function accessDeniedMessage(action: string): string {
  return (
    `User: ${ACCESS_DENIED_USER} is not authorized to perform: ${action} ` +
    `because no identity-based policy allows the ${action} action`
  );
}

/**
 * For the services of the JSON protocol. ECR, ECS and Logs share all names but that of their own failure.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html
 */
export function jsonCommonErrors(signingName: string): CommonErrors {
  return {
    throttled: () => new ServiceError('ThrottlingException', 'Rate exceeded'),
    internal: () =>
      signingName === 'logs'
        ? new ServiceError('ServiceUnavailableException', 'The service cannot complete the request.', {}, 500)
        : new ServiceError('ServerException', 'These errors are usually caused by a server issue.', {}, 500),
    expiredToken: () =>
      new ServiceError('ExpiredTokenException', 'The security token included in the request is expired'),
    accessDenied: (action) => new ServiceError('AccessDeniedException', accessDeniedMessage(action)),
  };
}

/** For the Query protocol: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
export const QUERY_COMMON_ERRORS: CommonErrors = {
  throttled: () => new ServiceError('Throttling', 'Rate exceeded'),
  internal: () => new ServiceError('InternalFailure', 'The request processing has failed.', {}, 500),
  expiredToken: () =>
    new ServiceError('ExpiredToken', 'The security token included in the request is expired', {}, 403),
  accessDenied: (action) => new ServiceError('AccessDenied', accessDeniedMessage(action), {}, 403),
};
